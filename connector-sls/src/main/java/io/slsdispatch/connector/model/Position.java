package io.slsdispatch.connector.model;

import org.apache.flink.annotation.Internal;

/**
 * A position in a shard: a cursor and a number of groups after it. A position inside a batch has no other form, since
 * cursors need not have numbers, and numbers may have gaps. To continue, the reader pulls from the cursor again and
 * skips {@code emitted} groups, in however many batches they arrive.
 *
 * @param cursor the cursor of a pull
 * @param emitted how many groups after it are already emitted
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

    /** The position of a cursor. */
    public static Position at(Cursor cursor) {
        return new Position(cursor, 0);
    }

    /** The position of a cursor. */
    public static Position at(String cursor) {
        return new Position(cursor, 0);
    }
}
