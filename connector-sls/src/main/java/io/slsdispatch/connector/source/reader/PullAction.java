package io.slsdispatch.connector.source.reader;

import io.slsdispatch.connector.client.CursorOrigin;
import io.slsdispatch.connector.client.PullRequest;
import io.slsdispatch.connector.model.Cursor;
import io.slsdispatch.connector.model.Position;
import io.slsdispatch.connector.model.PulledBatch;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What is to be done next for a shard. */
sealed interface PullAction {

    /** What a pull is for. */
    enum Use {
        /** Groups to emit. */
        READ,
        /** Whether there are groups up to the end cursor, and to emit those. */
        CHECK_RANGE,
        /** The service's time, and whether anything follows. No group is emitted. */
        PEEK
    }

    /**
     * Pull groups.
     *
     * @param expectedBytes about how large the answer will be
     * @param readOnly whether the shard was known to take no more writes when this was asked
     * @param settled whether the settle time had passed since then
     */
    record Pull(PullRequest request, long expectedBytes, boolean readOnly, boolean settled, Use use)
            implements PullAction {}

    /** Why a cursor is looked up. */
    enum Purpose {
        /** Where a bounded run ends. */
        STOP,
        /** Where a shard that takes no more writes ends. */
        END,
        /** The oldest data left, as the position is gone. */
        BEGIN,
        /** What comes from now on, as the position is gone. */
        LATEST,
        /** The oldest data left, as there are no groups in a range. */
        EMPTY_RANGE
    }

    /**
     * Look up a cursor.
     *
     * @param check another cursor, of which it is to be found out whether it is gone; null for none
     * @param isFinal for {@link Purpose#STOP}, whether the answer cannot change any more
     */
    record LookUp(
            Purpose purpose, CursorOrigin origin, @Nullable Cursor check, boolean isFinal) implements PullAction {

        /** Whether it is wanted when the service received the group at the cursor. */
        boolean isTimed() {
            return purpose == Purpose.BEGIN || purpose == Purpose.LATEST || purpose == Purpose.EMPTY_RANGE;
        }

        /** Whether it is wanted for how long the logstore keeps groups. */
        boolean isRetentionWanted() {
            return purpose == Purpose.EMPTY_RANGE;
        }
    }

    /**
     * The answer to a {@link LookUp}.
     *
     * @param receivedAtSeconds when the service received the group at the cursor, unix seconds; 0 when not asked or not
     *     known
     * @param retention for how long the logstore keeps groups, zero when for ever; null when not asked or not known
     */
    record LookedUp(
            Cursor cursor,
            boolean checkedIsGone,
            long receivedAtSeconds,
            @Nullable Duration retention) {}

    /** The shard is read to its end. */
    record Finish() implements PullAction {}

    /** What an answer brought for the task thread. */
    sealed interface PullResult {

        /** Nothing that the task thread must know. */
        record Nothing() implements PullResult {}

        /**
         * Groups to be emitted.
         *
         * @param cursor what the batch was pulled from
         * @param skip how many of its groups are passed over, fewer than there are
         */
        record Emit(String cursor, PulledBatch batch, GroupIndex index, int skip) implements PullResult {}

        /** The shard stands at another place without a group in between. */
        record Move(Position position) implements PullResult {}
    }
}
