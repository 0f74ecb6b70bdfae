package io.slsdispatch.connector.source.enumerator;

import io.slsdispatch.connector.client.CursorOrigin;
import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.PullRequest;
import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.client.SlsFutures;
import io.slsdispatch.connector.config.SourceConfig;
import io.slsdispatch.connector.config.StartingPosition;
import io.slsdispatch.connector.config.StoppingPosition;
import io.slsdispatch.connector.model.Position;
import io.slsdispatch.connector.model.PulledBatch;
import io.slsdispatch.connector.model.Shard;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.flink.util.FlinkRuntimeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks up the cursors at which shards start and stop. Blocks: runs on the worker thread only. */
final class StartResolver {

    /** Result for one shard. */
    sealed interface Answer {

        record Found(Position start, @Nullable String stopCursor) implements Answer {}

        record Failed(SlsException error) implements Answer {}
    }

    /**
     * Result for several shards.
     *
     * @param start the start, updated with new information
     * @param answers by shard
     */
    record Resolution(ResolvedStart start, Map<Integer, Answer> answers) {}

    /** An end cursor that is outdated by up to this many groups is detected. */
    private static final int GROUPS_BEHIND_END = 100;

    private static final Logger LOG = LoggerFactory.getLogger(StartResolver.class);

    private final SlsClient client;
    private final SourceConfig config;
    private volatile boolean groupMissing;

    /** Thrown when the consumer group that the configuration starts from does not exist, but must. */
    static final class MissingStartGroupException extends FlinkRuntimeException {

        private static final long serialVersionUID = 1L;

        MissingStartGroupException(String message) {
            super(message);
        }
    }

    StartResolver(SlsClient client, SourceConfig config) {
        this.client = client;
        this.config = config;
    }

    /**
     * Resolves starts; a failure of one shard does not affect the others.
     *
     * @param start by the service's clock
     * @param shards the shards to resolve
     * @param listed all known shards, including ancestors
     * @throws SlsException if the consumer group to start from cannot be read
     * @throws MissingStartGroupException if it does not exist, but must
     */
    Resolution resolve(ResolvedStart start, List<TrackedShard> shards, Collection<Shard> listed) throws SlsException {
        boolean needed = shards.stream().anyMatch(TrackedShard::initial);
        ResolvedStart known = needed ? withGroup(start) : start;
        Map<Integer, Answer> answers = new HashMap<>();
        for (TrackedShard tracked : shards) {
            try {
                Position position = Position.at(startCursor(known, tracked, listed));
                // After the start, so that the stop cannot be before it.
                String stopCursor = config.stop() instanceof StoppingPosition.Now ? end(tracked.id()) : null;
                answers.put(tracked.id(), new Answer.Found(position, stopCursor));
            } catch (SlsException e) {
                answers.put(tracked.id(), new Answer.Failed(e));
            }
        }
        return new Resolution(known, answers);
    }

    /** Returns whether the consumer group to start from was found not to exist. Any thread. */
    boolean isGroupMissing() {
        return groupMissing;
    }

    /**
     * Returns the end of a shard, or a position after it. No source guarantees that an end cursor is never outdated,
     * from a machine of the service that lags; so groups that a pull from there returns also belong to the run.
     */
    private String end(int shard) throws SlsException {
        String end = client.cursor(config.logstore(), shard, new CursorOrigin.End());
        try {
            PulledBatch behind = SlsFutures.await(
                    client.pull(new PullRequest(config.logstore(), shard, end, GROUPS_BEHIND_END, null)));
            String next = behind.groups() > 0 ? behind.nextCursor() : end;
            behind.release().run();
            return next;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while looking up the end of shard " + shard, e);
        }
    }

    private String startCursor(ResolvedStart start, TrackedShard tracked, Collection<Shard> listed)
            throws SlsException {
        String stored = tracked.initial() ? start.cursors().get(tracked.id()) : null;
        if (stored != null) {
            return stored;
        }
        CursorOrigin origin = tracked.initial() ? origin(start, tracked.shard(), listed) : new CursorOrigin.Begin();
        return client.cursor(config.logstore(), tracked.id(), origin);
    }

    private static CursorOrigin origin(ResolvedStart start, Shard shard, Collection<Shard> listed) {
        return start.otherwise() instanceof StartingPosition.At at && !cameFrom(shard, start.cursors(), listed)
                ? new CursorOrigin.At(at.receiveTime())
                : new CursorOrigin.Begin();
    }

    /** Returns whether the consumer group has read from an ancestor, and would have continued in this shard. */
    private static boolean cameFrom(Shard shard, Map<Integer, String> committed, Collection<Shard> listed) {
        Map<Integer, Shard> byId = new HashMap<>();
        listed.forEach(other -> byId.put(other.id(), other));
        for (int read : committed.keySet()) {
            Shard other = byId.get(read);
            // The keys of a shard that is gone are not known, so it counts as an ancestor: a repeat is better than a
            // loss.
            if (other == null ? read < shard.id() : ShardLineage.isAncestor(other, shard)) {
                return true;
            }
        }
        return false;
    }

    private ResolvedStart withGroup(ResolvedStart start) throws SlsException {
        String group = start.groupToRead();
        if (group == null) {
            return start;
        }
        try {
            return start.withGroupCursors(client.consumerGroupCursors(config.logstore(), group));
        } catch (SlsException e) {
            if (!isWithoutGroup(e)) {
                throw e;
            }
            refuseIfItMustExist(group);
            groupMissing = true;
            LOG.warn(
                    "Consumer group '{}' of {} does not exist, so all shards start at the fallback: {}",
                    group,
                    config.logstore(),
                    start.otherwise());
            return start.withGroupCursors(Map.of());
        }
    }

    private void refuseIfItMustExist(String group) {
        if (config.start() instanceof StartingPosition.Committed configured
                && configured.mustExist()
                && configured.consumerGroup().equals(group)) {
            throw new MissingStartGroupException("Consumer group '" + group + "' of " + config.logstore()
                    + ", from which this job starts, does not exist." + existingGroups()
                    + " Correct the name, or set start-fallback (in code: a start whose group need not exist) to start"
                    + " elsewhere");
        }
    }

    private String existingGroups() {
        try {
            List<String> groups =
                    client.consumerGroups(config.logstore()).stream().sorted().toList();
            return groups.isEmpty()
                    ? " The logstore has no consumer groups."
                    : " The logstore has " + String.join(", ", groups) + ".";
        } catch (SlsException e) {
            // Listing needs another permission than reading a group; the names are only a hint.
            LOG.debug("The consumer groups of {} cannot be listed", config.logstore(), e);
            return "";
        }
    }

    /**
     * Returns whether there is no such group. A logstore that is temporarily not found says nothing about its groups.
     */
    private static boolean isWithoutGroup(SlsException e) {
        return e.kind() == ErrorKind.NOT_FOUND
                && e.errorCode().toLowerCase(Locale.ROOT).contains("consumergroup");
    }
}
