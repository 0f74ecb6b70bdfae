package io.slsdispatch.e2e.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Metrics of one job over REST. The JobManager fetches them only while somebody asks, and answers from what it has: the
 * first answer after a quiet time is old or empty. So wait for a value; never ask only once.
 */
public final class JobMetrics {

    private final RestClient rest;
    private final String job;

    JobMetrics(RestClient rest, String job) {
        this.rest = rest;
        this.job = job;
    }

    /** A metric of the job as a whole, such as {@code numRestarts}; empty = not known (yet). */
    public OptionalDouble ofJob(String metric) {
        return sum(rest.get(job + "/metrics?get=" + encoded(metric)), "value");
    }

    /**
     * A metric of tasks or operators, summed over all subtasks of all vertices that have it; empty = not known (yet).
     *
     * @param metric a task's such as {@code numRecordsIn}, or an operator's such as {@code Source__pull.pendingRecords}:
     *     the operator's name with {@code _} for each odd character, a dot, the metric's name
     */
    public OptionalDouble sum(String metric) {
        List<Double> sums = new ArrayList<>();
        for (JsonNode vertex : rest.get(job).path("vertices")) {
            String metrics = job + "/vertices/" + vertex.path("id").asText() + "/subtasks/metrics";
            sum(rest.get(metrics + "?get=" + encoded(metric) + "&agg=sum"), "sum")
                    .ifPresent(sums::add);
        }
        return sums.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(
                        sums.stream().mapToDouble(Double::doubleValue).sum());
    }

    private static OptionalDouble sum(JsonNode metrics, String field) {
        double sum = 0;
        for (JsonNode metric : metrics) {
            sum += metric.path(field).asDouble();
        }
        return metrics.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(sum);
    }

    private static String encoded(String metric) {
        return URLEncoder.encode(metric, StandardCharsets.UTF_8);
    }
}
