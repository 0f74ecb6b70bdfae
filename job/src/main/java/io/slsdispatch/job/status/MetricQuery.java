package io.slsdispatch.job.status;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Queries of metrics, of which Flink takes as many per request as fit in its first line. The number of requests is
 * limited. One thread.
 */
final class MetricQuery {

    /** Flink accepts 4096 characters in the first line of a request. */
    private static final int MOST_CHARACTERS = 3_000;

    private final FlinkRest rest;
    private int left;
    private boolean isIncomplete;

    /** @param requests how many requests may be sent */
    MetricQuery(FlinkRest rest, int requests) {
        this.rest = rest;
        this.left = requests;
    }

    /** Whether something was not asked because the number of requests is used up. */
    boolean isIncomplete() {
        return isIncomplete;
    }

    /** The ids of the metrics at a path; empty if Flink has none (yet), or does not know the path. */
    List<String> ids(String path) throws FlinkRestException, InterruptedException {
        List<String> ids = new ArrayList<>();
        for (JsonElement metric : ask(path)) {
            ids.add(metric.getAsJsonObject().get("id").getAsString());
        }
        return ids;
    }

    /** The values of metrics, as texts. */
    Map<String, String> values(String path, Collection<String> ids) throws FlinkRestException, InterruptedException {
        Map<String, String> values = new HashMap<>();
        for (JsonObject metric : metrics(path, "?get=", ids)) {
            if (metric.has("value") && metric.get("value").isJsonPrimitive()) {
                values.put(metric.get("id").getAsString(), metric.get("value").getAsString());
            }
        }
        return values;
    }

    /** The values of metrics over all subtasks. */
    Map<String, Aggregate> aggregates(String path, Collection<String> ids)
            throws FlinkRestException, InterruptedException {
        Map<String, Aggregate> values = new HashMap<>();
        for (JsonObject metric : metrics(path, "?agg=max,sum&get=", ids)) {
            if (metric.has("max") && metric.has("sum")) {
                values.put(
                        metric.get("id").getAsString(),
                        new Aggregate(
                                metric.get("max").getAsDouble(),
                                metric.get("sum").getAsDouble()));
            }
        }
        return values;
    }

    /** Values over all subtasks. */
    record Aggregate(double max, double sum) {}

    private List<JsonObject> metrics(String path, String query, Collection<String> ids)
            throws FlinkRestException, InterruptedException {
        List<JsonObject> found = new ArrayList<>();
        StringBuilder get = new StringBuilder();
        for (String id : ids) {
            String encoded = URLEncoder.encode(id, StandardCharsets.UTF_8);
            if (!get.isEmpty() && get.length() + encoded.length() > MOST_CHARACTERS) {
                ask(path + query + get).forEach(metric -> found.add(metric.getAsJsonObject()));
                get.setLength(0);
            }
            get.append(get.isEmpty() ? "" : ",").append(encoded);
        }
        if (!get.isEmpty()) {
            ask(path + query + get).forEach(metric -> found.add(metric.getAsJsonObject()));
        }
        return found;
    }

    private Iterable<JsonElement> ask(String path) throws FlinkRestException, InterruptedException {
        if (left == 0) {
            isIncomplete = true;
            return List.of();
        }
        left--;
        try {
            JsonElement answer = rest.get(path);
            return answer.isJsonArray() ? answer.getAsJsonArray() : List.of();
        } catch (FlinkRestException e) {
            if (e.isNotFound()) {
                // The job has just ended, or this Flink does not have the path.
                return List.of();
            }
            throw e;
        }
    }
}
