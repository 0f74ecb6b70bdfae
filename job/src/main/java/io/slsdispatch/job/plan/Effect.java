package io.slsdispatch.job.plan;

import java.util.Comparator;
import java.util.Locale;

/**
 * An effect that a change can have on data.
 *
 * @param kind what can happen
 * @param subject the change: the key of a setting, with its targets, or a topic or rule
 * @param text when it happens, and to which groups; a sentence without a period
 */
public record Effect(Kind kind, String subject, String text) {

    /** What can happen to data, the worst first. */
    public enum Kind {
        /** Groups, or parts of groups, do not arrive. */
        LOSE,
        /** Groups arrive more than once. */
        REPEAT,
        /** Groups arrive later, or the job stops before them. */
        DELAY,
        /** Groups arrive in another order. */
        REORDER;

        /** The kind in lower case. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The worst first. */
    static Comparator<Effect> worstFirst() {
        return Comparator.comparing(Effect::kind);
    }
}
