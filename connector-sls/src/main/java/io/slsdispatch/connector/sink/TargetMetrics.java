package io.slsdispatch.connector.sink;

import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.put.PutMetrics;
import org.apache.flink.annotation.Internal;

/** Receives what happens to the groups of one target. Called on the task thread. */
@Internal
public interface TargetMetrics extends PutMetrics {

    /**
     * The metrics of the dead-letter engine: its requests count on their own, its errors together with those of the
     * target.
     */
    PutMetrics ofDeadLetters();

    /** @return the number of rejected groups, this one included */
    long rejected();

    /** A group was split. */
    void split(int parts);

    /** A group is stored as a dead letter. */
    void deadLettered(RawLogGroup group);

    /** @return the number of refused dead letters, this one included */
    long deadLetterRefused();

    /** A group is dropped. */
    void dropped(RawLogGroup group);

    /** A group does not wait for its target, which accepts nothing. */
    void spilled(RawLogGroup group);
}
