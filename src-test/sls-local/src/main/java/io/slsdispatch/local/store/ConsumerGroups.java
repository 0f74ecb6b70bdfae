package io.slsdispatch.local.store;

import io.slsdispatch.local.store.shard.ShardInfo;
import io.slsdispatch.local.wire.Cursors;
import io.slsdispatch.local.wire.ErrorCode;
import io.slsdispatch.local.wire.Refusal;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.regex.Pattern;
import org.h2.mvstore.MVMap;
import org.jspecify.annotations.Nullable;

/** The consumer groups of one logstore: settings, checkpoints, and the assignment of shards to consumers. */
public final class ConsumerGroups {

    private static final Pattern NAME = Pattern.compile("[0-9A-Za-z_-]{1,128}");
    private static final int MAX_GROUPS = 30;
    private static final int MAX_TIMEOUT_SECONDS = 24 * 60 * 60;

    private final StoreContext context;
    private final LogstoreShards shards;
    private final MVMap<String, String> groupRecords;
    private final MVMap<String, String> checkpointRecords;
    private final NavigableMap<String, Group> groups = new ConcurrentSkipListMap<>();

    ConsumerGroups(StoreContext context, LogstoreShards shards, long uid) {
        this.context = context;
        this.shards = shards;
        groupRecords = context.maps().consumerGroups(uid);
        checkpointRecords = context.maps().checkpoints(uid);
        groupRecords.forEach((name, json) -> groups.put(name, Group.restored(Json.read(json, Stored.class), context)));
        checkpointRecords.forEach((key, json) -> {
            int slash = key.lastIndexOf('/');
            Group group = groups.get(key.substring(0, slash));
            if (group != null) {
                int shard = Integer.parseInt(key.substring(slash + 1));
                group.checkpoints.put(shard, Json.read(json, Checkpoint.class));
            }
        });
    }

    /** The persistent form of a group. */
    record Stored(ConsumerGroup settings, Assignment.State assignment) {}

    private static final class Group {

        private volatile ConsumerGroup settings;
        // Accessed inside changes only.
        private final Assignment assignment;
        private Assignment.State stored;
        private final NavigableMap<Integer, Checkpoint> checkpoints = new ConcurrentSkipListMap<>();

        Group(ConsumerGroup settings, Assignment assignment) {
            this.settings = settings;
            this.assignment = assignment;
            this.stored = assignment.state();
        }

        static Group restored(Stored stored, StoreContext context) {
            return new Group(
                    stored.settings(),
                    Assignment.restored(stored.assignment(), context.clock().millis()));
        }

        Checkpoint checkpoint(int shard) {
            return checkpoints.getOrDefault(shard, Checkpoint.NONE);
        }
    }

    /** All groups, by name. */
    public List<ConsumerGroup> list() {
        return groups.values().stream().map(group -> group.settings).toList();
    }

    /** Creates a group. Fails with ConsumerGroupAlreadyExist, QuotaExceed or ParameterInvalid. */
    public CompletableFuture<Void> create(String name, int timeoutSeconds, boolean order) {
        return context.writes().make(() -> {
            if (!NAME.matcher(name).matches()) {
                throw invalid("consumer group name '" + name + "' is not 1 to 128 of A-Z, a-z, 0-9, - and _");
            }
            if (groupRecords.containsKey(name)) {
                throw new Refusal(ErrorCode.CONSUMER_GROUP_ALREADY_EXIST, "consumer group " + name + " already exists");
            }
            if (groupRecords.sizeAsLong() >= MAX_GROUPS) {
                throw new Refusal(
                        ErrorCode.CONSUMER_GROUP_QUOTA_EXCEED,
                        "the logstore has " + MAX_GROUPS + " consumer groups already");
            }
            checkTimeout(timeoutSeconds);
            Group group = new Group(
                    new ConsumerGroup(name, timeoutSeconds, order),
                    Assignment.restored(Assignment.State.EMPTY, context.clock().millis()));
            store(group.settings, group);
            context.writes().publish(() -> groups.put(name, group));
            return null;
        });
    }

    /** Changes the settings that are not null. Fails with ConsumerGroupNotExist or ParameterInvalid. */
    public CompletableFuture<Void> update(String name, @Nullable Integer timeoutSeconds, @Nullable Boolean order) {
        return context.writes().make(() -> {
            Group group = group(name);
            ConsumerGroup changed = new ConsumerGroup(
                    name,
                    timeoutSeconds == null ? group.settings.timeoutSeconds() : timeoutSeconds,
                    order == null ? group.settings.order() : order);
            checkTimeout(changed.timeoutSeconds());
            store(changed, group);
            context.writes().publish(() -> group.settings = changed);
            return null;
        });
    }

    /** Deletes a group with its checkpoints. Fails with ConsumerGroupNotExist. */
    public CompletableFuture<Void> delete(String name) {
        return context.writes().make(() -> {
            Group group = group(name);
            groupRecords.remove(name);
            group.checkpoints.keySet().forEach(shard -> checkpointRecords.remove(name + "/" + shard));
            context.writes().publish(() -> groups.remove(name));
            return null;
        });
    }

    /** Processes a heartbeat and returns the shards that are assigned to the consumer. */
    public CompletableFuture<List<Integer>> heartbeat(String name, String consumer, Set<Integer> held) {
        return context.writes().make(() -> {
            Group group = group(name);
            List<Integer> assigned = group.assignment.heartbeat(
                    consumer, held, assignable(group), context.clock().millis(), group.settings.timeoutMillis());
            // A heartbeat that changes only the time of the last heartbeat is not written.
            Assignment.State state = group.assignment.state();
            if (!state.equals(group.stored)) {
                group.stored = state;
                store(group.settings, group);
            }
            return assigned;
        });
    }

    /**
     * Stores how far a group has read a shard.
     *
     * @param force stores it from any consumer; otherwise the consumer must be alive and hold the shard
     */
    public CompletableFuture<Void> commit(String name, String consumer, int shard, String cursor, boolean force) {
        return context.writes().make(() -> {
            Group group = group(name);
            checkCheckpoint(cursor);
            if (shards.find(shard).isEmpty()) {
                throw new Refusal(404, ErrorCode.SHARD_NOT_EXIST.text(), "shard " + shard + " does not exist");
            }
            if (!force) {
                checkHolder(group, consumer, shard);
            }
            Checkpoint checkpoint = new Checkpoint(cursor, context.clock().millis() * 1000, consumer);
            checkpointRecords.put(name + "/" + shard, Json.write(checkpoint));
            context.writes().publish(() -> group.checkpoints.put(shard, checkpoint));
            return null;
        });
    }

    /** A group's checkpoints; a shard without one has {@link Checkpoint#NONE}. Throws ConsumerGroupNotExist. */
    public Map<Integer, Checkpoint> checkpoints(String name) {
        Group group = group(name);
        NavigableMap<Integer, Checkpoint> all = new ConcurrentSkipListMap<>();
        shards.all().forEach(shard -> all.put(shard.id(), group.checkpoint(shard.id())));
        return all;
    }

    void remove() {
        context.maps().remove(groupRecords);
        context.maps().remove(checkpointRecords);
    }

    private void checkHolder(Group group, String consumer, int shard) {
        long timeout = group.settings.timeoutMillis();
        if (!group.assignment.isAlive(consumer, context.clock().millis(), timeout)) {
            throw new Refusal(ErrorCode.CONSUMER_NOT_EXIST, "consumer " + consumer + " does not exist");
        }
        Optional<String> owner = group.assignment.ownerOf(shard);
        if (!owner.equals(Optional.of(consumer))) {
            throw new Refusal(
                    ErrorCode.CONSUMER_NOT_MATCH,
                    "consumer " + consumer + " does not hold shard " + shard + ", which is "
                            + owner.map(other -> "held by consumer " + other).orElse("not assigned"));
        }
    }

    private Collection<Integer> assignable(Group group) {
        return shards.all().stream()
                .filter(shard ->
                        !group.settings.order() || shard.parents().stream().allMatch(parent -> isDone(group, parent)))
                .map(ShardInfo::id)
                .toList();
    }

    /** Whether a group has consumed a read-only shard to its end, or the shard has vanished. */
    private boolean isDone(Group group, int shard) {
        Optional<ShardLog> log = shards.log(shard);
        if (log.isEmpty() || log.get().begin() == log.get().end()) {
            return true;
        }
        String cursor = group.checkpoint(shard).cursor();
        return !cursor.isEmpty() && Cursors.decode(cursor) >= log.get().end();
    }

    private void store(ConsumerGroup settings, Group group) {
        groupRecords.put(settings.name(), Json.write(new Stored(settings, group.assignment.state())));
    }

    private Group group(String name) {
        Group group = groups.get(name);
        if (group == null) {
            throw new Refusal(ErrorCode.CONSUMER_GROUP_NOT_EXIST, "consumer group " + name + " does not exist");
        }
        return group;
    }

    private static void checkCheckpoint(String cursor) {
        if (!cursor.isEmpty()) {
            try {
                Cursors.decode(cursor);
            } catch (Refusal notACursor) {
                throw new Refusal(ErrorCode.INVALID_SHARD_CHECK_POINT, "shard checkpoint " + cursor + " is invalid");
            }
        }
    }

    private static void checkTimeout(int seconds) {
        if (seconds < 1 || seconds > MAX_TIMEOUT_SECONDS) {
            throw invalid("timeout " + seconds + " is not between 1 and " + MAX_TIMEOUT_SECONDS + " seconds");
        }
    }

    private static Refusal invalid(String message) {
        return new Refusal(ErrorCode.PARAMETER_INVALID, message);
    }
}
