package io.slsdispatch.connector.put;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * The batches that were sent and are not settled, those that wait for a retry included, and the items that wait behind
 * them. One thread.
 */
final class PendingBatches<I> {

    private final WaitingItems<I> waiting;

    /** Oldest first; those that wait for a retry included. */
    private final Set<PutBatch<I>> unsettled = new LinkedHashSet<>();

    /** The batches whose wait for a retry is over. */
    private final Queue<PutBatch<I>> due = new ArrayDeque<>();

    PendingBatches(WaitingItems<I> waiting) {
        this.waiting = waiting;
    }

    boolean isEmpty() {
        return unsettled.isEmpty();
    }

    int size() {
        return unsettled.size();
    }

    boolean contains(PutBatch<I> batch) {
        return unsettled.contains(batch);
    }

    /** Whether a batch is to be retried now. */
    boolean hasDue() {
        return !due.isEmpty();
    }

    /** The next batch to send: a retry, or a new batch. */
    PutBatch<I> next() {
        return due.isEmpty() ? waiting.next() : due.remove();
    }

    /** @return whether the batch is sent for the first time */
    boolean sent(PutBatch<I> batch) {
        return unsettled.add(batch);
    }

    /** Schedules a batch to be sent again now, unless it was given back. */
    void due(PutBatch<I> batch) {
        if (unsettled.contains(batch)) {
            due.add(batch);
        }
    }

    /** Some items of a batch are settled: the rest is due, or the whole batch is settled. */
    void progressed(PutBatch<I> batch) {
        if (batch.remaining() > 0) {
            due.add(batch);
        } else {
            remove(batch);
        }
    }

    private void remove(PutBatch<I> batch) {
        unsettled.remove(batch);
        waiting.done(batch);
    }

    /** Replaces a batch with others. */
    void replace(PutBatch<I> batch, List<PutBatch<I>> parts) {
        unsettled.remove(batch);
        waiting.replace(batch, parts);
    }

    /**
     * Releases the items behind the first item, which failed alone: they need not wait, and show whether it is at
     * fault. Done for one batch at a time, so that a target that accepts nothing does not get more requests.
     */
    void letOthersGoBefore(PutBatch<I> batch) {
        boolean another =
                unsettled.stream().anyMatch(other -> other != batch && other.remaining() == 1 && other.failures() > 0);
        if (batch.remaining() < 2 || another || !unsettled.contains(batch)) {
            return;
        }
        PutBatch<I> others = batch.splitAfterFirst();
        waiting.split(others);
        unsettled.add(others);
        due.add(others);
    }

    /** Removes all items of batches that are not kept, and all waiting items. */
    List<I> takeAll(Predicate<PutBatch<I>> kept) {
        List<I> items = new ArrayList<>();
        for (PutBatch<I> batch : List.copyOf(unsettled)) {
            if (!kept.test(batch)) {
                items.addAll(batch.all());
                remove(batch);
            }
        }
        due.removeIf(batch -> !unsettled.contains(batch));
        items.addAll(waiting.drain());
        return items;
    }

    List<PutBatch<I>> all() {
        return List.copyOf(unsettled);
    }

    /** The batch that was first sent before all others; only when there is one. */
    PutBatch<I> oldest() {
        return unsettled.iterator().next();
    }

    /**
     * Describes the pending requests in words.
     *
     * @param inFlight the number of requests that have no answer yet
     */
    String describe(int inFlight, long now) {
        if (unsettled.isEmpty()) {
            return "no request is in flight";
        }
        PutBatch<I> oldest = oldest();
        return ("%d requests are pending, %d of them wait for a response; the oldest was first sent %d s ago, last"
                        + " %d s ago, and failed %d times")
                .formatted(
                        unsettled.size(),
                        inFlight,
                        TimeUnit.NANOSECONDS.toSeconds(now - oldest.firstSentAt()),
                        TimeUnit.NANOSECONDS.toSeconds(now - oldest.sentAt()),
                        oldest.failures());
    }
}
