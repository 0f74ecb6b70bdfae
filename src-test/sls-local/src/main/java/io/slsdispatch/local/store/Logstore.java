package io.slsdispatch.local.store;

import io.slsdispatch.local.ledger.GroupDigest;
import io.slsdispatch.local.ledger.LedgerEntry;
import io.slsdispatch.local.store.shard.HashKey;
import io.slsdispatch.local.store.shard.ShardInfo;
import io.slsdispatch.local.store.shard.ShardTable;
import io.slsdispatch.local.wire.ErrorCode;
import io.slsdispatch.local.wire.GroupParts;
import io.slsdispatch.local.wire.Refusal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.h2.mvstore.MVMap;

/**
 * A logstore: its settings, shards and their groups, sequence ids and consumer groups. Safe for use by several threads.
 */
public final class Logstore {

    private static final long DAY_MILLIS = 24 * 60 * 60 * 1000L;

    private final StoreContext context;
    private final String project;
    private final long uid;
    private final MVMap<String, String> records;
    private final MVMap<HashKey, Long> sequences;
    private final LogstoreShards shards;
    private final ConsumerGroups consumerGroups;

    private volatile LogstoreConfig config;
    private final Map<GroupDigest, List<GroupDigest>> partsOfRefused = new ConcurrentHashMap<>();

    // Accessed inside changes only.
    private boolean deleted;

    private Logstore(StoreContext context, String project, Stored stored) {
        this.context = context;
        this.project = project;
        this.uid = stored.uid();
        this.config = stored.config();
        this.records = context.maps().logstores();
        this.sequences = context.maps().sequences(uid);
        this.shards = new LogstoreShards(
                context, uid, config.name(), ShardTable.of(stored.shards(), stored.nextShardId()), stored.vanished());
        this.consumerGroups = new ConsumerGroups(context, shards, uid);
    }

    /** The persistent form of a logstore. */
    record Stored(long uid, LogstoreConfig config, int nextShardId, List<ShardInfo> shards, List<ShardInfo> vanished) {}

    /** Called inside a change. */
    static Logstore create(StoreContext context, String project, LogstoreConfig config) {
        long millis = context.clock().millis();
        long uid = context.positions().getAsLong();
        ShardTable table = ShardTable.initial(config.shardCount(), millis, context.positions());
        Logstore logstore = new Logstore(
                context,
                project,
                new Stored(uid, config.createdAt(millis / 1000), table.nextId(), table.all(), List.of()));
        logstore.store(logstore.config);
        return logstore;
    }

    static Logstore restored(StoreContext context, String project, Stored stored) {
        Logstore logstore = new Logstore(context, project, stored);
        logstore.shards.claim();
        return logstore;
    }

    /** The project that the logstore belongs to. */
    public String project() {
        return project;
    }

    public String name() {
        return config.name();
    }

    public LogstoreConfig config() {
        return config;
    }

    public ConsumerGroups consumerGroups() {
        return consumerGroups;
    }

    /** All shards, by id. */
    public List<ShardInfo> shards() {
        return shards.all();
    }

    /**
     * All shards, by id, as they were at a moment: for responses that are out of date.
     *
     * @param nanoTime the moment, by {@link System#nanoTime}; a moment before this process opened the logstore counts
     *     as the moment of opening
     */
    public List<ShardInfo> shardsAt(long nanoTime) {
        return shards.at(nanoTime);
    }

    /** A shard, if there is one of this id. */
    public Optional<ShardInfo> shard(int id) {
        return shards.find(id);
    }

    /** The groups of a shard, if there is one of this id. */
    public Optional<ShardLog> log(int id) {
        return shards.log(id);
    }

    /** The ledger: all groups written, shard by shard in the order of the ids, including vanished shards. */
    public Iterator<LedgerEntry> ledger() {
        return shards.ledger();
    }

    /**
     * Records that a group was refused as too large. The record is in memory only and does not survive a restart of the
     * process.
     */
    public void refusedAsTooLarge(byte[] group) {
        List<GroupDigest> parts =
                GroupParts.ofRefused(group).stream().map(GroupDigest::of).toList();
        if (!parts.isEmpty()) {
            partsOfRefused.put(GroupDigest.of(group), parts);
        }
    }

    /**
     * The groups that were refused as too large and can be split, with the parts into which a forwarder splits each.
     */
    public Map<GroupDigest, List<GroupDigest>> partsOfRefused() {
        return Map.copyOf(partsOfRefused);
    }

    /** Changes settings; the number of shards stays. */
    public CompletableFuture<Void> update(Map<String, Object> changes) {
        return context.writes().make(() -> {
            checkAlive();
            LogstoreConfig changed = config.updatedWith(changes, context.clock().millis() / 1000);
            store(changed);
            context.writes().publish(() -> config = changed);
            return null;
        });
    }

    /**
     * Writes groups to one shard, all or none.
     *
     * @param admission called before anything is written; decides how late the groups are written to the shard
     * @return completes with the shard when the put is to be acknowledged
     */
    public CompletableFuture<Integer> append(Route route, List<StoredGroup> groups, Admission admission) {
        return context.writes().make(() -> {
            checkAlive();
            int shard = shards.choose(route);
            Duration late = admission.admit(shard);
            long bytes = bytesOf(groups);
            context.budget().check(bytes);
            ShardLog log = shards.everLog(shard).orElseThrow(() -> LogstoreShards.notThere(shard));
            if (route instanceof Route.InSequence sequence) {
                takeId(sequence);
            }
            context.budget().take(bytes);
            if (late.isZero()) {
                write(log, groups);
            } else {
                context.lateWrites().after(late, () -> appendLate(shard, groups, bytes));
            }
            return shard;
        });
    }

    private void write(ShardLog log, List<StoredGroup> groups) {
        long millis = context.clock().millis();
        groups.forEach(group -> log.append(group, millis));
        ShardLog.Tail tail = log.tail();
        context.writes().publish(() -> log.publish(tail));
    }

    /** Writes to the shard that accepted the put, even if it is read-only by now. */
    private CompletableFuture<Void> appendLate(int shard, List<StoredGroup> groups, long bytes) {
        return context.writes().make(() -> {
            ShardLog log = deleted ? null : shards.currentLog(shard).orElse(null);
            if (log == null) {
                context.budget().give(bytes);
                throw new Refusal(ErrorCode.SHARD_NOT_EXIST, "shard " + shard + " of " + key() + " no longer exists");
            }
            write(log, groups);
            return null;
        });
    }

    private static long bytesOf(List<StoredGroup> groups) {
        long bytes = 0;
        for (StoredGroup group : groups) {
            bytes += group.bytes().length;
        }
        return bytes;
    }

    private void takeId(Route.InSequence sequence) {
        Long last = sequences.get(sequence.key());
        if (last != null && Long.compareUnsigned(sequence.sequenceId(), last) <= 0) {
            throw new Refusal(
                    ErrorCode.INVALID_SEQUENCE_ID,
                    "sequence id " + Long.toUnsignedString(sequence.sequenceId()) + " of key " + sequence.key()
                            + " is not above the last one, " + Long.toUnsignedString(last));
        }
        sequences.put(sequence.key(), sequence.sequenceId());
    }

    /**
     * Makes the positions of a shard jump: the position of its next group is larger by {@code size}.
     *
     * @param size of the hole, at least 1
     */
    public CompletableFuture<Void> jump(int shard, long size) {
        return context.writes().make(() -> {
            checkAlive();
            // New shards begin after it, as always.
            context.positions().passed(shards.existing(shard).jump(size));
            return null;
        });
    }

    /**
     * Splits a shard.
     *
     * @param at the key at which to split in two; without it, the keys are divided evenly
     * @param parts number of new shards when no key is given
     * @return completes with the parent, now read-only, and its children
     */
    public CompletableFuture<List<ShardInfo>> split(int shard, Optional<HashKey> at, int parts) {
        return context.writes().make(() -> {
            checkAlive();
            var change =
                    shards.current().split(shard, at, parts, context.clock().millis(), context.positions());
            reshard(change);
            return joined(change.closed(), change.added());
        });
    }

    /**
     * Merges a shard with its right neighbour.
     *
     * @return completes with the new shard and its parents, now read-only
     */
    public CompletableFuture<List<ShardInfo>> merge(int shard) {
        return context.writes().make(() -> {
            checkAlive();
            var change = shards.current().merge(shard, context.clock().millis(), context.positions());
            reshard(change);
            return joined(change.added(), change.closed());
        });
    }

    private void reshard(ShardTable.Change change) {
        shards.apply(change);
        if (context.settings().forgetSequencesOnReshard()) {
            sequences.clear();
        }
        store(config);
        shards.show();
    }

    private static List<ShardInfo> joined(List<ShardInfo> first, List<ShardInfo> second) {
        List<ShardInfo> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }

    /**
     * Drops groups older than the time to live, and read-only shards that were closed that long ago and have no groups
     * left.
     */
    CompletableFuture<Void> expire() {
        long cutoff = context.clock().millis() - config.ttlDays() * DAY_MILLIS;
        if (config.isForEver() || !shards.haveStale(cutoff)) {
            return CompletableFuture.completedFuture(null);
        }
        return context.writes().make(() -> {
            if (shards.expire(cutoff)) {
                store(config);
                shards.show();
            }
            return null;
        });
    }

    /**
     * Drops the groups of a shard before a position, as retention does.
     *
     * @return completes with the position of the oldest group that is left
     */
    public CompletableFuture<Long> trim(int shard, long before) {
        return context.writes().make(() -> {
            checkAlive();
            ShardLog log = shards.existing(shard);
            long reached = shards.trim(log, before);
            while (reached < Math.min(before, log.next())) {
                reached = shards.trim(log, before);
            }
            return reached;
        });
    }

    /** Called inside a change: deletes all data of the logstore. */
    void delete() {
        deleted = true;
        shards.delete();
        consumerGroups.remove();
        context.maps().remove(sequences);
        records.remove(key());
    }

    private void store(LogstoreConfig settings) {
        records.put(
                key(),
                Json.write(new Stored(
                        uid,
                        settings,
                        shards.current().nextId(),
                        shards.current().all(),
                        shards.vanished())));
    }

    private void checkAlive() {
        if (deleted) {
            throw new Refusal(ErrorCode.LOGSTORE_NOT_EXIST, "logstore " + name() + " does not exist");
        }
    }

    private String key() {
        return project + "/" + config.name();
    }
}
