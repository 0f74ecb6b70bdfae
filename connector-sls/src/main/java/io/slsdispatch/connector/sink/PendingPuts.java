package io.slsdispatch.connector.sink;

import io.slsdispatch.connector.model.RawLogGroup;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Puts from when they are first sent until all of their groups are settled, and the lanes that they come from. Task thread
 * only.
 */
final class PendingPuts {

    private final Lanes lanes;

    /** Oldest first; those that wait to be repeated included. */
    private final Set<Put> unsettled = new LinkedHashSet<>();

    /** Those of them whose wait is over. */
    private final Queue<Put> due = new ArrayDeque<>();

    PendingPuts(Lanes lanes) {
        this.lanes = lanes;
    }

    boolean isEmpty() {
        return unsettled.isEmpty();
    }

    int size() {
        return unsettled.size();
    }

    boolean contains(Put put) {
        return unsettled.contains(put);
    }

    /** Whether one that was sent before is to be sent again. */
    boolean hasDue() {
        return !due.isEmpty();
    }

    /** The next to be sent: one that was sent before, or a new one. */
    Put next() {
        return due.isEmpty() ? lanes.next() : due.remove();
    }

    /** @return whether it is sent for the first time */
    boolean sent(Put put) {
        return unsettled.add(put);
    }

    /** It is to be sent again now, unless it was given away. */
    void due(Put put) {
        if (unsettled.contains(put)) {
            due.add(put);
        }
    }

    /** Some of its groups are settled: the rest is due, or it is settled. */
    void progressed(Put put) {
        if (put.remaining() > 0) {
            due.add(put);
        } else {
            unsettled.remove(put);
            lanes.done(put);
        }
    }

    /** Others take its place. */
    void replace(Put put, List<Put> parts) {
        unsettled.remove(put);
        lanes.replace(put, parts);
    }

    /**
     * Lets the groups behind the first one, which failed alone, go without it: they need not wait, and show whether it is at
     * fault. Of one put at a time, so that a target that takes nothing does not get more requests.
     */
    void letOthersGoBefore(Put put) {
        boolean another =
                unsettled.stream().anyMatch(other -> other != put && other.remaining() == 1 && other.failures() > 0);
        if (put.remaining() < 2 || another || !unsettled.contains(put)) {
            return;
        }
        Put others = put.splitAfterFirst();
        lanes.split(others);
        unsettled.add(others);
        due.add(others);
    }

    /** Takes all groups, those in the lanes included. */
    List<RawLogGroup> giveAway() {
        List<RawLogGroup> groups = new ArrayList<>();
        for (Put put : List.copyOf(unsettled)) {
            groups.addAll(put.all());
            lanes.done(put);
        }
        unsettled.clear();
        due.clear();
        groups.addAll(lanes.drain());
        return groups;
    }

    List<Put> all() {
        return List.copyOf(unsettled);
    }

    /** When the oldest was first sent; null when there is none. */
    @Nullable
    Long oldestSentAt() {
        return unsettled.isEmpty() ? null : unsettled.iterator().next().firstSentAt();
    }

    /**
     * What is waited for, in words.
     *
     * @param inFlight how many requests await their answer
     */
    String describe(int inFlight, long now) {
        if (unsettled.isEmpty()) {
            return "no request is in flight";
        }
        Put oldest = unsettled.iterator().next();
        return ("%d requests are not done, and %d of them wait for an answer; the oldest was first sent %d s ago, last"
                        + " %d s ago, and failed %d times")
                .formatted(
                        unsettled.size(),
                        inFlight,
                        TimeUnit.NANOSECONDS.toSeconds(now - oldest.firstSentAt()),
                        TimeUnit.NANOSECONDS.toSeconds(now - oldest.sentAt()),
                        oldest.failures());
    }
}
