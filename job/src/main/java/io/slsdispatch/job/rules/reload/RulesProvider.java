package io.slsdispatch.job.rules.reload;

import io.slsdispatch.job.rules.RuleTable;
import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;

/** Provider of the rules of a running job. Serialized to the JobManager, which calls it. */
public interface RulesProvider extends Serializable {

    /** The interval between calls of {@link #read}. */
    Duration interval();

    /** The location of the rules, for messages. */
    String location();

    /**
     * Reads the current rules and checks them: they name only targets of the job. May block for the duration of a
     * request, and can be interrupted.
     *
     * @throws IOException when they cannot be read
     * @throws RefusedRulesException when they are invalid; the message lists every error
     * @throws io.slsdispatch.job.rules.RulesLoader.UnstableRulesException when they may still be being written; the
     *     next reading decides
     */
    RuleTable read() throws IOException, InterruptedException, RefusedRulesException;

    /** Thrown for rules that are invalid. */
    final class RefusedRulesException extends Exception {

        private static final long serialVersionUID = 1L;

        public RefusedRulesException(String message) {
            super(message);
        }
    }
}
