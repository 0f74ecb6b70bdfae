package io.slsdispatch.connector.config;

import java.io.Serializable;
import java.time.Instant;
import org.apache.flink.annotation.PublicEvolving;

/**
 * Where a shard is read from when no state knows it. It is resolved to a cursor once for each shard of the first
 * listing and kept in state. A shard that appears later, by a split or merge, starts at its beginning whatever this
 * says, so that nothing written to it is missed.
 */
@PublicEvolving
public sealed interface StartingPosition extends Serializable {

    /** The oldest group that each shard still holds. */
    record Begin() implements StartingPosition {}

    /**
     * What the service receives from now on. "Now" is when the source is built: see {@link Submission}, which it becomes
     * then.
     */
    record End() implements StartingPosition {}

    /**
     * What the service receives from the moment on at which the job was submitted. It is fixed when the source is built, by
     * the clock of the machine that builds it, so that a job that fails before its first checkpoint starts from the same
     * moment again. Receive times are told by the service's clock: where the job's clock is ahead of it, as the first
     * listing of shards shows, the moment is moved back by the difference; so too much may be read, never too little.
     *
     * @param submitted by the clock of the machine that built the source; cut to whole seconds
     */
    record Submission(Instant submitted) implements StartingPosition {

        public Submission {
            submitted = Checks.second("the time of the submission", submitted);
        }
    }

    /**
     * The first group that the service received at or after this second. A time before the oldest group means
     * {@link Begin}, one after the newest means "from the next one on".
     */
    record At(Instant receiveTime) implements StartingPosition {

        public At {
            receiveTime = Checks.second("the start time", receiveTime);
        }
    }

    /**
     * Where a consumer group stands. A shard for which the group holds no cursor starts at its beginning when it came
     * from a shard that the group had begun to read, since the group would have gone on there; else at
     * {@code otherwise}.
     *
     * @param consumerGroup a group of the source logstore; one that does not exist is one without cursors
     * @param otherwise not a consumer group again
     */
    record Committed(String consumerGroup, StartingPosition otherwise) implements StartingPosition {

        public Committed {
            Checks.consumerGroup(consumerGroup);
            if (otherwise instanceof Committed) {
                throw new IllegalArgumentException("the start of shards that consumer group '" + consumerGroup
                        + "' does not know is a consumer group again: expected begin, end or a time");
            }
        }
    }

    /** The same position with {@link End} replaced by the given moment of the submission. */
    default StartingPosition frozenAt(Instant now) {
        if (this instanceof End) {
            return new Submission(now);
        }
        if (this instanceof Committed committed) {
            return new Committed(committed.consumerGroup, committed.otherwise.frozenAt(now));
        }
        return this;
    }
}
