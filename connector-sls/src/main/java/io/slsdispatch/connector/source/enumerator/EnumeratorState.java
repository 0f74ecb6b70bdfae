package io.slsdispatch.connector.source.enumerator;

import io.slsdispatch.connector.config.SourceConfig;
import io.slsdispatch.connector.config.StoppingPosition;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.source.split.ShardSplit;
import java.util.List;
import java.util.Objects;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/**
 * Checkpointed state of the enumerator. It does not contain the positions of assigned shards; only the state of the
 * readers does.
 */
@Internal
public class EnumeratorState {

    private final LogstoreId logstore;
    private final StoppingPosition stop;
    private final boolean initialDiscoveryDone;
    private final List<TrackedShard> unfinished;
    private final FinishedShards finished;
    private final @Nullable ResolvedStart start;
    private final StopNowCutoff stopNow;

    /** @param start null if not known, as in state of version 1 */
    EnumeratorState(
            LogstoreId logstore,
            StoppingPosition stop,
            boolean initialDiscoveryDone,
            List<TrackedShard> unfinished,
            FinishedShards finished,
            @Nullable ResolvedStart start,
            StopNowCutoff stopNow) {
        this.logstore = logstore;
        this.stop = stop;
        this.initialDiscoveryDone = initialDiscoveryDone;
        this.unfinished = List.copyOf(unfinished);
        this.finished = finished;
        this.start = start;
        this.stopNow = stopNow;
    }

    /** Returns the initial state of a source. */
    static EnumeratorState fresh(SourceConfig config) {
        return new EnumeratorState(
                config.logstore(),
                config.stop(),
                false,
                List.of(),
                new FinishedShards(),
                ResolvedStart.of(config.start()),
                StopNowCutoff.NONE);
    }

    /**
     * Rejects a configuration under which this state would have another meaning.
     *
     * @throws IllegalStateException if this state belongs to another logstore, or to a run with another stop
     */
    void checkFits(SourceConfig config) {
        if (!logstore.equals(config.logstore())) {
            throw new IllegalStateException("The restored state belongs to logstore " + logstore
                    + ", but the source is configured to read " + config.logstore()
                    + ". Configure the logstore of the state, or start without the state.");
        }
        // A bounded run marks a shard as finished at the stop, so another run would never read the rest of it.
        if (initialDiscoveryDone && !(stop instanceof StoppingPosition.Never) && !stop.equals(config.stop())) {
            throw new IllegalStateException("The restored state belongs to a run that stops at " + stop
                    + ", but the source is configured to stop at " + config.stop()
                    + ". Configure the same stop, or start without the state from the time of that stop.");
        }
    }

    /** Returns the logstore of the source. */
    public LogstoreId logstore() {
        return logstore;
    }

    /** Returns the shards that have a start and wait for a reader, as splits; for inspection of savepoints. */
    public List<ShardSplit> waiting() {
        return unfinished.stream()
                .filter(TrackedShard::isWaiting)
                .map(shard -> shard.toSplit(logstore))
                .toList();
    }

    /** Returns the ids of shards without a start, most of them because their parents are not read to the end. */
    public List<Integer> withoutStart() {
        return unfinished.stream()
                .filter(shard -> !shard.isWaiting() && !shard.assigned())
                .map(shard -> shard.shard().id())
                .toList();
    }

    /** Returns the number of finished shards. */
    public int finishedCount() {
        return finished.count();
    }

    StoppingPosition stop() {
        return stop;
    }

    boolean initialDiscoveryDone() {
        return initialDiscoveryDone;
    }

    /** Returns the unfinished shards, lowest id first. */
    List<TrackedShard> unfinished() {
        return unfinished;
    }

    FinishedShards finished() {
        return finished;
    }

    /** Returns the resolved start; null if this state does not contain it, as in version 1. */
    @Nullable
    ResolvedStart start() {
        return start;
    }

    StopNowCutoff stopNow() {
        return stopNow;
    }

    /** Returns this state with another start. */
    EnumeratorState with(ResolvedStart other) {
        return new EnumeratorState(logstore, stop, initialDiscoveryDone, unfinished, finished, other, stopNow);
    }

    /** Returns whether the start is still needed: shards of the first listing without a cursor, or no listing yet. */
    boolean needsStart() {
        return !initialDiscoveryDone || unfinished.stream().anyMatch(shard -> shard.initial() && shard.isUnresolved());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof EnumeratorState that
                && logstore.equals(that.logstore)
                && stop.equals(that.stop)
                && initialDiscoveryDone == that.initialDiscoveryDone
                && unfinished.equals(that.unfinished)
                && finished.equals(that.finished)
                && Objects.equals(start, that.start)
                && stopNow.equals(that.stopNow);
    }

    @Override
    public int hashCode() {
        return unfinished.hashCode() * 31 + finished.hashCode();
    }

    @Override
    public String toString() {
        return "state of " + logstore + ": " + unfinished.size() + " unfinished and " + finished.count()
                + " finished shards";
    }

    /**
     * Determines the shards of a run that stops "now": those of its first listing, and those of a later second one that
     * are not younger than the run, because the first listing may have been outdated. Part of state, so that a restart
     * changes neither.
     *
     * @param newestCreation latest creation time, unix seconds by the service's clock, of a shard that belongs to the
     *     run although the first listing did not contain it
     * @param complete whether the second listing has arrived, so that no more shards are added
     */
    record StopNowCutoff(long newestCreation, boolean complete) {

        /** For a run that does not stop "now", or has no listing yet. */
        static final StopNowCutoff NONE = new StopNowCutoff(0, false);

        /** For a run with state of version 1, which used only one listing. */
        static final StopNowCutoff OF_VERSION_1 = new StopNowCutoff(0, true);

        StopNowCutoff completed() {
            return new StopNowCutoff(newestCreation, true);
        }
    }
}
