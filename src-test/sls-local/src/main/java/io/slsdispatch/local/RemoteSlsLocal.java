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
 * An SLS Local in another process, asked and steered by the calls under {@code /_local/}. A call that is not answered
 * within a minute, or with an error, ends with an {@link IOException}. Safe for use by several threads.
 */
public final class RemoteSlsLocal {

    private static final Duration ANSWER = Duration.ofMinutes(1);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final URI endpoint;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(ANSWER)
            .build();

    /** @param endpoint where it listens, as in {@code http://127.0.0.1:10012} */
    public RemoteSlsLocal(URI endpoint) {
        this.endpoint = endpoint;
    }

    /** Where it listens, as in {@code http://127.0.0.1:10012}. */
    public URI endpoint() {
        return endpoint;
    }

    /** What it has counted so far. */
    public JsonNode stats() throws IOException {
        return parsed(HttpRequest.newBuilder(at("stats")));
    }

    /** How many puts a late-write fault has acknowledged whose groups are not in their shards yet. */
    public long lateWrites() throws IOException {
        return stats().path("lateWrites").asLong();
    }

    /** How many groups all shards of a logstore were given so far. */
    public long groups(String logstore) throws IOException {
        return groups(stats(), logstore);
    }

    /** {@link #groups(String)} of the moment when these {@link #stats} were taken. */
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
     * @return its id
     */
    public long addFault(Map<String, Object> fault) throws IOException {
        return parsed(posting("faults", fault)).path("id").asLong();
    }

    /** How many calls a fault has struck so far; 0 when it is not on. */
    public long struck(long id) throws IOException {
        long struck = 0;
        for (JsonNode fault : parsed(HttpRequest.newBuilder(at("faults")))) {
            struck = fault.path("id").asLong() == id ? fault.path("struck").asLong() : struck;
        }
        return struck;
    }

    /** Switches a fault off. Answers how many calls it has struck. */
    public long removeFault(long id) throws IOException {
        long struck = struck(id);
        send(HttpRequest.newBuilder(at("faults/" + id)).DELETE(), BodyHandlers.discarding());
        return struck;
    }

    /**
     * Lets an event happen at once.
     *
     * @param event its fields, as {@code POST /_local/events} takes them
     */
    public void happen(Map<String, Object> event) throws IOException {
        String unused = send(posting("events", event), BodyHandlers.ofString());
    }

    /** What was written to a logstore, read anew by each iterator. Its name is {@code project/logstore}. */
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
                throw new IOException(request.method() + " " + request.uri() + " answered " + answer.statusCode()
                        + (answer.body() instanceof String text ? " " + text : ""));
            }
            return answer.body();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted in " + request.method() + " " + request.uri(), e);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
