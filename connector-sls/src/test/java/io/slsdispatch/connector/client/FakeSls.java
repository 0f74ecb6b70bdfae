package io.slsdispatch.connector.client;

import static io.slsdispatch.testing.LogGroupBuilder.logGroup;

import io.slsdispatch.connector.model.Cursor;
import io.slsdispatch.connector.model.KeyRange;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.PulledBatch;
import io.slsdispatch.connector.model.Shard;
import io.slsdispatch.connector.wire.WireBytes;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * A service in memory with one logstore, which does what a test says: shards split, merge and are trimmed, its clock
 * stands still at the time of its making until it is moved, and requests fail or hang on demand. Reached through {@link #clients()}, which works in
 * a job graph too, as long as everything runs in this JVM. Safe for use from many threads.
 */
public final class FakeSls implements AutoCloseable {

    private static final Map<String, FakeSls> RUNNING = new ConcurrentHashMap<>();

    /** Data begins here, so that no cursor looks like an index. */
    private static final long FIRST = 1000;

    /** What a client asked for. */
    public record Call(int client, String operation, int shard, String detail) {}

    private record Group(byte[] bytes, long receivedAt) {}

    private static final class StoredShard {
        Shard shard;
        long begin = FIRST;
        long next = FIRST;
        final TreeMap<Long, Group> groups = new TreeMap<>();

        StoredShard(Shard shard) {
            this.shard = shard;
        }

        void add(Group group) {
            groups.put(next++, group);
        }

        long end() {
            return next;
        }
    }

    private static final class Fault {
        final Predicate<Call> when;
        final ErrorKind kind;
        int times;

        Fault(Predicate<Call> when, ErrorKind kind, int times) {
            this.when = when;
            this.kind = kind;
            this.times = times;
        }
    }

    private final String id = UUID.randomUUID().toString();
    private final LogstoreId logstore;
    private final TreeMap<Integer, StoredShard> shards = new TreeMap<>();
    private final Map<String, Map<Integer, String>> consumerGroups = new HashMap<>();
    private final List<Call> calls = Collections.synchronizedList(new ArrayList<>());
    private final List<Fault> faults = new ArrayList<>();
    private final List<UnaryOperator<PulledBatch>> corruptions = new ArrayList<>();
    private final List<UnaryOperator<List<Shard>>> listings = new ArrayList<>();
    private Predicate<Call> hanging = call -> false;
    private final List<Call> unanswered = new ArrayList<>();
    private long nowSeconds = Instant.now().getEpochSecond();
    private int nextShard;
    private int clients;
    private int openClients;
    private int maxGroups = PullRequest.MAX_GROUPS;
    private int consumerGroupQuota = 10;
    private AtExpired atExpired = AtExpired.REFUSED;
    private UnaryOperator<String> spelling = cursor -> cursor;
    private boolean clockIsKnown = true;
    private Duration retention = Duration.ZERO;
    private Optional<Instant> credentialsExpiration = Optional.empty();

    /** A logstore with so many shards that divide the ring evenly. */
    public FakeSls(LogstoreId logstore, int shardCount) {
        this.logstore = logstore;
        addShards(KeyRange.RING, shardCount);
        RUNNING.put(id, this);
    }

    public FakeSls(int shardCount) {
        this(new LogstoreId("fake-project", "source"), shardCount);
    }

    public LogstoreId logstore() {
        return logstore;
    }

    /** Clients of this service. */
    public SlsClientFactory clients() {
        String name = id;
        return () -> RUNNING.get(name).connect();
    }

    private synchronized FakeSlsClient connect() {
        openClients++;
        return new FakeSlsClient(this, clients++);
    }

    // ---- what the outside world does

    /** Writes a group and returns its bytes. */
    public synchronized byte[] write(int shard, String topic, String content) {
        byte[] bytes = group(topic, content);
        writeBytes(shard, bytes);
        return bytes;
    }

    /** Writes a group as it is, whatever its bytes are. */
    public synchronized void writeBytes(int shard, byte[] group) {
        shards.get(shard).add(new Group(group, nowSeconds));
    }

    /** Writes so many groups, with the prefix and a number from 0 on as contents. */
    public synchronized void writeMany(int shard, String prefix, int count) {
        for (int i = 0; i < count; i++) {
            write(shard, "topic-" + i % 3, prefix + i);
        }
    }

    /** The group that {@link #write} makes; {@link TestGroups#content} reads it. */
    static byte[] group(String topic, String content) {
        return logGroup().topic(topic).source(content).toBytes();
    }

    /** Splits a shard and returns its children. */
    public synchronized List<Integer> split(int shard, int count) {
        StoredShard parent = close(shard);
        return addShards(parent.shard.range(), count);
    }

    /** Merges two neighbours and returns what becomes of them. */
    public synchronized int merge(int left, int right) {
        KeyRange range = new KeyRange(
                close(left).shard.range().begin(), close(right).shard.range().end());
        return addShards(range, 1).get(0);
    }

    private StoredShard close(int id) {
        StoredShard stored = shards.get(id);
        Shard open = stored.shard;
        stored.shard = new Shard(open.id(), open.range(), false, open.createdAtSeconds());
        return stored;
    }

    private List<Integer> addShards(KeyRange range, int count) {
        List<Integer> ids = new ArrayList<>();
        BigInteger step = range.end().subtract(range.begin()).divide(BigInteger.valueOf(count));
        for (int i = 0; i < count; i++) {
            BigInteger begin = range.begin().add(step.multiply(BigInteger.valueOf(i)));
            BigInteger end = i == count - 1 ? range.end() : begin.add(step);
            Shard shard = new Shard(nextShard++, new KeyRange(begin, end), true, nowSeconds);
            shards.put(shard.id(), new StoredShard(shard));
            ids.add(shard.id());
        }
        return ids;
    }

    /** Leaves out so many numbers behind the last group of a shard: no group ever has them. */
    public synchronized void skipNumbers(int shard, long numbers) {
        shards.get(shard).next += numbers;
    }

    /** Drops the oldest groups of a shard. */
    public synchronized void trim(int shard, int groups) {
        StoredShard stored = shards.get(shard);
        stored.begin = stored.groups.tailMap(stored.begin).keySet().stream()
                .skip(groups)
                .findFirst()
                .orElse(stored.next);
    }

    /** Drops a shard with all that it holds. */
    public synchronized void remove(int shard) {
        shards.remove(shard);
    }

    public synchronized void advanceSeconds(long seconds) {
        nowSeconds += seconds;
    }

    /** Answers to listings do not say the service's time any more. */
    public synchronized void hideClock() {
        clockIsKnown = false;
    }

    synchronized boolean clockIsKnown() {
        return clockIsKnown;
    }

    public synchronized Instant now() {
        return Instant.ofEpochSecond(nowSeconds);
    }

    /** For how long the logstore says that it keeps groups, zero for ever. */
    public synchronized void retention(Duration kept) {
        retention = kept;
    }

    synchronized Duration retention() {
        return retention;
    }

    /** When the credentials of every client end. */
    public synchronized void credentialsExpireAt(Instant end) {
        credentialsExpiration = Optional.of(end);
    }

    synchronized Optional<Instant> credentialsExpiration() {
        return credentialsExpiration;
    }

    // ---- how it misbehaves

    /** The most groups that an answer has, whatever was asked for. */
    public synchronized void maxGroupsPerAnswer(int groups) {
        maxGroups = groups;
    }

    public synchronized void consumerGroupQuota(int groups) {
        consumerGroupQuota = groups;
    }

    /** How a pull at an expired cursor is answered, which the service does not document. */
    public enum AtExpired {
        REFUSED,
        /** By an empty batch that goes on at the oldest group. */
        EMPTY,
        /** By the oldest groups. */
        OLDEST
    }

    /** How pulls at expired cursors are answered; by refusals if a test does not say it. */
    public synchronized void atExpiredCursors(AtExpired answer) {
        atExpired = answer;
    }

    /** Refuses the next so many calls that match. */
    public synchronized void refuse(ErrorKind kind, int times, Predicate<Call> when) {
        faults.add(new Fault(when, kind, times));
    }

    /** Refuses an operation until {@link #heal}. */
    public synchronized void refuse(ErrorKind kind, String operation) {
        refuse(kind, Integer.MAX_VALUE, call -> call.operation().equals(operation));
    }

    /** How cursors are written in the answers to GetCursor; without padding, for example. */
    public synchronized void spellCursors(UnaryOperator<String> spelt) {
        spelling = spelt;
    }

    /** Changes the next answer to a pull that has groups. */
    public synchronized void corruptNext(UnaryOperator<PulledBatch> corruption) {
        corruptions.add(corruption);
    }

    /** Changes the next listing. */
    public synchronized void changeNextListing(UnaryOperator<List<Shard>> change) {
        listings.add(change);
    }

    /** Calls that match are not answered before their client is closed or {@link #heal}. */
    public synchronized void hang(Predicate<Call> when) {
        hanging = when;
    }

    public synchronized void heal() {
        faults.clear();
        corruptions.clear();
        listings.clear();
        hanging = call -> false;
        notifyAll();
    }

    // ---- what it saw

    public List<Call> calls() {
        synchronized (calls) {
            return List.copyOf(calls);
        }
    }

    public List<Call> calls(String operation) {
        return calls().stream()
                .filter(call -> call.operation().equals(operation))
                .toList();
    }

    /** The calls that are waiting for their answer because of {@link #hang}. */
    public synchronized List<Call> unanswered() {
        return List.copyOf(unanswered);
    }

    /** How many groups each shard has ever held. */
    public synchronized Map<Integer, Integer> groupCounts() {
        Map<Integer, Integer> counts = new HashMap<>();
        shards.forEach((shard, stored) -> counts.put(shard, stored.groups.size()));
        return counts;
    }

    /** How many clients were made and not closed. */
    public synchronized int openClients() {
        return openClients;
    }

    public synchronized Map<Integer, String> committed(String consumerGroup) {
        return Map.copyOf(consumerGroups.getOrDefault(consumerGroup, Map.of()));
    }

    synchronized List<String> consumerGroups() {
        return List.copyOf(consumerGroups.keySet());
    }

    public synchronized void deleteConsumerGroup(String consumerGroup) {
        consumerGroups.remove(consumerGroup);
    }

    public synchronized boolean hasConsumerGroup(String consumerGroup) {
        return consumerGroups.containsKey(consumerGroup);
    }

    /** How a consumer group stands before the job runs. */
    public synchronized void commit(String consumerGroup, int shard, String cursor) {
        consumerGroups.computeIfAbsent(consumerGroup, name -> new HashMap<>()).put(shard, cursor);
    }

    /** The cursor of the n-th group of a shard, from 0; the group need not exist yet. */
    public static String cursorOf(int group) {
        return encoded(FIRST + group);
    }

    /** Which group of its shard a cursor points to, from 0. */
    public static int groupAt(Cursor cursor) {
        return (int) (cursor.number().orElseThrow() - FIRST);
    }

    private static String encoded(long number) {
        return Base64.getEncoder().encodeToString(Long.toString(number).getBytes(StandardCharsets.US_ASCII));
    }

    private static long number(String cursor) {
        return Cursor.of(cursor).number().orElseThrow();
    }

    public synchronized List<Shard> shards() {
        return shards.values().stream().map(stored -> stored.shard).toList();
    }

    // ---- what clients ask

    /** Notes a call, and fails or blocks it if a test says so. */
    void enter(Call call, FakeSlsClient client) throws SlsException {
        calls.add(call);
        synchronized (this) {
            hangWhileToldTo(call, client);
            if (client.isClosed()) {
                throw refusal(ErrorKind.UNAVAILABLE, call);
            }
            for (Fault fault : faults) {
                if (fault.times > 0 && fault.when.test(call)) {
                    fault.times--;
                    throw refusal(fault.kind, call);
                }
            }
        }
    }

    private synchronized void hangWhileToldTo(Call call, FakeSlsClient client) throws SlsException {
        unanswered.add(call);
        try {
            while (hanging.test(call) && !client.isClosed()) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw refusal(ErrorKind.UNAVAILABLE, call);
        } finally {
            unanswered.remove(call);
        }
    }

    synchronized void clientClosed() {
        openClients--;
        notifyAll();
    }

    private static SlsException refusal(ErrorKind kind, Call call) {
        return refusal(kind, kind.name(), call);
    }

    private static SlsException refusal(ErrorKind kind, String code, Call call) {
        return new SlsException(
                kind, call.operation(), "shard " + call.shard(), 400, code, "R1", "as the test wants", null);
    }

    synchronized List<Shard> list() {
        List<Shard> listing = new ArrayList<>(shards());
        Collections.reverse(listing);
        return listings.isEmpty() ? listing : listings.remove(0).apply(listing);
    }

    synchronized String cursor(Call call, CursorOrigin origin) throws SlsException {
        StoredShard shard = find(call);
        long position;
        if (origin instanceof CursorOrigin.At at) {
            position = shard.groups.tailMap(shard.begin).entrySet().stream()
                    .filter(entry ->
                            entry.getValue().receivedAt >= at.receiveTime().getEpochSecond())
                    .map(Map.Entry::getKey)
                    .findFirst()
                    .orElse(shard.end());
        } else {
            position = origin instanceof CursorOrigin.Begin ? shard.begin : shard.end();
        }
        return spelling.apply(encoded(position));
    }

    synchronized Instant cursorTime(Call call, String cursor) throws SlsException {
        StoredShard shard = find(call);
        long position = check(call, shard, cursor);
        Map.Entry<Long, Group> group = shard.groups.ceilingEntry(position);
        return Instant.ofEpochSecond(group == null ? nowSeconds : group.getValue().receivedAt);
    }

    synchronized PulledBatch pull(Call call, PullRequest request) throws SlsException {
        StoredShard shard = find(call);
        boolean expired = number(request.cursor()) < shard.begin;
        if (expired && atExpired == AtExpired.EMPTY) {
            return new PulledBatch(new byte[0], 0, 0, encoded(shard.begin), false, 0, nowSeconds);
        }
        long from = expired && atExpired == AtExpired.OLDEST ? shard.begin : check(call, shard, request.cursor());
        long end = shard.end();
        if (request.endCursor() != null) {
            end = Math.min(end, number(request.endCursor()));
        }
        int most = Math.min(request.maxGroups(), maxGroups);
        WireBytes list = WireBytes.message();
        long receivedAt = 0;
        int groups = 0;
        long to = from;
        for (Map.Entry<Long, Group> entry :
                shard.groups.subMap(from, Math.max(from, end)).entrySet()) {
            if (groups == most) {
                break;
            }
            list.bytes(1, entry.getValue().bytes);
            receivedAt = entry.getValue().receivedAt;
            groups++;
            to = entry.getKey() + 1;
        }
        byte[] data = list.toBytes();
        PulledBatch batch = new PulledBatch(
                data, data.length, groups, encoded(to), shard.groups.tailMap(to).isEmpty(), receivedAt, nowSeconds);
        return batch.groups() == 0 || corruptions.isEmpty()
                ? batch
                : corruptions.remove(0).apply(batch);
    }

    synchronized void createConsumerGroup(Call call, String name) throws SlsException {
        if (!consumerGroups.containsKey(name) && consumerGroups.size() >= consumerGroupQuota) {
            throw refusal(ErrorKind.QUOTA_EXCEEDED, call);
        }
        consumerGroups.computeIfAbsent(name, key -> new HashMap<>());
    }

    synchronized Map<Integer, String> cursors(Call call, String name) throws SlsException {
        return Map.copyOf(findGroup(call, name));
    }

    synchronized void commit(Call call, String name, String cursor) throws SlsException {
        findGroup(call, name).put(call.shard(), cursor);
    }

    private Map<Integer, String> findGroup(Call call, String name) throws SlsException {
        Map<Integer, String> group = consumerGroups.get(name);
        if (group == null) {
            throw refusal(ErrorKind.NOT_FOUND, "ConsumerGroupNotExist", call);
        }
        return group;
    }

    private StoredShard find(Call call) throws SlsException {
        StoredShard shard = shards.get(call.shard());
        if (shard == null) {
            throw refusal(ErrorKind.SHARD_NOT_FOUND, call);
        }
        return shard;
    }

    private static long check(Call call, StoredShard shard, String cursor) throws SlsException {
        long position = number(cursor);
        if (position < shard.begin || position > shard.end()) {
            throw refusal(ErrorKind.CURSOR_EXPIRED, call);
        }
        return position;
    }

    @Override
    public void close() {
        RUNNING.remove(id);
    }
}
