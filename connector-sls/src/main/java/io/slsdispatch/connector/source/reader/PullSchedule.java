package io.slsdispatch.connector.source.reader;

import java.util.ArrayDeque;
import java.util.PriorityQueue;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Fair schedule of pulls. Items wait until they are due, then queue up, and a served item goes to the end of the queue:
 * a busy shard does not starve others, and an idle one costs only an entry here. Idle shards that are almost due are
 * served together with the first due one, because each wake-up of a thread costs as much as a poll. One thread.
 */
final class PullSchedule<T> {

    /** Times are of {@link System#nanoTime()}, which may overflow, so only differences are compared. */
    private record Due<T>(long at, long early, long sequence, T item) implements Comparable<Due<T>> {

        @Override
        public int compareTo(Due<T> other) {
            long difference = at - other.at;
            return difference != 0 ? Long.signum(difference) : Long.compare(sequence, other.sequence);
        }
    }

    private final PriorityQueue<Due<T>> waiting = new PriorityQueue<>();
    private final Queue<T> ready = new ArrayDeque<>();
    private long sequence;

    /**
     * Adds an item that is due at a time.
     *
     * @param early how many nanoseconds earlier it may be served together with another due item
     */
    void add(T item, long at, long early) {
        waiting.add(new Due<>(at, early, sequence++, item));
    }

    /** Moves the due items to the queue, and then those that may be served early. */
    void advance(long now) {
        Due<T> first = waiting.peek();
        if (first == null || first.at - now > 0) {
            return;
        }
        while (first != null && first.at - first.early - now <= 0) {
            waiting.remove();
            ready.add(first.item);
            first = waiting.peek();
        }
    }

    /** Returns the item whose turn it is, null if none is due. */
    @Nullable
    T peek() {
        return ready.peek();
    }

    /** Removes the item whose turn it is. */
    void remove() {
        ready.remove();
    }

    /** Returns the time until the next item is due, except those that {@link #advance} found due. */
    long nanosToNext(long now) {
        Due<T> first = waiting.peek();
        return first == null ? Long.MAX_VALUE : Math.max(0, first.at - now);
    }
}
