package io.slsdispatch.connector.sink;

import io.slsdispatch.connector.model.RawLogGroup;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Groups that are sent in the order in which they came. Task thread only. */
final class Lane {

    private final @Nullable LaneId id;
    private final @Nullable String hashKey;
    private final Deque<RawLogGroup> waiting = new ArrayDeque<>();

    /** Parts of refused requests: older than all that waits, and not put together again. */
    private final Deque<Put> parts = new ArrayDeque<>();

    private long waitingBytes;
    private int underWay;
    private boolean ready;

    /** A lane whose requests go to one place on the ring of hash keys, one at a time. */
    Lane(LaneId id) {
        this.id = id;
        this.hashKey = id.hashKey();
    }

    /** A lane whose requests run side by side and go anywhere. */
    Lane() {
        this.id = null;
        this.hashKey = null;
    }

    /** Null for the lane whose requests run side by side. */
    @Nullable
    LaneId id() {
        return id;
    }

    @Nullable
    String hashKey() {
        return hashKey;
    }

    void add(RawLogGroup group) {
        waiting.add(group);
        waitingBytes += group.length();
    }

    /** Size of what waits and is not a part of a refused request. */
    long waitingBytes() {
        return waitingBytes;
    }

    /** Whether parts of a refused request wait. */
    boolean hasParts() {
        return !parts.isEmpty();
    }

    /** Puts parts of a refused request where that was: at the front. */
    void addFirst(List<Put> putsInOrder) {
        for (int i = putsInOrder.size() - 1; i >= 0; i--) {
            parts.addFirst(putsInOrder.get(i));
        }
    }

    boolean isIdle() {
        return underWay == 0 && !hasWork();
    }

    private boolean hasWork() {
        return !parts.isEmpty() || !waiting.isEmpty();
    }

    /** Whether a request may be taken from it now. */
    boolean mayStart() {
        return hasWork() && (id == null || underWay == 0);
    }

    /** Whether it stands in the queue of lanes that may start. */
    boolean isReady() {
        return ready;
    }

    void setReady(boolean ready) {
        this.ready = ready;
    }

    /** Takes what goes into one request: the oldest groups, as many as may travel together. */
    Put take(BatchLimits limits) {
        underWay++;
        if (!parts.isEmpty()) {
            return parts.remove();
        }
        List<RawLogGroup> groups = new ArrayList<>();
        long bytes = 0;
        do {
            RawLogGroup group = waiting.remove();
            groups.add(group);
            bytes += group.length();
        } while (!waiting.isEmpty()
                && limits.allow(groups.size() + 1, bytes + waiting.element().length()));
        waitingBytes -= bytes;
        return new Put(this, groups);
    }

    /** Takes everything that waits. */
    void drainTo(List<RawLogGroup> drained) {
        parts.forEach(part -> drained.addAll(part.groups()));
        parts.clear();
        drained.addAll(waiting);
        waiting.clear();
        waitingBytes = 0;
        ready = false;
    }

    void begun() {
        underWay++;
    }

    void ended() {
        underWay--;
    }
}
