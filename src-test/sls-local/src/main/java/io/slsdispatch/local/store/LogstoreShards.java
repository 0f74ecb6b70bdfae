package io.slsdispatch.local.store;

import io.slsdispatch.local.ledger.LedgerEntry;
import io.slsdispatch.local.store.shard.HashKey;
import io.slsdispatch.local.store.shard.ShardHistory;
import io.slsdispatch.local.store.shard.ShardInfo;
import io.slsdispatch.local.store.shard.ShardTable;
import io.slsdispatch.local.wire.ErrorCode;
import io.slsdispatch.local.wire.Refusal;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.StreamSupport;

/**
 * The shards of one logstore with their groups. Any thread may read the published state. Changes are made inside the
 * store's writes, and {@link #show} publishes them when they are durable.
 */
final class LogstoreShards {

    private final StoreContext context;
    private final long uid;
    private final String logstore;
    private final ShardHistory history = new ShardHistory();
    private final Map<Integer, ShardLog> logs = new ConcurrentHashMap<>();
    private volatile ShardTable published;

    // Accessed inside changes only; includes changes that are not durable yet.
    private ShardTable current;
    private final List<ShardInfo> vanished;
    private int turn;

    /** @param vanished shards that have vanished and whose ledgers are kept */
    LogstoreShards(StoreContext context, long uid, String logstore, ShardTable table, List<ShardInfo> vanished) {
        this.context = context;
        this.uid = uid;
        this.logstore = logstore;
        this.current = table;
        this.published = table;
        this.vanished = new ArrayList<>(vanished);
        history.add(table);
        table.all().forEach(this::open);
        // For the ledger, which keeps all entries.
        vanished.forEach(this::open);
    }

    /** Reserves the positions and bytes of the groups that are already in the file. */
    void claim() {
        logs.values().forEach(log -> {
            context.positions().passed(log.end());
            context.budget().take(log.retainedBytes());
        });
    }

    /** All shards, by id. */
    List<ShardInfo> all() {
        return published.all();
    }

    /** All shards, by id, as they were at a moment by {@link System#nanoTime}. */
    List<ShardInfo> at(long nanoTime) {
        return history.at(nanoTime).all();
    }

    Optional<ShardInfo> find(int id) {
        return published.find(id);
    }

    /** The groups of a shard, if there is one of this id. */
    Optional<ShardLog> log(int id) {
        return published.find(id).map(shard -> logs.get(shard.id()));
    }

    /** The ledger: all groups written, shard by shard in the order of the ids, including vanished shards. */
    Iterator<LedgerEntry> ledger() {
        List<ShardLog> inOrder = new TreeMap<>(logs).values().stream().toList();
        return inOrder.stream()
                .flatMap(log -> StreamSupport.stream(
                        Spliterators.spliteratorUnknownSize(log.ledger(), Spliterator.ORDERED), false))
                .iterator();
    }

    /**
     * The groups of a shard.
     *
     * @throws Refusal ShardNotExist
     */
    ShardLog existing(int id) {
        return log(id).orElseThrow(() -> notThere(id));
    }

    static Refusal notThere(int shard) {
        return new Refusal(ErrorCode.SHARD_NOT_EXIST, "shard " + shard + " does not exist");
    }

    /** Called inside a change: the shards after the changes so far. */
    ShardTable current() {
        return current;
    }

    /** Called inside a change: the shards that have vanished. */
    List<ShardInfo> vanished() {
        return vanished;
    }

    /** Called inside a change: the groups of a shard, even of one that has vanished. */
    Optional<ShardLog> everLog(int id) {
        return Optional.ofNullable(logs.get(id));
    }

    /** Called inside a change: the groups of a shard that exists after the changes so far. */
    Optional<ShardLog> currentLog(int id) {
        return current.find(id).isEmpty() ? Optional.empty() : everLog(id);
    }

    /**
     * Called inside a change: selects the shard that a put is written to.
     *
     * @throws Refusal LogstoreWithoutShard when none is read-write
     */
    int choose(Route route) {
        if (route instanceof Route.ByKey byKey) {
            return holderOf(byKey.key());
        }
        if (route instanceof Route.InSequence sequence) {
            return holderOf(sequence.key());
        }
        if (route instanceof Route.ToShard to) {
            return to.shard();
        }
        List<ShardInfo> open = current.open();
        if (open.isEmpty()) {
            throw withoutShard();
        }
        turn = (turn + 1) % open.size();
        return open.get(turn).id();
    }

    private int holderOf(HashKey key) {
        return current.holderOf(key).orElseThrow(this::withoutShard).id();
    }

    private Refusal withoutShard() {
        return new Refusal(ErrorCode.LOGSTORE_WITHOUT_SHARD, "logstore " + logstore + " has no readwrite shard");
    }

    /** Called inside a change: applies a split or merge. */
    void apply(ShardTable.Change change) {
        change.added().forEach(this::open);
        current = change.table();
    }

    /** Called inside a change: publishes the current shards when the change is durable. */
    void show() {
        ShardTable visible = current;
        context.writes().publish(() -> {
            history.add(visible);
            published = visible;
        });
    }

    /** Whether {@link #expire} would find something to drop. */
    boolean haveStale(long cutoffMillis) {
        return all().stream().anyMatch(shard -> isStale(shard, cutoffMillis));
    }

    private boolean isStale(ShardInfo shard, long cutoffMillis) {
        ShardLog log = log(shard);
        boolean empty = log.begin() == log.end();
        return empty
                ? !shard.isReadWrite() && shard.closedMillis() < cutoffMillis
                : log.receivedMillis(log.begin()) < cutoffMillis;
    }

    /**
     * Called inside a change: drops groups that were received before a moment, and read-only shards that were closed
     * before that moment and have no groups left.
     *
     * @return whether shards were dropped
     */
    boolean expire(long cutoffMillis) {
        List<ShardInfo> gone = new ArrayList<>();
        for (ShardInfo shard : current.all()) {
            ShardLog log = log(shard);
            long reached = trim(log, log.firstReceivedFrom(cutoffMillis));
            if (!shard.isReadWrite() && shard.closedMillis() < cutoffMillis && reached == log.next()) {
                gone.add(shard);
            }
        }
        if (!gone.isEmpty()) {
            vanished.addAll(gone);
            current = current.without(gone);
        }
        return !gone.isEmpty();
    }

    /**
     * Called inside a change: drops groups before a position, as many as one step allows, and returns the position
     * reached.
     */
    long trim(ShardLog log, long before) {
        ShardLog.Trimmed trimmed = log.trim(before);
        context.writes().publish(() -> {
            log.publishBegin(trimmed.begin());
            context.budget().give(trimmed.bytes());
        });
        return trimmed.begin();
    }

    /** Called inside a change: deletes all data of the shards. */
    void delete() {
        logs.values().forEach(log -> {
            context.positions().passed(log.next());
            long freed = log.retainedBytes();
            context.writes().publish(() -> context.budget().give(freed));
            log.remove(context.maps());
        });
    }

    private void open(ShardInfo shard) {
        logs.put(shard.id(), new ShardLog(shard, context.maps(), uid));
    }

    private ShardLog log(ShardInfo shard) {
        ShardLog log = logs.get(shard.id());
        if (log == null) {
            throw new IllegalStateException("Shard " + shard.id() + " of " + logstore + " has no log");
        }
        return log;
    }
}
