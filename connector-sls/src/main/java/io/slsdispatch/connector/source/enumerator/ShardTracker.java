package io.slsdispatch.connector.source.enumerator;

import io.slsdispatch.connector.config.ShardOrder;
import io.slsdispatch.connector.config.SourceConfig;
import io.slsdispatch.connector.config.StoppingPosition;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.Position;
import io.slsdispatch.connector.model.Shard;
import io.slsdispatch.connector.source.enumerator.EnumeratorState.StopNowCutoff;
import io.slsdispatch.connector.source.enumerator.ShardLineage.ClosingTimes;
import io.slsdispatch.connector.source.split.ShardSplit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Authoritative record of all shards: which exist, which are waiting, which are assigned to a reader and which are
 * finished. Plain logic: no threads, no Flink, no requests.
 *
 * <p>The state of a shard changes from <i>unresolved</i> (listed) to <i>waiting</i> (its start is known),
 * <i>assigned</i> and <i>finished</i>. It returns to assigned when a reader that fell back to an older checkpoint
 * reports that it still reads the shard, and to waiting when that checkpoint does not contain the assignment. A listing
 * never moves a shard back, because it may be partial or older than the one before.
 */
final class ShardTracker {

    private final LogstoreId logstore;
    private final ShardOrder order;
    private final StoppingPosition stop;
    private final UnfinishedShards unfinished = new UnfinishedShards();
    private final FinishedShards finished;

    /**
     * Finished shards whose groups may still be in flight to the targets: no completed checkpoint contains their
     * finish. Not part of a snapshot, because a restored snapshot was completed. Empty unless the configured order
     * needs it.
     */
    private final TreeMap<Integer, Shard> undelivered = new TreeMap<>();

    /** Closing times of read-only shards, unix seconds; without shards whose closing time the listings do not show. */
    private final Map<Integer, Long> closedAtSeconds = new HashMap<>();

    private boolean initialDiscoveryDone;
    private ResolvedStart start;
    private StopNowCutoff stopNow;

    /**
     * The stop for which the known shards were listed; until the first listing it may differ from the configured one.
     */
    private StoppingPosition listedFor;

    /** For each waiting shard, the unfinished ancestor found last. While it remains, no new search is needed. */
    private final Map<Integer, Integer> blockedBy = new HashMap<>();

    /** For each shard that listings no longer contain, the number of listings in a row that lack it. */
    private final Map<Integer, Integer> missing = new HashMap<>();

    ShardTracker(EnumeratorState state, SourceConfig config) {
        this.logstore = state.logstore();
        this.order = config.order();
        this.stop = config.stop();
        this.listedFor = state.stop();
        this.initialDiscoveryDone = state.initialDiscoveryDone();
        this.finished = state.finished().copy();
        this.start = state.start() == null ? ResolvedStart.afterVersion1(config.start()) : state.start();
        this.stopNow = state.stopNow();
        state.unfinished().forEach(unfinished::put);
    }

    /**
     * Result of a listing.
     *
     * @param becameReadOnly the shards that were closed, or whose closing time became known
     */
    record Listed(List<Shard> discovered, List<Integer> becameReadOnly, List<Shard> recreated) {}

    /**
     * Merges a listing, in any order.
     *
     * @param newestCreation for the first listing of a run that stops "now": the latest creation time of a shard that
     *     belongs to the run, unix seconds
     */
    Listed merge(Collection<Shard> listing, long newestCreation) {
        List<Shard> discovered = new ArrayList<>();
        List<Integer> becameReadOnly = new ArrayList<>();
        List<Shard> recreated = new ArrayList<>();
        Set<Integer> ids = new HashSet<>();
        for (Shard shard : listing) {
            ids.add(shard.id());
            TrackedShard known = unfinished.get(shard.id());
            if (known != null) {
                if (known.isOfRecreatedLogstore(shard)) {
                    recreated.add(shard);
                    follows(shard);
                }
                if (known.shard().writable() && !shard.writable()) {
                    unfinished.put(known.readOnly());
                    becameReadOnly.add(shard.id());
                }
            } else if (finished.isOfRecreatedLogstore(shard)) {
                recreated.add(shard);
            } else if (!finished.contains(shard.id()) && belongsToRun(shard)) {
                unfinished.put(TrackedShard.discovered(shard, !initialDiscoveryDone));
                discovered.add(shard);
            }
        }
        becameReadOnly.addAll(findClosingTimes(listing, becameReadOnly));
        missing.keySet().retainAll(unfinished.ids());
        missing.keySet().removeAll(ids);
        unfinished.ids().stream().filter(id -> !ids.contains(id)).forEach(id -> missing.merge(id, 1, Integer::sum));
        if (!isListedForRun() && stop instanceof StoppingPosition.Now) {
            stopNow = new StopNowCutoff(newestCreation, false);
        }
        initialDiscoveryDone = true;
        listedFor = stop;
        return new Listed(discovered, becameReadOnly, recreated);
    }

    private void follows(Shard successor) {
        if (unfinished.follows(successor)) {
            // The key range of the shard changed, so ancestors found for the old range are no longer valid.
            blockedBy.clear();
        }
    }

    /** Returns the unfinished shard with that id; null if there is none. */
    @Nullable
    TrackedShard find(int shard) {
        return unfinished.get(shard);
    }

    /** Finds when shards were closed, and returns the shards that were already known to be closed. */
    private List<Integer> findClosingTimes(Collection<Shard> listing, List<Integer> becameReadOnly) {
        closedAtSeconds.keySet().retainAll(unfinished.ids());
        Set<Integer> closedNow = new HashSet<>(becameReadOnly);
        ClosingTimes times = new ClosingTimes(listing);
        List<Integer> found = new ArrayList<>();
        for (TrackedShard tracked : unfinished.all()) {
            if (!tracked.shard().writable() && !closedAtSeconds.containsKey(tracked.id())) {
                times.of(tracked.shard()).ifPresent(seconds -> {
                    closedAtSeconds.put(tracked.id(), seconds);
                    if (!closedNow.contains(tracked.id())) {
                        found.add(tracked.id());
                    }
                });
            }
        }
        return found;
    }

    /** Returns when a read-only shard was closed, unix seconds by the service's clock; 0 if not known. */
    long closedAtSeconds(int shard) {
        return closedAtSeconds.getOrDefault(shard, 0L);
    }

    /**
     * Replaces a shard by a recreated one with the same id, as a shard that appeared later. A reader that has
     * the old shard continues with its split; when it reaches the end, the new shard is discovered again.
     */
    void takeRecreated(Shard shard) {
        reopen(shard.id());
        unfinished.remove(shard.id());
        unfinished.put(TrackedShard.discovered(shard, false));
    }

    boolean initialDiscoveryDone() {
        return initialDiscoveryDone;
    }

    /** Returns whether a listed, unknown shard belongs to the run: see {@link StopNowCutoff}. */
    private boolean belongsToRun(Shard shard) {
        return !isListedForRun() || (!stopNow.complete() && shard.createdAtSeconds() <= stopNow.newestCreation());
    }

    /** Returns whether this is a run that stops "now" and has its first listing. */
    boolean isListedForRun() {
        return initialDiscoveryDone && stop instanceof StoppingPosition.Now && listedFor.equals(stop);
    }

    /** Returns whether no more shards are added: a run that stops "now" reads those of two listings only. */
    boolean isComplete() {
        return isListedForRun() && stopNow.complete();
    }

    /** Records that no more shards are added. */
    void complete() {
        stopNow = stopNow.completed();
    }

    /** Returns the listed shard, but read-only if it was ever seen read-only. */
    Shard asKnown(Shard listed) {
        return isReadOnly(listed.id())
                ? new Shard(listed.id(), listed.range(), false, listed.createdAtSeconds())
                : listed;
    }

    /** Returns the resolved start. */
    ResolvedStart start() {
        return start;
    }

    /** Updates the resolved start. */
    void start(ResolvedStart known) {
        start = known;
    }

    /** Returns the highest id of all shards ever seen, -1 if there is none. */
    int highestId() {
        return Math.max(
                finished.highest(),
                unfinished.count() == 0 ? -1 : unfinished.ids().last());
    }

    /** Returns how many listings in a row lacked an unfinished shard. */
    int timesMissing(int shard) {
        return missing.getOrDefault(shard, 0);
    }

    /** Returns the shards whose start is not resolved yet, lowest id first. */
    Stream<TrackedShard> unresolved() {
        return unfinished.unresolved();
    }

    boolean allResolved() {
        return unresolved().findFirst().isEmpty();
    }

    /** Sets the start of an unresolved shard; has no effect if the shard is no longer unresolved. */
    void resolve(int shard, Position start, @Nullable String stopCursor) {
        TrackedShard known = unfinished.get(shard);
        if (known != null && known.isUnresolved()) {
            unfinished.put(known.waitingAt(start, stopCursor));
        }
    }

    /** Returns the shards that may be read now and are not assigned, lowest id first. */
    List<ShardSplit> assignable() {
        return unfinished
                .waiting()
                .filter(shard -> !isBlocked(shard))
                .map(shard -> shard.toSplit(logstore))
                .toList();
    }

    private boolean isBlocked(TrackedShard shard) {
        if (order == ShardOrder.NONE) {
            return false;
        }
        Integer last = blockedBy.get(shard.id());
        if (last != null && (unfinished.contains(last) || undelivered.containsKey(last))) {
            return true;
        }
        Optional<Shard> inTheWay = unfinished
                .ancestorOf(shard.shard())
                .or(() -> undelivered.headMap(shard.id()).values().stream()
                        .filter(older -> ShardLineage.isAncestor(older, shard.shard()))
                        .findFirst());
        inTheWay.ifPresentOrElse(older -> blockedBy.put(shard.id(), older.id()), () -> blockedBy.remove(shard.id()));
        return inTheWay.isPresent();
    }

    /** Records that a shard is assigned to a reader. */
    void assign(int shard) {
        TrackedShard known = unfinished.get(shard);
        if (known != null) {
            unfinished.put(known.withReader());
        }
    }

    /** Undoes an assignment that the reader's checkpoint does not contain. */
    void giveBack(ShardSplit split) {
        TrackedShard known = unfinished.get(split.shard());
        boolean writable = known == null || known.shard().writable();
        Shard shard = new Shard(split.shard(), split.range(), writable, split.createdAtSeconds());
        reopen(split.shard());
        unfinished.put(TrackedShard.discovered(shard, false).waitingAt(split.position(), split.stopCursor()));
    }

    /** Records that a reader has the shard, whatever the state was before. */
    void heldByReader(Shard shard) {
        reopen(shard.id());
        TrackedShard known = unfinished.get(shard.id());
        unfinished.put(known == null ? TrackedShard.heldByReader(shard) : known.withReader());
    }

    private void reopen(int shard) {
        finished.remove(shard);
        undelivered.remove(shard);
    }

    /** Records that the shard is read to the end; its groups may still be in flight to the targets. */
    void finish(int shard) {
        TrackedShard known = unfinished.get(shard);
        if (known != null && order == ShardOrder.AFTER_DELIVERY) {
            undelivered.put(shard, known.shard());
        }
        close(shard);
    }

    /** Records that the shard is abandoned with no group read. */
    void giveUp(int shard) {
        close(shard);
    }

    private void close(int shard) {
        TrackedShard known = unfinished.remove(shard);
        blockedBy.remove(shard);
        if (known != null) {
            finished.add(known.shard());
        } else {
            finished.add(shard);
        }
    }

    /**
     * Records that a completed checkpoint contains the finish of these shards, so that all their groups are delivered.
     */
    void delivered(Collection<Integer> shards) {
        undelivered.keySet().removeAll(shards);
    }

    boolean isFinished(int shard) {
        return finished.contains(shard);
    }

    boolean isReadOnly(int shard) {
        TrackedShard known = unfinished.get(shard);
        return known != null && !known.shard().writable();
    }

    /** Returns whether all shards ever seen are finished. */
    boolean allFinished() {
        return initialDiscoveryDone && unfinished.count() == 0;
    }

    /** Returns the assigned shards. */
    List<TrackedShard> assigned() {
        return unfinished.all().stream().filter(TrackedShard::assigned).toList();
    }

    int assignedCount() {
        return unfinished.assignedCount();
    }

    List<TrackedShard> unfinished() {
        return List.copyOf(unfinished.all());
    }

    int unfinishedCount() {
        return unfinished.count();
    }

    int finishedCount() {
        return finished.count();
    }

    EnumeratorState snapshot() {
        EnumeratorState state = new EnumeratorState(
                logstore, listedFor, initialDiscoveryDone, unfinished(), finished.copy(), start, stopNow);
        // The cursors of the consumer group are no longer needed when all shards have their starts.
        return state.needsStart() ? state : state.with(ResolvedStart.of(start.position()));
    }
}
