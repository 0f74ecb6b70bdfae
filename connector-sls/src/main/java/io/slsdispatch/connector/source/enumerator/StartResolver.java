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
import org.jspecify.annotations.Nullable;

/** Asks the service for the cursors at which shards start and stop. Blocks: runs on the worker thread only. */
final class StartResolver {

    /** What was found for one shard. */
    sealed interface Answer {

        record Found(Position start, @Nullable String stopCursor) implements Answer {}

        record Failed(SlsException error) implements Answer {}
    }

    /**
     * What was found.
     *
     * @param start the start with what became known of it
     * @param answers by shard
     */
    record Resolution(ResolvedStart start, Map<Integer, Answer> answers) {}

    /** How many groups an end may be behind to be found out. */
    private static final int GROUPS_BEHIND_END = 100;

    private final SlsClient client;
    private final SourceConfig config;

    StartResolver(SlsClient client, SourceConfig config) {
        this.client = client;
        this.config = config;
    }

    /**
     * Finds starts; a shard that fails does not keep the others from theirs.
     *
     * @param start by the service's clock
     * @param shards those to be resolved
     * @param listed all that are known, ancestors among them
     * @throws SlsException when the consumer group to start from cannot be read
     */
    Resolution resolve(ResolvedStart start, List<TrackedShard> shards, Collection<Shard> listed) throws SlsException {
        boolean needed = shards.stream().anyMatch(TrackedShard::initial);
        ResolvedStart known = needed ? withGroup(start) : start;
        Map<Integer, Answer> answers = new HashMap<>();
        for (TrackedShard tracked : shards) {
            try {
                Position position = Position.at(startCursor(known, tracked, listed));
                // After the start, so that the stop cannot lie before it.
                String stopCursor = config.stop() instanceof StoppingPosition.Now ? end(tracked.id()) : null;
                answers.put(tracked.id(), new Answer.Found(position, stopCursor));
            } catch (SlsException e) {
                answers.put(tracked.id(), new Answer.Failed(e));
            }
        }
        return new Resolution(known, answers);
    }

    /**
     * The end of a shard, or a place behind it. No source says that an end is never an old one, from a machine of the
     * service that is behind; so what a pull from there brings belongs to the run, too.
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
            throw new IllegalStateException("interrupted while the end of shard " + shard + " was looked up", e);
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

    /** Whether the consumer group has begun to read an ancestor, and would have gone on in this shard. */
    private static boolean cameFrom(Shard shard, Map<Integer, String> committed, Collection<Shard> listed) {
        Map<Integer, Shard> byId = new HashMap<>();
        listed.forEach(other -> byId.put(other.id(), other));
        for (int read : committed.keySet()) {
            Shard other = byId.get(read);
            // Of a shard that is gone the keys are not known, so it counts as an ancestor: better read too much.
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
            return start.withGroupCursors(Map.of());
        }
    }

    /** Whether there is no such group; a logstore that cannot be found just now says nothing of its groups. */
    private static boolean isWithoutGroup(SlsException e) {
        return e.kind() == ErrorKind.NOT_FOUND
                && e.errorCode().toLowerCase(Locale.ROOT).contains("consumergroup");
    }
}
