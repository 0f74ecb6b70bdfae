package io.slsdispatch.connector.source.reader;

import java.util.ArrayDeque;
import java.util.PriorityQueue;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Whose turn it is. Items wait until they are due, then queue up, and who is served goes to the back: a busy shard does
 * not keep others from being read, and an idle one costs an entry here and nothing else. Of many idle shards, those that
 * are nearly due come along with the first one that is: each waking of a thread costs as much as a poll. One thread.
 */
final class PullSchedule<T> {

    /** Times are of {@link System#nanoTime()}, which may overflow: only differences count. */
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
     * @param early how many nanoseconds before that it may come along with another that is due
     */
    void add(T item, long at, long early) {
        waiting.add(new Due<>(at, early, sequence++, item));
    }

    /** Moves to the queue what is due by now, and then what may come along. */
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

    /** Whose turn it is, null when nobody is due. */
    @Nullable
    T peek() {
        return ready.peek();
    }

    /** Takes out the item whose turn it is. */
    void remove() {
        ready.remove();
    }

    /** How long it is until the next item is due, of those that were not when {@link #advance} looked. */
    long nanosToNext(long now) {
        Due<T> first = waiting.peek();
        return first == null ? Long.MAX_VALUE : Math.max(0, first.at - now);
    }
}
