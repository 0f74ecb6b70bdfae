package io.slsdispatch.connector.put;

import org.apache.flink.annotation.Internal;

/**
 * How much of a list goes into the next request, after the list was refused: finds the groups at fault with few requests,
 * one at a time and from the front, so that the order is kept and a target that refuses everything is not asked more
 * often. After a refusal the part is made smaller, by half or to a single group; what is accepted leaves the list, and the
 * next part is twice as large, or half of what is still suspect. A list of n groups with one bad one takes about 3 log n
 * requests, and any list less than 3 n. One thread.
 */
@Internal
public final class ListSearch {

    private int remaining;
    private int part;

    /** So many groups from the front on were refused together, and none of them was found to be at fault yet. */
    private int suspects;

    /** @param groups how many the list has, at least 1 */
    public ListSearch(int groups) {
        remaining = groups;
        part = groups;
    }

    /** How many groups from the front on the next request carries; 0 when none is left. */
    public int part() {
        return part;
    }

    /** How many groups are left. */
    public int remaining() {
        return remaining;
    }

    /** Whether one of the first groups is thought to be at fault. */
    public boolean suspects() {
        return suspects > 0;
    }

    /** The part was refused; the next has half of its groups. */
    public void halve() {
        suspects = part;
        part = Math.max(1, part / 2);
    }

    /** The part was refused, or failed, and it is not known whether because it is a list; the next is a single group. */
    public void probe() {
        suspects = part;
        part = 1;
    }

    /** The next part is a single group, since the target takes no lists now. */
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

    /** The first group, sent alone, is settled otherwise. */
    public void removedFirst() {
        remaining--;
        suspects = 0;
        part = withLast(Math.min(1, remaining));
    }

    /**
     * The last group does not go alone while nothing is known of it: if it is refused with an unknown code, only one that
     * is accepted after that can show that it is at fault, and nothing else may follow.
     */
    private int withLast(int next) {
        return suspects == 0 && remaining - next == 1 ? remaining : next;
    }

    /** Leaves the first group only, which is at fault or not for itself. @return how many others there were */
    public int keepFirst() {
        int others = remaining - 1;
        remaining = 1;
        part = 1;
        suspects = 0;
        return others;
    }
}
