package io.slsdispatch.job.rules;

import java.io.Serializable;

/** What happens to a group that no rule decides about. */
public sealed interface DefaultRule extends Serializable {

    /** It is dropped and counted. */
    record Drop() implements DefaultRule {
        @Override
        public String toString() {
            return "drop";
        }
    }

    /** The job fails, so that nothing is read past the group. */
    record Fail() implements DefaultRule {
        @Override
        public String toString() {
            return "fail";
        }
    }

    /** It goes to a target. */
    record To(String target) implements DefaultRule {
        @Override
        public String toString() {
            return target;
        }
    }
}
