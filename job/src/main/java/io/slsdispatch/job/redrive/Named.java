package io.slsdispatch.job.redrive;

import java.util.ArrayList;
import java.util.List;

/** How many there are, and the first of them in words. */
public final class Named {

    /** How many are named; the rest is counted only. */
    static final int MOST = 1_000;

    private final List<String> first = new ArrayList<>();
    private long count;

    void add(String name) {
        count++;
        if (first.size() < MOST) {
            first.add(name);
        }
    }

    /** So many more, that are counted only. */
    void addUnnamed(long more) {
        count += more;
    }

    public long count() {
        return count;
    }

    /** The first ones. */
    public List<String> first() {
        return List.copyOf(first);
    }
}
