package io.slsdispatch.connector.source.reader;

import io.slsdispatch.connector.model.Cursor;
import java.util.Map;

/**
 * Says whether malformed groups of a shard are stored so, or were damaged on their way: they are believed when two answers
 * to pulls from one cursor brought them alike. One thread.
 */
final class MalformedGroups {

    /** What an answer with malformed groups means. */
    enum Verdict {
        /** There are none, or they are what is stored. */
        BELIEVED,
        /** The first such answer at this cursor; the next one decides. */
        FIRST_SEEN,
        /** They are not those of the answer before. */
        DIFFERENT
    }

    private Cursor cursor = Cursor.of("");
    private Map<Integer, Long> last = Map.of();

    /** Judges the answer to a pull from a cursor, and keeps it for the next one. */
    Verdict judge(Cursor pulledFrom, GroupIndex index) {
        boolean isFirst = last.isEmpty() || !cursor.equals(pulledFrom);
        boolean isSame =
                !isFirst && last.entrySet().containsAll(index.malformed().entrySet());
        if (index.malformed().isEmpty() || isSame) {
            last = Map.of();
            return Verdict.BELIEVED;
        }
        cursor = pulledFrom;
        last = Map.copyOf(index.malformed());
        return isFirst ? Verdict.FIRST_SEEN : Verdict.DIFFERENT;
    }
}
