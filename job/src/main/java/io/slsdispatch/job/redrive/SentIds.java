package io.slsdispatch.job.redrive;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/** Ids of letters, as many of the last ones as fit in a bounded memory. */
final class SentIds {

    /** About 40 MB. */
    static final int MOST = 500_000;

    private record Id(long high, long low) {}

    private final int most;
    private final Set<Id> ids = new LinkedHashSet<>();

    SentIds(int most) {
        this.most = most;
    }

    boolean contains(String id) {
        return ids.contains(id(id));
    }

    void add(String id) {
        ids.add(id(id));
        if (ids.size() > most) {
            Iterator<Id> oldest = ids.iterator();
            oldest.next();
            oldest.remove();
        }
    }

    int size() {
        return ids.size();
    }

    private static Id id(String hex) {
        return new Id(Long.parseUnsignedLong(hex, 0, 16, 16), Long.parseUnsignedLong(hex, 16, 32, 16));
    }
}
