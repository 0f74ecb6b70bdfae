package io.slsdispatch.connector.source.reader;

import io.slsdispatch.connector.client.CursorOrigin;
import io.slsdispatch.connector.client.PullRequest;
import io.slsdispatch.connector.model.Cursor;
import org.jspecify.annotations.Nullable;

/** What is to be done next for a shard. */
sealed interface Step {

    /**
     * Pull groups.
     *
     * @param expectedBytes about how large the answer will be
     * @param readOnly whether the shard was known to take no more writes when this was asked
     * @param discard whether only the service's time in the answer matters
     */
    record Pull(PullRequest request, long expectedBytes, boolean readOnly, boolean discard) implements Step {}

    /** Why a cursor is looked up. */
    enum Purpose {
        /** Where a bounded run ends. */
        STOP,
        /** Where a shard that takes no more writes ends. */
        END,
        /** Where to go on, as the position is gone. */
        BEGIN,
        /** Whether groups that an answer passed over are gone. */
        PASSED_OVER
    }

    /**
     * Look up a cursor.
     *
     * @param check another cursor, of which it is to be found out whether it is gone; null for none
     * @param readOnly whether the shard was known to take no more writes when this was asked
     * @param isFinal for {@link Purpose#STOP}, whether the answer cannot change any more
     */
    record LookUp(
            Purpose purpose, CursorOrigin origin, @Nullable Cursor check, boolean readOnly, boolean isFinal)
            implements Step {

        /** Whether it is wanted when the service received the group at the cursor. */
        boolean isTimed() {
            return purpose == Purpose.BEGIN || purpose == Purpose.PASSED_OVER;
        }
    }

    /**
     * The answer to a {@link LookUp}.
     *
     * @param receivedAtSeconds when the service received the group at the cursor, unix seconds; 0 when not asked or not
     *     known
     */
    record LookedUp(Cursor cursor, boolean checkedIsGone, long receivedAtSeconds) {}

    /** The shard is read to its end. */
    record Finish() implements Step {}
}
