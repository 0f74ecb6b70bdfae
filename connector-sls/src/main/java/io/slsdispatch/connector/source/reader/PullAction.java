package io.slsdispatch.connector.source.reader;

import io.slsdispatch.connector.client.CursorOrigin;
import io.slsdispatch.connector.client.PullRequest;
import io.slsdispatch.connector.model.Cursor;
import io.slsdispatch.connector.model.Position;
import io.slsdispatch.connector.model.PulledBatch;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Next action for a shard. */
sealed interface PullAction {

    /** Purpose of a pull. */
    enum Use {
        /** Pull groups to emit. */
        READ,
        /** Check whether there are groups up to the end cursor, and emit those. */
        CHECK_RANGE,
        /** Read the service's time, and whether anything follows. No group is emitted. */
        PEEK
    }

    /**
     * Pull groups.
     *
     * @param expectedBytes approximate size of the response
     * @param readOnly whether the shard was known to be read-only at the time of the request
     * @param settled whether the settle time had passed by then
     */
    record Pull(PullRequest request, long expectedBytes, boolean readOnly, boolean settled, Use use)
            implements PullAction {}

    /** Why a cursor is looked up. */
    enum Purpose {
        /** Where a bounded run ends. */
        STOP,
        /** Where a read-only shard ends. */
        END,
        /** The oldest remaining data, because the position is gone. */
        BEGIN,
        /** New data only, because the position is gone. */
        LATEST,
        /** The oldest remaining data, because a range contains no groups. */
        EMPTY_RANGE
    }

    /**
     * Look up a cursor.
     *
     * @param check another cursor, to check whether it is gone; null for none
     * @param isFinal for {@link Purpose#STOP}, whether the result cannot change any more
     */
    record LookUp(
            Purpose purpose, CursorOrigin origin, @Nullable Cursor check, boolean isFinal) implements PullAction {

        /** Returns whether the receive time of the group at the cursor is needed. */
        boolean isTimed() {
            return purpose == Purpose.BEGIN || purpose == Purpose.LATEST || purpose == Purpose.EMPTY_RANGE;
        }

        /** Returns whether the retention of the logstore is needed. */
        boolean isRetentionWanted() {
            return purpose == Purpose.EMPTY_RANGE;
        }
    }

    /**
     * Result of a {@link LookUp}.
     *
     * @param receivedAtSeconds when the service received the group at the cursor, unix seconds; 0 if not requested or
     *     not known
     * @param retention the retention of the logstore, zero if it keeps groups forever; null if not requested or not
     *     known
     */
    record LookedUp(
            Cursor cursor,
            boolean checkedIsGone,
            long receivedAtSeconds,
            @Nullable Duration retention) {}

    /** The shard is read to the end. */
    record Finish() implements PullAction {}

    /** Result of a response for the task thread. */
    sealed interface PullResult {

        /** Nothing for the task thread. */
        record Nothing() implements PullResult {}

        /**
         * Groups to emit.
         *
         * @param cursor the cursor from which the batch was pulled
         * @param skip how many of its groups to skip, fewer than it contains
         */
        record Emit(String cursor, PulledBatch batch, GroupIndex index, int skip) implements PullResult {}

        /** The position of the shard changes without a group in between. */
        record Move(Position position) implements PullResult {}
    }
}
