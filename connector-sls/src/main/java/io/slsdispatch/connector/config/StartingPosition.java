package io.slsdispatch.connector.config;

import java.io.Serializable;
import java.time.Instant;
import org.apache.flink.annotation.PublicEvolving;

/**
 * Where reading starts in a shard that no state knows. The position is resolved to a cursor once for each shard of the
 * first listing and kept in state. A shard that appears later, by a split or merge, always starts at its beginning, so
 * that no group written to it is missed.
 */
@PublicEvolving
public sealed interface StartingPosition extends Serializable {

    /** The oldest group that each shard still holds. */
    record Begin() implements StartingPosition {}

    /**
     * Groups that the service receives from now on. "Now" is when the source is built: this position then becomes a
     * {@link Submission}.
     */
    record End() implements StartingPosition {}

    /**
     * Groups that the service receives from the job's submission on. The time is fixed when the source is built, by the
     * clock of the machine that builds it, so that a job that fails before its first checkpoint starts from the same
     * time again. Receive times are those of the service's clock. If the job's clock is ahead of it, as the first
     * listing of shards shows, the time is moved back by the difference; so the source may read too much, never too
     * little.
     *
     * @param submitted by the clock of the machine that built the source; truncated to whole seconds
     */
    record Submission(Instant submitted) implements StartingPosition {

        public Submission {
            submitted = Checks.second("the time of the submission", submitted);
        }
    }

    /**
     * The first group that the service received at or after this second. A time before the oldest group means {@link
     * Begin}; a time after the newest group means the next group that arrives.
     */
    record At(Instant receiveTime) implements StartingPosition {

        public At {
            receiveTime = Checks.second("the start time", receiveTime);
        }
    }

    /**
     * The positions of a consumer group. A shard without a cursor in the group starts at its beginning if the group had
     * begun to read its parent shard, since the group would have continued there; otherwise it starts at {@code
     * otherwise}.
     *
     * @param consumerGroup a group of the source logstore
     * @param otherwise not a consumer group again
     * @param mustExist whether the source fails if the group does not exist; otherwise such a group counts as one
     *     without cursors, and a warning is logged. Without effect on a source with state that contains the position
     */
    record Committed(String consumerGroup, StartingPosition otherwise, boolean mustExist) implements StartingPosition {

        /** A position whose group need not exist. */
        public Committed(String consumerGroup, StartingPosition otherwise) {
            this(consumerGroup, otherwise, false);
        }

        public Committed {
            Checks.consumerGroup(consumerGroup);
            if (otherwise instanceof Committed) {
                throw new IllegalArgumentException("the start of shards without a cursor in consumer group '"
                        + consumerGroup + "' is another consumer group: expected begin, end or a time");
            }
        }
    }

    /** The same position with {@link End} replaced by the given time of submission. */
    default StartingPosition frozenAt(Instant now) {
        if (this instanceof End) {
            return new Submission(now);
        }
        if (this instanceof Committed committed) {
            return new Committed(committed.consumerGroup, committed.otherwise.frozenAt(now), committed.mustExist);
        }
        return this;
    }
}
