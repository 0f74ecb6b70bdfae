package io.slsdispatch.job.routing;

import java.io.Serializable;

/** What happens to a group that no rule decides about. */
public sealed interface Otherwise extends Serializable {

    /** It is dropped and counted. */
    record Drop() implements Otherwise {
        @Override
        public String toString() {
            return "drop";
        }
    }

    /** The job fails, so that nothing is read past the group. */
    record Fail() implements Otherwise {
        @Override
        public String toString() {
            return "fail";
        }
    }

    /** It goes to a target. */
    record To(String target) implements Otherwise {
        @Override
        public String toString() {
            return target;
        }
    }
}
