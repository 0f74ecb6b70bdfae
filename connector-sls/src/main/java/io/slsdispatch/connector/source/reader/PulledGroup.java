package io.slsdispatch.connector.source.reader;

import io.slsdispatch.connector.model.RawLogGroup;
import org.jspecify.annotations.Nullable;

/**
 * One step of a shard from the fetcher to the emitter: a group, and where the shard stands once it is emitted. Its batch
 * uses one object for all of its groups, so it is good until the next one is asked for.
 */
final class PulledGroup {

    /** The time of groups for which the service did not say when it received them. */
    static final long NO_TIME = Long.MIN_VALUE;

    private @Nullable RawLogGroup group;
    private long receivedAtMillis = NO_TIME;
    private String cursor = "";
    private int emitted;

    PulledGroup set(@Nullable RawLogGroup next, long timeMillis, String cursorAfter, int emittedAfter) {
        this.group = next;
        this.receivedAtMillis = timeMillis;
        this.cursor = cursorAfter;
        this.emitted = emittedAfter;
        return this;
    }

    /** The group; null when the shard only moves to another place. */
    @Nullable
    RawLogGroup group() {
        return group;
    }

    /** When the service received the batch's last group, in milliseconds, or {@link #NO_TIME}. */
    long receivedAtMillis() {
        return receivedAtMillis;
    }

    /** The cursor of the position after this group. */
    String cursor() {
        return cursor;
    }

    /** How many groups that position is after its cursor. */
    int emitted() {
        return emitted;
    }
}
