package io.slsdispatch.connector.source.reader;

import io.slsdispatch.connector.model.Cursor;
import java.util.Map;

/**
 * Says whether malformed groups of a shard are stored so, or were damaged on their way: they are believed when two answers
 * to pulls from one cursor brought them alike. An answer that has those of the answer before and further ones, which were
 * written meanwhile, does not count against them: such answers end when they are as large as an answer gets. One thread.
 */
final class MalformedGroups {

    /** What an answer with malformed groups means. */
    enum Verdict {
        /** There are none, or they are what is stored. */
        BELIEVED,
        /** The first such answer at this cursor, or it has further ones; the next one decides. */
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
        boolean hasMore = index.malformed().entrySet().containsAll(last.entrySet());
        cursor = pulledFrom;
        last = Map.copyOf(index.malformed());
        return isFirst || hasMore ? Verdict.FIRST_SEEN : Verdict.DIFFERENT;
    }
}
