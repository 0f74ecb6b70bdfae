package io.slsdispatch.job.status;

import io.slsdispatch.connector.metrics.Problem;
import io.slsdispatch.connector.metrics.SinkMetricNames;
import io.slsdispatch.connector.metrics.SourceMetricNames;
import io.slsdispatch.job.status.MetricQuery.Aggregate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of a running job, from Flink's REST interface. Numbers are read over all subtasks at once; texts only for
 * shards and targets with a problem, since Flink returns these for each subtask. One thread.
 */
final class MetricsReader {

    private static final int MOST_REQUESTS = 200;

    /** With one task for each target there are as many vertices as targets. */
    private static final int MOST_VERTICES = 100;

    /** How many targets with a problem are asked for its text, and how many subtasks of each. */
    private static final int MOST_PROBLEMS = 20;

    private static final int MOST_SUBTASKS = 32;

    private static final Pattern SHARD =
            Pattern.compile("\\.sls\\.logstore\\.[^.]+\\.shard\\.(\\d+|further)\\.(lagSeconds|throttles|errors)$");

    private static final Pattern READER =
            Pattern.compile("\\.sls\\.logstore\\.[^.]+\\.(failingShards|dataGaps|problem)$");

    private static final Pattern WRITER = Pattern.compile("^(put_to_.*?)(?:__Writer)?\\.sls\\.(status|bytesPerSecond|"
            + "oldestInFlightMillis|retries|deadLettered|dropped|flushMillis|problem)$");

    /** Names of operators in vertices, and how they appear in metrics. */
    private static final Pattern WRITERS = Pattern.compile("put to (.+?): Writer");

    private static final int LONGEST_OPERATOR_NAME = 80;

    private final FlinkRest rest;
    private final String job;
    private final Map<String, String> vertices;

    private final Map<String, String> targetNames = new TreeMap<>();
    private Map<String, Map<String, Aggregate>> shards = new HashMap<>();
    private Map<String, Map<String, Aggregate>> writers = new TreeMap<>();
    private Map<String, Double> readers = new HashMap<>();
    private Map<String, Long> anomalies = new HashMap<>();
    private Map<String, Problem> targetProblems = new HashMap<>();
    private List<Problem> sourceProblems = new ArrayList<>();
    private Map<String, String> coordinators = new HashMap<>();
    private List<String> limits = new ArrayList<>();
    private boolean hasReader;
    private boolean hasOthers;

    /**
     * @param job the path of the job
     * @param vertices the names of its vertices, by id
     */
    MetricsReader(FlinkRest rest, String job, Map<String, String> vertices) {
        this.rest = rest;
        this.job = job;
        this.vertices = vertices;
        for (String name : vertices.values()) {
            Matcher found = WRITERS.matcher(name);
            while (found.find()) {
                targetNames.put(inMetrics("put to " + found.group(1) + ": Writer"), found.group(1));
            }
        }
    }

    /** As Flink's MetricQueryService changes the name of an operator. */
    private static String inMetrics(String operator) {
        String cut =
                operator.length() > LONGEST_OPERATOR_NAME ? operator.substring(0, LONGEST_OPERATOR_NAME) : operator;
        return cut.replaceAll("[<>\"]", "").replaceAll("[ .:,]", "_").replaceFirst("__Writer$", "");
    }

    /** Makes Flink fetch the metrics, if they are old. */
    void touch() throws FlinkRestException, InterruptedException {
        for (String vertex : vertices.keySet().stream().limit(1).toList()) {
            new MetricQuery(rest, 1).ids(subtasks(vertex));
        }
    }

    private String vertex(String id) {
        return job + "/vertices/" + id;
    }

    private String subtasks(String id) {
        return vertex(id) + "/subtasks/metrics";
    }

    /** Reads all metrics, instead of those read before. */
    void read() throws FlinkRestException, InterruptedException {
        shards = new HashMap<>();
        writers = new TreeMap<>();
        readers = new HashMap<>();
        anomalies = new HashMap<>();
        targetProblems = new HashMap<>();
        sourceProblems = new ArrayList<>();
        coordinators = new HashMap<>();
        limits = new ArrayList<>();
        hasReader = false;
        hasOthers = false;
        MetricQuery query = new MetricQuery(rest, MOST_REQUESTS);
        List<String> asked = vertices.keySet().stream().limit(MOST_VERTICES).toList();
        for (String vertex : asked) {
            readSubtasks(query, vertex);
            readCoordinator(query, vertex);
        }
        if (asked.size() < vertices.size() || query.isIncomplete()) {
            limits.add("The job is too large to ask for all of its metrics; some shards or targets are not shown.");
        }
    }

    private void readSubtasks(MetricQuery query, String vertex) throws FlinkRestException, InterruptedException {
        List<String> wanted = new ArrayList<>();
        String readerProblem = null;
        Map<String, String> writerProblems = new HashMap<>();
        for (String id : query.ids(subtasks(vertex))) {
            hasOthers |= id.contains(".sls.");
            Matcher writer = WRITER.matcher(id);
            boolean isReader = READER.matcher(id).find();
            boolean isWriter = writer.find();
            if (!id.endsWith("." + SinkMetricNames.PROBLEM)) {
                if (isReader || isWriter || SHARD.matcher(id).find() || Anomalies.isOne(id)) {
                    wanted.add(id);
                }
            } else if (isReader) {
                readerProblem = id;
                hasReader = true;
            } else if (isWriter) {
                writerProblems.put(writer.group(1), id);
            }
        }
        query.aggregates(subtasks(vertex), wanted).forEach(this::sort);
        if (readerProblem != null && readers.getOrDefault(SourceMetricNames.FAILING_SHARDS, 0.0) > 0) {
            sourceProblems.addAll(problems(query, vertex, readerProblem));
        }
        for (Map.Entry<String, String> writer : writerProblems.entrySet()) {
            Aggregate status = writers.getOrDefault(writer.getKey(), Map.of()).get(SinkMetricNames.STATUS);
            if (status != null && status.max() > 0 && targetProblems.size() < MOST_PROBLEMS) {
                problems(query, vertex, writer.getValue()).stream()
                        .min(Comparator.comparing(Problem::until, Comparator.nullsLast(Comparator.naturalOrder()))
                                .thenComparing(Problem::since))
                        .ifPresent(problem -> targetProblems.put(writer.getKey(), problem));
            }
        }
    }

    private void sort(String id, Aggregate value) {
        Matcher shard = SHARD.matcher(id);
        Matcher reader = READER.matcher(id);
        Matcher writer = WRITER.matcher(id);
        Anomalies.add(anomalies, id, value.sum());
        if (shard.find()) {
            shards.computeIfAbsent(shard.group(1), name -> new HashMap<>()).put(shard.group(2), value);
        } else if (reader.find()) {
            readers.merge(reader.group(1), value.sum(), Double::sum);
        } else if (writer.find()) {
            writers.computeIfAbsent(writer.group(1), name -> new HashMap<>()).put(writer.group(2), value);
        }
    }

    /** The problems of the subtasks of a vertex. */
    private List<Problem> problems(MetricQuery query, String vertex, String id)
            throws FlinkRestException, InterruptedException {
        List<String> ids = new ArrayList<>();
        for (int subtask = 0; subtask < MOST_SUBTASKS; subtask++) {
            ids.add(subtask + "." + id);
        }
        List<Problem> found = new ArrayList<>();
        query.values(vertex(vertex) + "/metrics", ids).values().forEach(text -> Problem.parse(text)
                .ifPresent(found::add));
        return found;
    }

    private void readCoordinator(MetricQuery query, String vertex) throws FlinkRestException, InterruptedException {
        String path = vertex(vertex) + "/jm-operator-metrics";
        List<String> ours =
                query.ids(path).stream().filter(id -> id.contains(".sls.")).toList();
        query.values(path, ours).forEach((id, value) -> coordinators.put(id.substring(id.indexOf(".sls.") + 1), value));
    }

    /** Whether all parts of a running job have reported. */
    boolean isComplete() {
        return hasReader && targetNames.keySet().stream().allMatch(this::hasStatus);
    }

    private boolean hasStatus(String writer) {
        return writers.getOrDefault(writer, Map.of()).containsKey(SinkMetricNames.STATUS);
    }

    JobReport.Source source() {
        List<JobReport.Shard> all = shards.entrySet().stream()
                .map(shard -> new JobReport.Shard(
                        shard.getKey(),
                        max(shard.getValue(), SourceMetricNames.LAG_SECONDS),
                        sum(shard.getValue(), SourceMetricNames.THROTTLES),
                        sum(shard.getValue(), SourceMetricNames.ERRORS)))
                .sorted(Comparator.comparing(
                                (JobReport.Shard shard) -> shard.name().length())
                        .thenComparing(JobReport.Shard::name))
                .toList();
        List<Problem> problems = new ArrayList<>(sourceProblems);
        text(SourceMetricNames.GROUP + "." + SourceMetricNames.LOGSTORE, SourceMetricNames.PROBLEM)
                .flatMap(Problem::parse)
                .ifPresent(problems::add);
        double percent = number(SourceMetricNames.RUN_PERCENT).orElse(-1);
        double left = number(SourceMetricNames.RUN_SECONDS_LEFT).orElse(-1);
        double retention = number(SourceMetricNames.RETENTION_SECONDS).orElse(0);
        return new JobReport.Source(
                all,
                problems,
                readers.getOrDefault(SourceMetricNames.FAILING_SHARDS, 0.0).longValue(),
                (long) number(SourceMetricNames.WAITING_SHARDS).orElse(0),
                readers.getOrDefault(SourceMetricNames.DATA_GAPS, 0.0).longValue()
                        + (long) number(SourceMetricNames.DATA_GAPS).orElse(0),
                percent < 0 ? null : new JobReport.Run(percent, left < 0 ? null : Duration.ofSeconds((long) left)),
                retention <= 0 ? null : Duration.ofSeconds((long) retention),
                number(SourceMetricNames.START_GROUP_MISSING).orElse(0) > 0);
    }

    List<JobReport.Target> targets() {
        TreeMap<String, String> names = new TreeMap<>(targetNames);
        writers.keySet().forEach(writer -> names.putIfAbsent(writer, writer.substring("put_to_".length())));
        return names.entrySet().stream()
                .map(name -> target(name.getValue(), name.getKey()))
                .sorted(Comparator.comparing(JobReport.Target::name))
                .toList();
    }

    private JobReport.Target target(String name, String writer) {
        Map<String, Aggregate> metrics = writers.getOrDefault(writer, Map.of());
        Aggregate rate = metrics.get(SinkMetricNames.BYTES_PER_SECOND);
        return new JobReport.Target(
                Texts.line(name),
                metrics.containsKey(SinkMetricNames.STATUS)
                        ? OptionalLong.of(max(metrics, SinkMetricNames.STATUS))
                        : OptionalLong.empty(),
                rate == null ? OptionalDouble.empty() : OptionalDouble.of(rate.sum()),
                sum(metrics, SinkMetricNames.RETRIES),
                sum(metrics, SinkMetricNames.DEAD_LETTERED),
                sum(metrics, SinkMetricNames.DROPPED),
                Duration.ofMillis(max(metrics, SinkMetricNames.OLDEST_IN_FLIGHT_MILLIS)),
                Duration.ofMillis(max(metrics, SinkMetricNames.FLUSH_MILLIS)),
                targetProblems.get(writer));
    }

    JobReport.Rules rules() {
        OptionalDouble version = number("rulesVersion");
        return new JobReport.Rules(
                version.isEmpty() ? OptionalLong.empty() : OptionalLong.of((long) version.getAsDouble()),
                number("rulesWaiting").orElse(0) > 0,
                text(SourceMetricNames.GROUP, "rulesProblem")
                        .flatMap(Problem::parse)
                        .orElse(null));
    }

    Anomalies anomalies() {
        Map<String, Long> all = new HashMap<>(anomalies);
        coordinators.entrySet().stream()
                .filter(entry -> Anomalies.isOne(entry.getKey()))
                .forEach(entry -> {
                    Double value = number(entry);
                    Anomalies.add(all, entry.getKey(), value == null ? 0 : value);
                });
        return new Anomalies(all);
    }

    /**
     * What Flink's answers lack.
     *
     * @param isEnding whether some tasks have ended, so that their metrics are gone
     */
    List<String> limits(boolean isEnding) {
        List<String> all = new ArrayList<>(limits);
        List<String> without = targetNames.keySet().stream()
                .filter(writer -> !hasStatus(writer))
                .map(targetNames::get)
                .toList();
        // Counters without gauges: Flink drops the gauges first when the metrics of a process exceed its limit.
        if (isEnding || vertices.isEmpty()) {
            return all;
        }
        if (hasOthers && (!without.isEmpty() || !hasReader)) {
            all.add("Flink's answer lacks metrics"
                    + (without.isEmpty() ? "" : " of " + without.size() + " of " + targetNames.size() + " targets")
                    + ": a TaskManager has more than fit in one message (10 MB). Use more TaskManagers with fewer slots,"
                    + " or look at Prometheus, which has them all.");
        } else if (!hasOthers) {
            all.add("The TaskManagers have not reported metrics yet.");
        }
        return all;
    }

    private Optional<String> text(String prefix, String name) {
        return coordinators.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(prefix + ".")
                        && entry.getKey().endsWith("." + name))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    private OptionalDouble number(String name) {
        return coordinators.entrySet().stream()
                .filter(entry -> entry.getKey().endsWith("." + name))
                .map(entry -> number(entry))
                .filter(Objects::nonNull)
                .mapToDouble(Double::doubleValue)
                .findFirst();
    }

    private static @Nullable Double number(Map.Entry<String, String> metric) {
        try {
            return Double.valueOf(metric.getValue());
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static long max(Map<String, Aggregate> metrics, String name) {
        Aggregate value = metrics.get(name);
        return value == null ? 0 : (long) value.max();
    }

    private static long sum(Map<String, Aggregate> metrics, String name) {
        Aggregate value = metrics.get(name);
        return value == null ? 0 : (long) value.sum();
    }
}
