package io.slsdispatch.job.rules.reload;

import io.slsdispatch.job.rules.RuleTable;
import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;

/** Where the rules of a running job come from. Travels to the JobManager, which asks. */
public interface RulesProvider extends Serializable {

    /** How often to ask. */
    Duration interval();

    /** Where it looks, for messages. */
    String location();

    /**
     * The rules as they are now, checked: they name only targets of the job. May take as long as a request takes, and can
     * be interrupted.
     *
     * @throws IOException when they cannot be had
     * @throws RefusedRulesException when they cannot be used; the message lists every error
     * @throws io.slsdispatch.job.rules.RulesLoader.UnstableRulesException when they may be written just now: the next
     *     reading shows it
     */
    RuleTable read() throws IOException, InterruptedException, RefusedRulesException;

    /** Rules that cannot be used. */
    final class RefusedRulesException extends Exception {

        private static final long serialVersionUID = 1L;

        public RefusedRulesException(String message) {
            super(message);
        }
    }
}
