package io.slsdispatch.connector.sink;

import io.slsdispatch.connector.model.RawLogGroup;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;

/**
 * Groups that wait to be written. In order, each belongs to the lane of its source shard and topic, and a lane has one
 * request under way at a time; otherwise all share one lane without that limit. Lanes take turns. Task thread only.
 */
final class Lanes {

    private final boolean ordered;
    private final Map<LaneId, Lane> byId = new HashMap<>();
    private final Lane sideBySide = new Lane();
    private final Queue<Lane> ready = new ArrayDeque<>();
    private final BatchLimits most;
    private BatchLimits limits;

    Lanes(boolean ordered, BatchLimits limits) {
        this.ordered = ordered;
        this.most = limits;
        this.limits = limits;
    }

    void add(RawLogGroup group) {
        Lane lane = ordered ? byId.computeIfAbsent(LaneId.of(group), id -> new Lane(id)) : sideBySide;
        lane.add(group);
        enqueue(lane);
    }

    /** Whether there is something that may be sent now. */
    boolean hasNext() {
        return !ready.isEmpty();
    }

    /** Whether the next request would carry more if it were made later. */
    boolean gathers() {
        return !ordered && sendsLists() && !sideBySide.hasParts();
    }

    /** Size of what waits side by side. */
    long gatheredBytes() {
        return sideBySide.waitingBytes();
    }

    /**
     * Takes what the next request carries; each needs one {@link #done} or {@link #replace}.
     *
     * @throws java.util.NoSuchElementException when nothing may be sent now
     */
    Put next() {
        Lane lane = ready.remove();
        lane.setReady(false);
        Put put = lane.take(limits);
        enqueue(lane);
        return put;
    }

    /** Some groups of a request go in one of their own, beside it; both need a {@link #done}. */
    void split(Put put) {
        put.lane().begun();
    }

    /** A request is settled; the next of its lane may go. */
    void done(Put put) {
        Lane lane = put.lane();
        lane.ended();
        enqueue(lane);
        if (lane.id() != null && lane.isIdle()) {
            byId.remove(lane.id());
        }
    }

    /** A request will not be repeated as it is: these take its place, before all that came later. */
    void replace(Put put, List<Put> parts) {
        put.lane().addFirst(parts);
        done(put);
    }

    /** Takes everything that waits, each lane's in its order. */
    List<RawLogGroup> drain() {
        List<RawLogGroup> drained = new ArrayList<>();
        sideBySide.drainTo(drained);
        byId.values().forEach(lane -> lane.drainTo(drained));
        byId.values().removeIf(Lane::isIdle);
        ready.clear();
        return drained;
    }

    /** Whether from now on as many groups as allowed may share a request, or one goes alone. */
    void sendLists(boolean lists) {
        limits = lists ? most : BatchLimits.SINGLE;
    }

    /** Whether groups that wait travel together. */
    boolean sendsLists() {
        return !limits.equals(BatchLimits.SINGLE);
    }

    private void enqueue(Lane lane) {
        if (!lane.isReady() && lane.mayStart()) {
            lane.setReady(true);
            ready.add(lane);
        }
    }
}
