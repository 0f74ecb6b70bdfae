package io.slsdispatch.connector.model;

import org.apache.flink.annotation.Internal;

/**
 * A place in a shard: that many groups after a cursor. A place inside a batch can only be said in this way, since cursors
 * need not have numbers, and numbers may have holes; reading continues by pulling from the cursor again and passing over
 * {@code emitted} groups, in however many batches they come.
 *
 * @param cursor the cursor of a pull
 * @param emitted how many groups after it are done with
 */
@Internal
public record Position(Cursor cursor, int emitted) {

    public Position {
        if (cursor.isEmpty()) {
            throw new IllegalArgumentException("a position without a cursor");
        }
        if (emitted < 0) {
            throw new IllegalArgumentException("a position " + emitted + " groups after a cursor");
        }
    }

    public Position(String cursor, int emitted) {
        this(Cursor.of(cursor), emitted);
    }

    /** The place that a cursor points to. */
    public static Position at(Cursor cursor) {
        return new Position(cursor, 0);
    }

    /** The place that a cursor points to. */
    public static Position at(String cursor) {
        return new Position(cursor, 0);
    }
}
