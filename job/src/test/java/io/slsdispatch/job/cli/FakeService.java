package io.slsdispatch.job.cli;

import io.slsdispatch.connector.client.CursorOrigin;
import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.PullRequest;
import io.slsdispatch.connector.client.PutRequest;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.model.KeyRange;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.PulledBatch;
import io.slsdispatch.connector.model.Shard;
import io.slsdispatch.connector.wire.LogGroupFields;
import io.slsdispatch.testing.UnsupportedSlsClient;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A service in memory for commands: logstores with shards, groups in the first one, and consumer groups. */
final class FakeService extends UnsupportedSlsClient {

    private record Stored(byte[] bytes, Instant received) {}

    final TreeSet<String> logstores = new TreeSet<>();
    final Map<String, Map<Integer, String>> consumerGroups = new TreeMap<>();

    /** The names of the calls, in their order. */
    final List<String> calls = new ArrayList<>();

    private final List<List<Stored>> shards;

    /** The logstore that has the shards and their groups; each other one has an empty shard. */
    String source = "my-project/all-logs";

    /** The logstore that accepts writes; the others reject them for their content. */
    String written = "";

    private final List<List<Stored>> empty = List.of(new ArrayList<>());

    /** Runs at each pull, before it is answered. */
    Runnable onPull = () -> {};

    /** The most groups of a response. */
    int mostGroups = 1000;

    /** What every call fails with; null while the service is well. */
    @Nullable
    SlsException failure;

    FakeService(int shards) {
        this.shards = IntStream.range(0, shards)
                .mapToObj(shard -> (List<Stored>) new ArrayList<Stored>())
                .toList();
    }

    private List<List<Stored>> shards(LogstoreId logstore) {
        return logstore.toString().equals(source) ? shards : empty;
    }

    void write(int shard, byte[] group, Instant received) {
        shards.get(shard).add(new Stored(group, received));
    }

    static String cursorOf(int group) {
        return Base64.getEncoder().encodeToString(Integer.toString(1000 + group).getBytes(StandardCharsets.UTF_8));
    }

    private static int groupOf(String cursor) {
        return Integer.parseInt(new String(Base64.getDecoder().decode(cursor), StandardCharsets.UTF_8)) - 1000;
    }

    private void enter(String operation, LogstoreId logstore) throws SlsException {
        calls.add(operation);
        if (failure != null) {
            throw failure;
        }
        if (!logstores.contains(logstore.toString())) {
            throw new SlsException(
                    ErrorKind.NOT_FOUND,
                    operation,
                    logstore.toString(),
                    404,
                    "LogStoreNotExist",
                    "5F0A",
                    "logstore " + logstore.logstore() + " does not exist",
                    null);
        }
    }

    @Override
    public void checkLogstore(LogstoreId logstore) throws SlsException {
        enter("GetLogStore", logstore);
    }

    @Override
    public String credentialsInUse() {
        return "environment variables SLS_AK_ID and SLS_AK_KEY: permanent credentials";
    }

    @Override
    public Duration retention(LogstoreId logstore) {
        return Duration.ZERO;
    }

    @Override
    public List<Shard> listShards(LogstoreId logstore) throws SlsException {
        enter("ListShards", logstore);
        return IntStream.range(0, shards(logstore).size())
                .mapToObj(shard -> new Shard(shard, KeyRange.RING, true, 0))
                .toList();
    }

    @Override
    public String cursor(LogstoreId logstore, int shard, CursorOrigin origin) throws SlsException {
        enter("GetCursor", logstore);
        List<Stored> stored = shards(logstore).get(shard);
        if (origin instanceof CursorOrigin.End) {
            return cursorOf(stored.size());
        }
        if (origin instanceof CursorOrigin.At at) {
            long before = stored.stream()
                    .filter(group -> group.received.isBefore(at.receiveTime()))
                    .count();
            return cursorOf((int) before);
        }
        return cursorOf(0);
    }

    @Override
    public Instant cursorTime(LogstoreId logstore, int shard, String cursor) throws SlsException {
        enter("GetCursorTime", logstore);
        return shards(logstore).get(shard).get(groupOf(cursor)).received;
    }

    @Override
    public CompletableFuture<PulledBatch> pull(PullRequest request) {
        try {
            enter("PullLogs", request.logstore());
            onPull.run();
        } catch (SlsException e) {
            return CompletableFuture.failedFuture(e);
        }
        List<Stored> stored = shards(request.logstore()).get(request.shard());
        int from = groupOf(request.cursor());
        int to = Math.min(stored.size(), from + Math.min(mostGroups, request.maxGroups()));
        ByteArrayOutputStream list = new ByteArrayOutputStream();
        for (Stored group : stored.subList(from, to)) {
            list.write((LogGroupFields.GROUP << 3) | 2);
            int length = group.bytes.length;
            while (length > 0x7f) {
                list.write((length & 0x7f) | 0x80);
                length >>>= 7;
            }
            list.write(length);
            list.writeBytes(group.bytes);
        }
        long received = to == from ? 0 : stored.get(to - 1).received.getEpochSecond();
        return CompletableFuture.completedFuture(new PulledBatch(
                list.toByteArray(), list.size(), to - from, cursorOf(to), to == stored.size(), received, 0));
    }

    @Override
    public CompletableFuture<Void> put(PutRequest request) {
        try {
            enter("PutLogs", request.logstore());
        } catch (SlsException e) {
            return CompletableFuture.failedFuture(e);
        }
        if (request.logstore().toString().equals(written)) {
            return CompletableFuture.completedFuture(null);
        }
        return CompletableFuture.failedFuture(new SlsException(
                ErrorKind.INVALID_REQUEST,
                "PutLogs",
                request.logstore().toString(),
                400,
                "ParameterInvalid",
                "5F0B",
                "invalid content",
                null));
    }

    @Override
    public List<String> consumerGroups(LogstoreId logstore) throws SlsException {
        enter("ListConsumerGroup", logstore);
        return List.copyOf(consumerGroups.keySet());
    }

    @Override
    public Map<Integer, String> consumerGroupCursors(LogstoreId logstore, String consumerGroup) throws SlsException {
        enter("GetCheckPoint", logstore);
        Map<Integer, String> cursors = consumerGroups.get(consumerGroup);
        if (cursors == null) {
            throw new SlsException(
                    ErrorKind.NOT_FOUND,
                    "GetCheckPoint",
                    logstore.toString(),
                    404,
                    "ConsumerGroupNotExist",
                    "5F0C",
                    "consumer group " + consumerGroup + " does not exist",
                    null);
        }
        return cursors;
    }
}
