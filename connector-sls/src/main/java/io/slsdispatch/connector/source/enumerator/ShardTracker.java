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
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The truth about which shards exist, which are finished, which are with a reader and which wait. Plain logic: no
 * threads, no Flink, no service.
 *
 * <p>A shard goes from <i>unresolved</i> (listed) over <i>waiting</i> (its start is known) and <i>assigned</i> to
 * <i>finished</i>. It goes back to assigned when a reader that fell back to an older checkpoint says that it still reads
 * it, and back to waiting when its assignment was not in that checkpoint. What the service shows never moves a shard
 * back: a listing may be partial, or older than one seen before.
 */
final class ShardTracker {

    private final LogstoreId logstore;
    private final ShardOrder order;
    private final StoppingPosition stop;
    private final TreeMap<Integer, TrackedShard> unfinished = new TreeMap<>();
    private final FinishedShards finished;

    /**
     * Finished shards whose groups may still be under way to the targets: no completed checkpoint holds their finish.
     * Not part of a snapshot, since who restores one knows that it was completed. Empty unless the order asks for it.
     */
    private final TreeMap<Integer, Shard> undelivered = new TreeMap<>();

    /** When read-only shards were closed, unix seconds; without those of which the listings do not tell. */
    private final Map<Integer, Long> closedAtSeconds = new HashMap<>();

    private boolean initialDiscoveryDone;
    private ResolvedStart start;
    private StopNowCutoff stopNow;

    /** The stop that the shards known so far were listed for; another one than ours until the first listing. */
    private StoppingPosition listedFor;

    /** For a waiting shard, the ancestor in its way that was found last; as long as that one lasts, no need to search. */
    private final Map<Integer, Integer> blockedBy = new HashMap<>();

    /**
     * For a shard with a reader whose logstore was deleted and created again, the one that has its id now. If the reader may
     * continue, it reads that one, whose keys and state decide about its end and its children. Found again by each listing.
     */
    private final Map<Integer, Shard> successors = new HashMap<>();

    /** For a shard that the service no longer shows, in how many listings in a row. */
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
        state.unfinished().forEach(shard -> unfinished.put(shard.id(), shard));
    }

    /**
     * What a listing brought.
     *
     * @param becameReadOnly the shards that were closed, or of which it became known when
     */
    record Listed(List<Shard> discovered, List<Integer> becameReadOnly, List<Shard> recreated) {}

    /**
     * Takes a listing, in any order.
     *
     * @param newestCreation for the first listing of a run that stops "now": the creation time up to which a shard belongs
     *     to it, unix seconds
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
                    unfinished.put(shard.id(), known.readOnly());
                    becameReadOnly.add(shard.id());
                }
            } else if (finished.isOfRecreatedLogstore(shard)) {
                recreated.add(shard);
            } else if (!finished.contains(shard.id()) && belongsToRun(shard)) {
                unfinished.put(shard.id(), TrackedShard.discovered(shard, !initialDiscoveryDone));
                discovered.add(shard);
            }
        }
        becameReadOnly.addAll(findClosingTimes(listing, becameReadOnly));
        missing.keySet().retainAll(unfinished.keySet());
        missing.keySet().removeAll(ids);
        unfinished.keySet().stream().filter(id -> !ids.contains(id)).forEach(id -> missing.merge(id, 1, Integer::sum));
        if (!isListedForRun() && stop instanceof StoppingPosition.Now) {
            stopNow = new StopNowCutoff(newestCreation, false);
        }
        initialDiscoveryDone = true;
        listedFor = stop;
        return new Listed(discovered, becameReadOnly, recreated);
    }

    private void follows(Shard successor) {
        if (!successor.equals(successors.put(successor.id(), successor))) {
            // Ancestors that were found by the keys of the shard before are none any more.
            blockedBy.clear();
        }
    }

    /** The shard of that id which is not read to its end; null when there is none. */
    @Nullable
    TrackedShard find(int shard) {
        return unfinished.get(shard);
    }

    /** Finds when shards were closed, and returns those that were known to be closed already. */
    private List<Integer> findClosingTimes(Collection<Shard> listing, List<Integer> becameReadOnly) {
        closedAtSeconds.keySet().retainAll(unfinished.keySet());
        Set<Integer> closedNow = new HashSet<>(becameReadOnly);
        ClosingTimes times = new ClosingTimes(listing);
        List<Integer> found = new ArrayList<>();
        for (TrackedShard tracked : unfinished.values()) {
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

    /** When a read-only shard was closed, unix seconds by the service's clock; 0 when not known. */
    long closedAtSeconds(int shard) {
        return closedAtSeconds.getOrDefault(shard, 0L);
    }

    /**
     * Takes a shard that has the id of another one, as one that appeared later. A reader that has the other one goes on with
     * it: when it has come to an end there, the younger one is found again.
     */
    void takeRecreated(Shard shard) {
        reopen(shard.id());
        successors.remove(shard.id());
        unfinished.put(shard.id(), TrackedShard.discovered(shard, false));
    }

    boolean initialDiscoveryDone() {
        return initialDiscoveryDone;
    }

    /** Whether a listed shard that is not known belongs to what is read: see {@link StopNowCutoff}. */
    private boolean belongsToRun(Shard shard) {
        return !isListedForRun() || (!stopNow.complete() && shard.createdAtSeconds() <= stopNow.newestCreation());
    }

    /** Whether this is a run that stops "now", and its first listing has come. */
    boolean isListedForRun() {
        return initialDiscoveryDone && stop instanceof StoppingPosition.Now && listedFor.equals(stop);
    }

    /** Whether no more shards are taken: a run that stops "now" reads those of two listings only. */
    boolean isComplete() {
        return isListedForRun() && stopNow.complete();
    }

    /** Notes that no more shards are taken. */
    void complete() {
        stopNow = stopNow.completed();
    }

    /** The shard as it is listed, but read-only if it was seen so before. */
    Shard asKnown(Shard listed) {
        return isReadOnly(listed.id())
                ? new Shard(listed.id(), listed.range(), false, listed.createdAtSeconds())
                : listed;
    }

    /** What the configured start became. */
    ResolvedStart start() {
        return start;
    }

    /** Notes what became known of the start. */
    void start(ResolvedStart known) {
        start = known;
    }

    /** The highest id of all shards that were ever taken, -1 when there is none. */
    int highestId() {
        return Math.max(finished.highest(), unfinished.isEmpty() ? -1 : unfinished.lastKey());
    }

    /** In how many listings in a row an unfinished shard was missing. */
    int timesMissing(int shard) {
        return missing.getOrDefault(shard, 0);
    }

    /** The shards whose start is to be found, lowest id first. */
    List<TrackedShard> unresolved() {
        return select(TrackedShard::isUnresolved);
    }

    /** Says where an unresolved shard starts; without effect when the shard is not unresolved any more. */
    void resolve(int shard, Position start, @Nullable String stopCursor) {
        unfinished.computeIfPresent(
                shard, (id, known) -> known.isUnresolved() ? known.waitingAt(start, stopCursor) : known);
    }

    /** The shards that may be read now and that no reader has, lowest id first. */
    List<ShardSplit> assignable() {
        return select(shard -> shard.isWaiting() && !isBlocked(shard)).stream()
                .map(shard -> shard.toSplit(logstore))
                .toList();
    }

    private boolean isBlocked(TrackedShard shard) {
        if (order == ShardOrder.NONE) {
            return false;
        }
        Integer last = blockedBy.get(shard.id());
        if (last != null && (unfinished.containsKey(last) || undelivered.containsKey(last))) {
            return true;
        }
        Stream<Shard> unread = unfinished.headMap(shard.id()).values().stream()
                .map(older -> successors.getOrDefault(older.id(), older.shard()));
        Optional<Shard> inTheWay = Stream.concat(unread, undelivered.headMap(shard.id()).values().stream())
                .filter(older -> ShardLineage.isAncestor(older, shard.shard()))
                .findFirst();
        inTheWay.ifPresentOrElse(older -> blockedBy.put(shard.id(), older.id()), () -> blockedBy.remove(shard.id()));
        return inTheWay.isPresent();
    }

    /** Notes that a reader has the shard from now on. */
    void assign(int shard) {
        unfinished.computeIfPresent(shard, (id, known) -> known.withReader());
    }

    /** Takes back an assignment that the reader's checkpoint does not have. */
    void giveBack(ShardSplit split) {
        TrackedShard known = unfinished.get(split.shard());
        boolean writable = known == null || known.shard().writable();
        Shard shard = new Shard(split.shard(), split.range(), writable, split.createdAtSeconds());
        reopen(split.shard());
        unfinished.put(
                split.shard(), TrackedShard.discovered(shard, false).waitingAt(split.position(), split.stopCursor()));
    }

    /** Notes that a reader reads the shard, whatever was known of it before. */
    void heldByReader(Shard shard) {
        reopen(shard.id());
        unfinished.merge(shard.id(), TrackedShard.heldByReader(shard), (known, fresh) -> known.withReader());
    }

    private void reopen(int shard) {
        finished.remove(shard);
        undelivered.remove(shard);
    }

    /** Notes that the shard is read to its end; its groups may still be under way to the targets. */
    void finish(int shard) {
        TrackedShard known = unfinished.get(shard);
        if (known != null && order == ShardOrder.AFTER_DELIVERY) {
            undelivered.put(shard, known.shard());
        }
        close(shard);
    }

    /** Notes that the shard is given up with nothing of it read. */
    void giveUp(int shard) {
        close(shard);
    }

    private void close(int shard) {
        TrackedShard known = unfinished.remove(shard);
        blockedBy.remove(shard);
        successors.remove(shard);
        if (known != null) {
            finished.add(known.shard());
        } else {
            finished.add(shard);
        }
    }

    /** Notes that a completed checkpoint holds the finish of these shards, so that all their groups are delivered. */
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

    /** Whether every shard that was ever taken is finished. */
    boolean allFinished() {
        return initialDiscoveryDone && unfinished.isEmpty();
    }

    /** The shards that are with readers. */
    List<TrackedShard> assigned() {
        return select(TrackedShard::assigned);
    }

    List<TrackedShard> unfinished() {
        return List.copyOf(unfinished.values());
    }

    int finishedCount() {
        return finished.count();
    }

    private List<TrackedShard> select(Predicate<TrackedShard> wanted) {
        return unfinished.values().stream().filter(wanted).toList();
    }

    EnumeratorState snapshot() {
        EnumeratorState state = new EnumeratorState(
                logstore, listedFor, initialDiscoveryDone, unfinished(), finished.copy(), start, stopNow);
        // What a consumer group held is of no more use when all shards have their starts.
        return state.needsStart() ? state : state.with(ResolvedStart.of(start.position()));
    }
}
