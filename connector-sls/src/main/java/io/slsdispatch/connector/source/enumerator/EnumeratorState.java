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
 * What the enumerator keeps in a checkpoint. Positions of shards that readers have are not part of it: those are in the
 * readers' state, and there alone.
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

    /**
     * @param start null when it is not known, as in state of version 1
     */
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

    /** The state of a source that never ran. */
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
     * Refuses to go on under a configuration for which this state means something else.
     *
     * @throws IllegalStateException when this is the state of another logstore, or of a run that was to stop elsewhere
     */
    void checkFits(SourceConfig config) {
        if (!logstore.equals(config.logstore())) {
            throw new IllegalStateException("The state to be restored is of logstore " + logstore
                    + ", but the source is configured to read " + config.logstore()
                    + ". Configure the logstore that the state is of, or start without it.");
        }
        // A bounded run counts a shard as finished at the stop, so another run would never read the rest of it.
        if (initialDiscoveryDone && !(stop instanceof StoppingPosition.Never) && !stop.equals(config.stop())) {
            throw new IllegalStateException("The state to be restored is of a run that stops at " + stop
                    + ", but the source is configured to stop at " + config.stop()
                    + ". Configure the same stop, or start without the state from the time of that stop.");
        }
    }

    /** The logstore that is read. */
    public LogstoreId logstore() {
        return logstore;
    }

    /** The shards that have a start and wait for a reader, as splits; for people who look into a savepoint. */
    public List<ShardSplit> waiting() {
        return unfinished.stream()
                .filter(TrackedShard::isWaiting)
                .map(shard -> shard.toSplit(logstore))
                .toList();
    }

    /** The ids of shards that have no start yet, most of them since their parents are not read to the end. */
    public List<Integer> withoutStart() {
        return unfinished.stream()
                .filter(shard -> !shard.isWaiting() && !shard.assigned())
                .map(shard -> shard.shard().id())
                .toList();
    }

    /** How many shards are read to their end. */
    public int finishedCount() {
        return finished.count();
    }

    StoppingPosition stop() {
        return stop;
    }

    boolean initialDiscoveryDone() {
        return initialDiscoveryDone;
    }

    /** The shards that are not read to their end, lowest id first. */
    List<TrackedShard> unfinished() {
        return unfinished;
    }

    FinishedShards finished() {
        return finished;
    }

    /** What the configured start became; null when this state does not say, as that of version 1. */
    @Nullable
    ResolvedStart start() {
        return start;
    }

    StopNowCutoff stopNow() {
        return stopNow;
    }

    /** The same with another start. */
    EnumeratorState with(ResolvedStart other) {
        return new EnumeratorState(logstore, stop, initialDiscoveryDone, unfinished, finished, other, stopNow);
    }

    /** Whether there is something that the start decides: shards of the first listing without a cursor, or no listing. */
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
     * Which shards a run reads that stops "now": those of its first listing, and those of a second one, some time later, that
     * are not younger than the run, as the first may have been old. Part of state, so that a restart changes neither.
     *
     * @param newestCreation up to which creation time, unix seconds by the service's clock, a shard that the first listing did
     *     not show belongs to the run
     * @param complete whether the second listing has come, so that no more shards are taken
     */
    record StopNowCutoff(long newestCreation, boolean complete) {

        /** Of a run that does not stop "now", or was not listed yet. */
        static final StopNowCutoff NONE = new StopNowCutoff(0, false);

        /** Of a run whose state is of version 1, which knew only one listing. */
        static final StopNowCutoff OF_VERSION_1 = new StopNowCutoff(0, true);

        StopNowCutoff completed() {
            return new StopNowCutoff(newestCreation, true);
        }
    }
}
