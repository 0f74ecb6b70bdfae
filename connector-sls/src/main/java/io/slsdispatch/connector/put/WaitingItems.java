package io.slsdispatch.connector.put;

import io.slsdispatch.connector.put.PutPolicy.BatchLimits;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The queue of items that wait to be sent. In ordered mode, each item belongs to its {@link OrderingKey}, and a key has
 * one pending batch at a time; otherwise all items share one queue without that limit. Keys take turns. One thread.
 */
final class WaitingItems<I> {

    private final PutItems<I> items;
    private final boolean ordered;
    private final Map<OrderingKey, KeyQueue<I>> byKey = new HashMap<>();
    private final KeyQueue<I> unordered = new KeyQueue<>(null);
    private final Queue<KeyQueue<I>> ready = new ArrayDeque<>();
    private final BatchLimits most;
    private BatchLimits limits;

    WaitingItems(PutItems<I> items, boolean ordered, BatchLimits limits) {
        this.items = items;
        this.ordered = ordered;
        this.most = limits;
        this.limits = limits;
    }

    void add(I item) {
        KeyQueue<I> queue = ordered ? byKey.computeIfAbsent(items.keyOf(item), KeyQueue::new) : unordered;
        queue.waiting.add(item);
        queue.waitingBytes += items.bytes(item);
        enqueue(queue);
    }

    /** Whether there is an item that may be sent now. */
    boolean hasNext() {
        return !ready.isEmpty();
    }

    /** Whether the next request would carry more items if it were made later. */
    boolean mayGrow() {
        return !ordered && !limits.equals(BatchLimits.SINGLE) && unordered.parts.isEmpty();
    }

    /** The total size of the waiting items without an order. */
    long unorderedBytes() {
        return unordered.waitingBytes;
    }

    /** Whether the waiting items without an order fit in one request. */
    boolean fitsOneRequest() {
        return limits.allow(unordered.waiting.size(), unordered.waitingBytes);
    }

    /**
     * Removes the items of the next request. Each returned batch needs one {@link #done} or {@link #replace}.
     *
     * @throws java.util.NoSuchElementException when nothing may be sent now
     */
    PutBatch<I> next() {
        KeyQueue<I> queue = ready.remove();
        queue.ready = false;
        queue.underWay++;
        PutBatch<I> batch = queue.parts.isEmpty() ? take(queue) : queue.parts.remove();
        enqueue(queue);
        return batch;
    }

    /** Removes the oldest items, as many as fit in one request. */
    private PutBatch<I> take(KeyQueue<I> queue) {
        List<I> taken = new ArrayList<>();
        long requestBytes = 0;
        long next = items.requestBytes(queue.waiting.element());
        do {
            I item = queue.waiting.remove();
            taken.add(item);
            requestBytes += next;
            queue.waitingBytes -= items.bytes(item);
            next = queue.waiting.isEmpty() ? 0 : items.requestBytes(queue.waiting.element());
        } while (!queue.waiting.isEmpty() && limits.allow(taken.size() + 1, requestBytes + next));
        return new PutBatch<>(queue.key, queue.hashKey, taken);
    }

    /** Some items of a batch are sent in a second batch, concurrently; both need a {@link #done}. */
    void split(PutBatch<I> batch) {
        queueOf(batch).underWay++;
    }

    /** A batch is settled; the next batch of its key may be sent. */
    void done(PutBatch<I> batch) {
        KeyQueue<I> queue = queueOf(batch);
        queue.underWay--;
        enqueue(queue);
        if (queue.key != null && queue.isIdle()) {
            byKey.remove(queue.key);
        }
    }

    /** Replaces a batch that will not be sent again with other batches, ahead of all later items. */
    void replace(PutBatch<I> batch, List<PutBatch<I>> parts) {
        Deque<PutBatch<I>> first = queueOf(batch).parts;
        for (int i = parts.size() - 1; i >= 0; i--) {
            first.addFirst(parts.get(i));
        }
        done(batch);
    }

    /** Removes all waiting items, each key's in its order. */
    List<I> drain() {
        List<I> drained = new ArrayList<>();
        unordered.drainTo(drained);
        byKey.values().forEach(queue -> queue.drainTo(drained));
        byKey.values().removeIf(KeyQueue::isIdle);
        ready.clear();
        return drained;
    }

    /** Removes the waiting items without an order that match a condition. */
    List<I> removeIf(Predicate<I> condition) {
        List<I> removed = unordered.waiting.stream().filter(condition).toList();
        removed.forEach(item -> unordered.waitingBytes -= items.bytes(item));
        unordered.waiting.removeIf(condition);
        if (!unordered.hasWork() && unordered.ready) {
            unordered.ready = false;
            ready.remove(unordered);
        }
        return removed;
    }

    /** Sets whether a request may carry several items from now on, or only one. */
    void sendLists(boolean lists) {
        limits = lists ? most : BatchLimits.SINGLE;
    }

    private KeyQueue<I> queueOf(PutBatch<I> batch) {
        OrderingKey key = batch.key();
        if (key == null) {
            return unordered;
        }
        KeyQueue<I> queue = byKey.get(key);
        if (queue == null) {
            throw new IllegalStateException("a batch was settled twice");
        }
        return queue;
    }

    private void enqueue(KeyQueue<I> queue) {
        if (!queue.ready && queue.mayStart()) {
            queue.ready = true;
            ready.add(queue);
        }
    }

    /** A queue of items that are sent in the order of their arrival. */
    private static final class KeyQueue<I> {

        /** Null for the queue whose batches are sent concurrently, and anywhere on the ring of hash keys. */
        private final @Nullable OrderingKey key;

        private final @Nullable String hashKey;
        private final Deque<I> waiting = new ArrayDeque<>();

        /** Parts of refused batches: older than all waiting items, and not merged again. */
        private final Deque<PutBatch<I>> parts = new ArrayDeque<>();

        private long waitingBytes;
        private int underWay;

        /** Whether it is in the queue of keys that may start. */
        private boolean ready;

        KeyQueue(@Nullable OrderingKey key) {
            this.key = key;
            this.hashKey = key == null ? null : key.hashKey();
        }

        boolean isIdle() {
            return underWay == 0 && !hasWork();
        }

        boolean hasWork() {
            return !parts.isEmpty() || !waiting.isEmpty();
        }

        /** Whether a batch may be taken from this queue now. */
        boolean mayStart() {
            return hasWork() && (key == null || underWay == 0);
        }

        /** Removes all waiting items. */
        void drainTo(List<I> drained) {
            parts.forEach(part -> drained.addAll(part.all()));
            parts.clear();
            drained.addAll(waiting);
            waiting.clear();
            waitingBytes = 0;
            ready = false;
        }
    }
}
