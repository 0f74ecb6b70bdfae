package io.slsdispatch.job.probe;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.slsdispatch.connector.client.connection.RawCalls;
import io.slsdispatch.connector.model.KeyRange;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.Shard;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The calls of the API that a probe makes, with one way of signing. */
final class ServiceApi {

    private static final byte[] NOTHING = new byte[0];
    private static final Map<String, String> JSON = Map.of("content-type", "application/json");

    private final MeteredCalls calls;
    private final MeteredCalls.Sender sender;

    ServiceApi(MeteredCalls calls, MeteredCalls.Sender sender) {
        this.calls = calls;
        this.sender = sender;
    }

    /** Reads a value from JSON; any exception of the parser means that the answer is not the expected one. */
    @FunctionalInterface
    private interface Reader<T> {
        T read(JsonElement json);
    }

    MeteredCalls calls() {
        return calls;
    }

    Reply shards(LogstoreId logstore) throws StoppedException, InterruptedException {
        return get("ListShards", logstore, "/shards", Map.of());
    }

    static List<Shard> shardsIn(Reply reply) throws NotProbedException {
        return read(reply, json -> {
            List<Shard> shards = new ArrayList<>();
            for (JsonElement each : json.getAsJsonArray()) {
                JsonObject shard = each.getAsJsonObject();
                shards.add(new Shard(
                        shard.get("shardID").getAsInt(),
                        KeyRange.ofHex(
                                shard.get("inclusiveBeginKey").getAsString(),
                                shard.get("exclusiveEndKey").getAsString()),
                        shard.get("status").getAsString().equals("readwrite"),
                        shard.has("createTime") ? shard.get("createTime").getAsLong() : 0));
            }
            return shards;
        });
    }

    Reply cursor(LogstoreId logstore, int shard, String from) throws StoppedException, InterruptedException {
        return get("GetCursor", logstore, "/shards/" + shard, Map.of("type", "cursor", "from", from));
    }

    static String cursorIn(Reply reply) throws NotProbedException {
        return read(reply, json -> json.getAsJsonObject().get("cursor").getAsString());
    }

    Reply cursorTime(LogstoreId logstore, int shard, String cursor) throws StoppedException, InterruptedException {
        return get("GetCursorTime", logstore, "/shards/" + shard, Map.of("type", "cursor_time", "cursor", cursor));
    }

    static boolean hasCursorTime(Reply reply) throws NotProbedException {
        return read(reply, json -> json.getAsJsonObject().get("cursor_time").getAsLong() > 0);
    }

    Reply pull(LogstoreId logstore, int shard, String cursor, int count, String encoding)
            throws StoppedException, InterruptedException {
        return send(
                "PullLogs",
                "GET",
                logstore.project(),
                path(logstore) + "/shards/" + shard,
                Map.of("type", "log", "cursor", cursor, "count", String.valueOf(count)),
                Map.of("accept", "application/x-protobuf", "accept-encoding", encoding),
                NOTHING,
                0);
    }

    /** @param way the end of the path: {@code lb} lets the service choose the shard, {@code route} needs a key */
    Reply put(LogstoreId logstore, String way, Map<String, String> query, PutBody body)
            throws StoppedException, InterruptedException {
        return send(
                "PutLogs",
                "POST",
                logstore.project(),
                path(logstore) + "/shards/" + way,
                query,
                body.headers(),
                body.bytes(),
                body.raw());
    }

    Reply reshard(LogstoreId logstore, int shard, Map<String, String> query)
            throws StoppedException, InterruptedException {
        return send(
                query.containsValue("split") ? "SplitShard" : "MergeShards",
                "POST",
                logstore.project(),
                path(logstore) + "/shards/" + shard,
                query,
                Map.of(),
                NOTHING,
                0);
    }

    Reply checkpoints(LogstoreId logstore, String group) throws StoppedException, InterruptedException {
        return get("GetCheckPoint", logstore, "/consumergroups/" + group, Map.of());
    }

    Reply createGroup(LogstoreId logstore, String group) throws StoppedException, InterruptedException {
        JsonObject body = new JsonObject();
        body.addProperty("consumerGroup", group);
        body.addProperty("timeout", 60);
        body.addProperty("order", false);
        return send(
                "CreateConsumerGroup",
                "POST",
                logstore.project(),
                path(logstore) + "/consumergroups",
                Map.of(),
                JSON,
                utf8(body),
                0);
    }

    Reply commit(LogstoreId logstore, String group, String consumer, boolean force, int shard, String cursor)
            throws StoppedException, InterruptedException {
        JsonObject body = new JsonObject();
        body.addProperty("shard", shard);
        body.addProperty("checkpoint", cursor);
        return send(
                "ConsumerGroupUpdateCheckPoint",
                "POST",
                logstore.project(),
                path(logstore) + "/consumergroups/" + group,
                Map.of("type", "checkpoint", "consumer", consumer, "forceSuccess", String.valueOf(force)),
                JSON,
                utf8(body),
                0);
    }

    /** Creates a logstore: data is kept for one day, without index and without automatic splits. */
    Reply createLogstore(LogstoreId logstore, int shards) throws StoppedException, InterruptedException {
        JsonObject body = new JsonObject();
        body.addProperty("logstoreName", logstore.logstore());
        body.addProperty("ttl", 1);
        body.addProperty("shardCount", shards);
        body.addProperty("autoSplit", false);
        return send("CreateLogStore", "POST", logstore.project(), "/logstores", Map.of(), JSON, utf8(body), 0);
    }

    /** Deletes a logstore; also after the probe was stopped. */
    Reply deleteLogstore(LogstoreId logstore) throws StoppedException, InterruptedException {
        return calls.sendCleaning(
                sender,
                request("DeleteLogStore", "DELETE", logstore.project(), path(logstore), Map.of(), Map.of(), NOTHING));
    }

    /** The names of logstores that contain a text. */
    List<String> logstores(String project, String part)
            throws NotProbedException, StoppedException, InterruptedException {
        Reply reply = send(
                "ListLogStores",
                "GET",
                project,
                "/logstores",
                Map.of("offset", "0", "size", "500", "logstoreName", part),
                Map.of(),
                NOTHING,
                0);
        return read(reply, json -> {
            JsonArray names = json.getAsJsonObject().getAsJsonArray("logstores");
            List<String> all = new ArrayList<>();
            names.forEach(name -> all.add(name.getAsString()));
            return all;
        });
    }

    /** When a logstore was created, in unix seconds. */
    long createdAt(LogstoreId logstore) throws NotProbedException, StoppedException, InterruptedException {
        return read(
                get("GetLogStore", logstore, "", Map.of()),
                json -> json.getAsJsonObject().get("createTime").getAsLong());
    }

    private Reply get(String operation, LogstoreId logstore, String under, Map<String, String> query)
            throws StoppedException, InterruptedException {
        return send(operation, "GET", logstore.project(), path(logstore) + under, query, Map.of(), NOTHING, 0);
    }

    private Reply send(
            String operation,
            String method,
            String project,
            String path,
            Map<String, String> query,
            Map<String, String> headers,
            byte[] body,
            long raw)
            throws StoppedException, InterruptedException {
        return calls.send(sender, request(operation, method, project, path, query, headers, body), raw);
    }

    private static RawCalls.Request request(
            String operation,
            String method,
            String project,
            String path,
            Map<String, String> query,
            Map<String, String> headers,
            byte[] body) {
        return new RawCalls.Request(operation, method, project, path, query, headers, body);
    }

    private static String path(LogstoreId logstore) {
        return "/logstores/" + logstore.logstore();
    }

    private static byte[] utf8(JsonObject body) {
        return body.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static <T> T read(Reply reply, Reader<T> reader) throws NotProbedException {
        reply.ok();
        try {
            return reader.read(JsonParser.parseString(new String(reply.body(), StandardCharsets.UTF_8)));
        } catch (JsonParseException
                | IllegalStateException
                | IllegalArgumentException
                | NullPointerException
                | ClassCastException
                | UnsupportedOperationException e) {
            throw new NotProbedException("a response is not the expected JSON");
        }
    }
}
