package io.slsdispatch.job.status;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Flink's REST interface from recorded answers of a running job. Answers about metrics are composed as Flink does, of the
 * recorded value of each metric of each subtask.
 */
final class RecordedFlink implements FlinkRest {

    private static final String SUBTASKS = "/subtasks/metrics";
    private static final String COORDINATORS = "/jm-operator-metrics";
    private static final int MOST_CHARACTERS_OF_A_LINE = 4096;

    private final JsonObject recorded;
    final List<String> asked = new ArrayList<>();
    private Predicate<String> dropped = id -> false;

    /** @param version of Flink, which recorded a job with a target that is missing */
    RecordedFlink(String version) {
        try (InputStream file =
                Objects.requireNonNull(RecordedFlink.class.getResourceAsStream("/status/flink-" + version + ".json"))) {
            recorded = JsonParser.parseReader(new InputStreamReader(file, StandardCharsets.UTF_8))
                    .getAsJsonObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** From now on Flink has no metrics of subtasks that match. */
    RecordedFlink without(Predicate<String> ids) {
        dropped = ids;
        return this;
    }

    /** The answer to a path, to be changed. */
    JsonObject answer(String pathEnd) {
        return answers().entrySet().stream()
                .filter(answer -> answer.getKey().endsWith(pathEnd))
                .findFirst()
                .orElseThrow()
                .getValue()
                .getAsJsonObject();
    }

    private JsonObject answers() {
        return recorded.getAsJsonObject("answers");
    }

    JsonObject job() {
        String id = answer("/jobs/overview")
                .getAsJsonArray("jobs")
                .get(0)
                .getAsJsonObject()
                .get("jid")
                .getAsString();
        return answer("/jobs/" + id);
    }

    /** Sets a metric of all subtasks, or of a coordinator. */
    void set(String idEnd, String value) {
        for (String kind : List.of("subtasks", "coordinators")) {
            for (Map.Entry<String, JsonElement> vertex :
                    recorded.getAsJsonObject(kind).entrySet()) {
                JsonObject metrics = vertex.getValue().getAsJsonObject();
                for (String id : Set.copyOf(metrics.keySet())) {
                    if (id.endsWith(idEnd)) {
                        metrics.addProperty(id, value);
                    }
                }
            }
        }
    }

    /** Adds a metric of the coordinators next to another. */
    void addNextTo(String idEnd, String otherEnd, String value) {
        for (Map.Entry<String, JsonElement> vertex :
                recorded.getAsJsonObject("coordinators").entrySet()) {
            JsonObject metrics = vertex.getValue().getAsJsonObject();
            for (String id : Set.copyOf(metrics.keySet())) {
                if (id.endsWith(idEnd)) {
                    metrics.addProperty(id.substring(0, id.length() - idEnd.length()) + otherEnd, value);
                }
            }
        }
    }

    /** Adds targets like 'good'. */
    void addTargets(int count) {
        for (Map.Entry<String, JsonElement> vertex :
                recorded.getAsJsonObject("subtasks").entrySet()) {
            JsonObject metrics = vertex.getValue().getAsJsonObject();
            for (String id : Set.copyOf(metrics.keySet())) {
                if (id.startsWith("0.put_to_good__")) {
                    for (int i = 0; i < count; i++) {
                        metrics.add(id.replace("put_to_good_", "put_to_good" + i + "_"), metrics.get(id));
                    }
                }
            }
        }
    }

    @Override
    public JsonElement get(String path) throws FlinkRestException {
        asked.add(path);
        if (("GET " + path + " HTTP/1.1").length() > MOST_CHARACTERS_OF_A_LINE) {
            throw new FlinkRestException(414, "the line is too long: " + path.length());
        }
        String[] parts = path.split("\\?", 2);
        String vertex = parts[0].replaceFirst("(/subtasks)?/(jm-operator-)?metrics$", "");
        if (parts[0].endsWith(COORDINATORS)) {
            return values(metrics("coordinators", vertex), parts);
        }
        if (parts[0].endsWith(SUBTASKS)) {
            return aggregates(metrics("subtasks", vertex), parts);
        }
        if (parts[0].contains("/vertices/") && parts[0].endsWith("/metrics")) {
            return values(metrics("subtasks", vertex), parts);
        }
        JsonElement answer = answers().get(path);
        if (answer == null) {
            throw new FlinkRestException(404, "not recorded: " + path);
        }
        return answer;
    }

    private Map<String, String> metrics(String kind, String vertex) throws FlinkRestException {
        JsonElement found = recorded.getAsJsonObject(kind).get(vertex);
        if (found == null || !found.isJsonObject()) {
            throw new FlinkRestException(404, "not recorded: " + vertex);
        }
        Map<String, String> metrics = new TreeMap<>();
        found.getAsJsonObject().entrySet().stream()
                .filter(metric -> !dropped.test(metric.getKey()))
                .forEach(
                        metric -> metrics.put(metric.getKey(), metric.getValue().getAsString()));
        return metrics;
    }

    /** The metrics that a query asks for; all ids without one. */
    private static Set<String> wanted(String... parts) {
        if (parts.length == 1) {
            return Set.of();
        }
        String get = parts[1].substring(parts[1].indexOf("get=") + 4);
        return List.of(get.split(",", -1)).stream()
                .map(id -> URLDecoder.decode(id, StandardCharsets.UTF_8))
                .collect(Collectors.toSet());
    }

    private static JsonArray values(Map<String, String> metrics, String... parts) {
        Set<String> wanted = wanted(parts);
        JsonArray answer = new JsonArray();
        metrics.forEach((id, value) -> {
            if (wanted.isEmpty() || wanted.contains(id)) {
                JsonObject metric = new JsonObject();
                metric.addProperty("id", id);
                if (!wanted.isEmpty()) {
                    metric.addProperty("value", value);
                }
                answer.add(metric);
            }
        });
        return answer;
    }

    private static JsonArray aggregates(Map<String, String> metrics, String... parts) {
        Set<String> wanted = wanted(parts);
        JsonArray answer = new JsonArray();
        Map<String, List<Double>> byId = new TreeMap<>();
        metrics.forEach((id, value) -> byId.computeIfAbsent(id.substring(id.indexOf('.') + 1), key -> new ArrayList<>())
                .addAll(number(value)));
        byId.forEach((id, values) -> {
            boolean isAsked = wanted.contains(id) && !values.isEmpty();
            if (!wanted.isEmpty() && !isAsked) {
                return;
            }
            JsonObject metric = new JsonObject();
            metric.addProperty("id", id);
            if (isAsked) {
                metric.addProperty(
                        "max",
                        values.stream().mapToDouble(Double::doubleValue).max().orElseThrow());
                metric.addProperty(
                        "sum", values.stream().mapToDouble(Double::doubleValue).sum());
            }
            answer.add(metric);
        });
        return answer;
    }

    /** As Flink, which leaves texts out of sums. */
    private static List<Double> number(String value) {
        try {
            return List.of(Double.valueOf(value));
        } catch (NumberFormatException e) {
            return List.of();
        }
    }
}
