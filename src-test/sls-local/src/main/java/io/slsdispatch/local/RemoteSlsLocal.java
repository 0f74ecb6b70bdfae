package io.slsdispatch.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.slsdispatch.local.ledger.GroupDigest;
import io.slsdispatch.local.ledger.LedgerEntry;
import io.slsdispatch.local.ledger.LedgerLines;
import io.slsdispatch.local.ledger.LogstoreLedger;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * A client for an SLS Local in another process. It queries and controls the server by calls under {@code /_local/}. A
 * call throws an {@link IOException} when it is answered with an error or not within 1 min. Safe for use by several
 * threads.
 */
public final class RemoteSlsLocal {

    private static final Duration ANSWER = Duration.ofMinutes(1);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final URI endpoint;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(ANSWER)
            .build();

    /** @param endpoint address of the server, as in {@code http://127.0.0.1:10012} */
    public RemoteSlsLocal(URI endpoint) {
        this.endpoint = endpoint;
    }

    /** The address of the server, as in {@code http://127.0.0.1:10012}. */
    public URI endpoint() {
        return endpoint;
    }

    /** The statistics of the server so far. */
    public JsonNode stats() throws IOException {
        return parsed(HttpRequest.newBuilder(at("stats")));
    }

    /**
     * The number of pending late writes: puts that a late-write fault has acknowledged and whose groups are not in
     * their shards yet.
     */
    public long lateWrites() throws IOException {
        return stats().path("lateWrites").asLong();
    }

    /** The number of groups written so far to all shards of a logstore. */
    public long groups(String logstore) throws IOException {
        return groups(stats(), logstore);
    }

    /** {@link #groups(String)} at the moment when these {@link #stats} were read. */
    public static long groups(JsonNode stats, String logstore) {
        long groups = 0;
        for (JsonNode store : stats.path("logstores")) {
            if (store.path("logstore").asText().equals(logstore)) {
                for (JsonNode shard : store.path("shards")) {
                    groups += shard.path("groups").asLong();
                }
            }
        }
        return groups;
    }

    /**
     * Switches a fault on.
     *
     * @param fault its fields, as {@code POST /_local/faults} takes them
     * @return the fault's id
     */
    public long addFault(Map<String, Object> fault) throws IOException {
        return parsed(posting("faults", fault)).path("id").asLong();
    }

    /** The number of calls that a fault has affected so far; 0 when it is not on. */
    public long struck(long id) throws IOException {
        long struck = 0;
        for (JsonNode fault : parsed(HttpRequest.newBuilder(at("faults")))) {
            struck = fault.path("id").asLong() == id ? fault.path("struck").asLong() : struck;
        }
        return struck;
    }

    /** Switches a fault off and returns the number of calls that it has affected. */
    public long removeFault(long id) throws IOException {
        long struck = struck(id);
        send(HttpRequest.newBuilder(at("faults/" + id)).DELETE(), BodyHandlers.discarding());
        return struck;
    }

    /**
     * Triggers an event immediately.
     *
     * @param event its fields, as {@code POST /_local/events} takes them
     */
    public void happen(Map<String, Object> event) throws IOException {
        String unused = send(posting("events", event), BodyHandlers.ofString());
    }

    /** The ledger of a logstore. Each iterator reads it again from the server. Its name is {@code project/logstore}. */
    public LogstoreLedger ledger(String project, String logstore) {
        return new LogstoreLedger() {
            @Override
            public String name() {
                return project + "/" + logstore;
            }

            @Override
            public Iterator<LedgerEntry> entries() throws IOException {
                HttpRequest.Builder request =
                        HttpRequest.newBuilder(at("ledger?project=" + project + "&logstore=" + logstore));
                return send(request, BodyHandlers.ofLines())
                        .map(LedgerLines::read)
                        .iterator();
            }

            @Override
            public Map<GroupDigest, List<GroupDigest>> partsOfRefused() throws IOException {
                JsonNode refused = parsed(
                        HttpRequest.newBuilder(at("refused-groups?project=" + project + "&logstore=" + logstore)));
                Map<GroupDigest, List<GroupDigest>> parts = new HashMap<>();
                refused.properties().forEach(group -> {
                    List<GroupDigest> made = new ArrayList<>();
                    group.getValue().forEach(digest -> made.add(GroupDigest.parse(digest.asText())));
                    parts.put(GroupDigest.parse(group.getKey()), made);
                });
                return parts;
            }
        };
    }

    private URI at(String path) {
        return endpoint.resolve("/_local/" + path);
    }

    private HttpRequest.Builder posting(String path, Map<String, Object> json) throws IOException {
        return HttpRequest.newBuilder(at(path)).POST(BodyPublishers.ofString(JSON.writeValueAsString(json)));
    }

    private JsonNode parsed(HttpRequest.Builder request) throws IOException {
        return JSON.readTree(send(request, BodyHandlers.ofString()));
    }

    private <T> T send(HttpRequest.Builder builder, BodyHandler<T> body) throws IOException {
        HttpRequest request = builder.timeout(ANSWER).build();
        try {
            HttpResponse<T> answer = http.send(request, body);
            if (answer.statusCode() / 100 != 2) {
                throw new IOException(request.method() + " " + request.uri() + " returned " + answer.statusCode()
                        + (answer.body() instanceof String text ? " " + text : ""));
            }
            return answer.body();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted in " + request.method() + " " + request.uri(), e);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
