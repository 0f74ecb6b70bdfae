package io.slsdispatch.connector.source.enumerator;

import io.slsdispatch.connector.client.CursorOrigin;
import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.config.SourceConfig;
import io.slsdispatch.connector.config.StartingPosition;
import io.slsdispatch.connector.config.StoppingPosition;
import io.slsdispatch.connector.model.Position;
import io.slsdispatch.connector.model.Shard;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Asks the service for the cursors at which shards start and stop. Blocks: runs on the worker thread only. */
final class StartResolver {

    /** What was found for one shard. */
    sealed interface Answer {

        record Found(Position start, @Nullable String stopCursor) implements Answer {}

        record Failed(SlsException error) implements Answer {}
    }

    private final SlsClient client;
    private final SourceConfig config;

    /** Read once: later, the group may hold what this very run committed. */
    private @Nullable Map<Integer, String> groupCursors;

    StartResolver(SlsClient client, SourceConfig config) {
        this.client = client;
        this.config = config;
    }

    /**
     * Finds starts; a shard that fails does not keep the others from theirs.
     *
     * @param shards those to be resolved
     * @param listed all that are known, ancestors among them
     * @throws SlsException when the consumer group to start from cannot be read
     */
    Map<Integer, Answer> resolve(List<TrackedShard> shards, Collection<Shard> listed) throws SlsException {
        Map<Integer, String> committed =
                config.start() instanceof StartingPosition.Committed group ? read(group.consumerGroup()) : Map.of();
        Map<Integer, Answer> answers = new HashMap<>();
        for (TrackedShard tracked : shards) {
            try {
                Position start = Position.at(startCursor(tracked, committed, listed));
                // After the start, so that the stop cannot lie before it.
                String stopCursor = config.stop() instanceof StoppingPosition.Now
                        ? client.cursor(config.logstore(), tracked.id(), new CursorOrigin.End())
                        : null;
                answers.put(tracked.id(), new Answer.Found(start, stopCursor));
            } catch (SlsException e) {
                answers.put(tracked.id(), new Answer.Failed(e));
            }
        }
        return answers;
    }

    private String startCursor(TrackedShard tracked, Map<Integer, String> committed, Collection<Shard> listed)
            throws SlsException {
        String stored = tracked.initial() ? committed.get(tracked.id()) : null;
        if (stored != null) {
            return stored;
        }
        CursorOrigin origin = tracked.initial() ? origin(tracked.shard(), committed, listed) : new CursorOrigin.Begin();
        return client.cursor(config.logstore(), tracked.id(), origin);
    }

    private CursorOrigin origin(Shard shard, Map<Integer, String> committed, Collection<Shard> listed) {
        StartingPosition start = config.start();
        if (start instanceof StartingPosition.Committed group) {
            start = cameFrom(shard, committed, listed) ? new StartingPosition.Begin() : group.otherwise();
        }
        return start instanceof StartingPosition.At at
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

    private Map<Integer, String> read(String consumerGroup) throws SlsException {
        if (groupCursors == null) {
            try {
                groupCursors = client.consumerGroupCursors(config.logstore(), consumerGroup);
            } catch (SlsException e) {
                if (e.kind() != ErrorKind.NOT_FOUND) {
                    throw e;
                }
                groupCursors = Map.of();
            }
        }
        return groupCursors;
    }
}
