package io.slsdispatch.connector.put;

import org.apache.flink.annotation.Internal;

/**
 * Finds the groups at fault in a list that was refused, with few requests: decides how many groups the next request
 * carries. It sends one part at a time and from the front, so that the order is kept and a target that refuses
 * everything gets no more requests than usual. After a refusal the next part is half as large, or a single group. An
 * accepted part leaves the list, and the next part is twice as large, or half of the remaining suspects. A list of n
 * groups with one bad group takes about 3 log n requests, and any list fewer than 3 n. One thread.
 */
@Internal
public final class ListSearch {

    private int remaining;
    private int part;

    /** The number of groups from the front that were refused together, none of which was found to be at fault yet. */
    private int suspects;

    /** @param groups the size of the list, at least 1 */
    public ListSearch(int groups) {
        remaining = groups;
        part = groups;
    }

    /** The number of groups from the front that the next request carries; 0 when none is left. */
    public int part() {
        return part;
    }

    /** The number of groups that are left. */
    public int remaining() {
        return remaining;
    }

    /** Whether one of the first groups is suspected to be at fault. */
    public boolean suspects() {
        return suspects > 0;
    }

    /** The part was refused; the next has half of its groups. */
    public void halve() {
        suspects = part;
        part = Math.max(1, part / 2);
    }

    /** The part was refused, or failed, possibly because it is a list; the next part is a single group. */
    public void probe() {
        suspects = part;
        part = 1;
    }

    /** The next part is a single group, since the target accepts no lists now. */
    public void single() {
        part = Math.min(1, remaining);
    }

    /** The part was accepted. */
    public void accepted() {
        remaining -= part;
        suspects = Math.max(0, suspects - part);
        int next = suspects > 0 ? Math.max(1, suspects / 2) : 2 * part;
        part = withLast(Math.min(next, remaining));
    }

    /** The first group, sent alone, was settled in another way. */
    public void removedFirst() {
        remaining--;
        suspects = 0;
        part = withLast(Math.min(1, remaining));
    }

    /**
     * Extends the next request to all groups if only one group would remain after it and none is suspected. If the
     * target refused that last group alone with an unknown code, only the acceptance of a later group could show that
     * the last one is at fault, and there is no later group.
     */
    private int withLast(int next) {
        return suspects == 0 && remaining - next == 1 ? remaining : next;
    }

    /** Keeps only the first group, which is judged alone. @return the number of other groups */
    public int keepFirst() {
        int others = remaining - 1;
        remaining = 1;
        part = 1;
        suspects = 0;
        return others;
    }
}
