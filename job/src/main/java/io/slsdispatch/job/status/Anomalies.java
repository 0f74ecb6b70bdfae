package io.slsdispatch.job.status;

import io.slsdispatch.connector.metrics.SinkMetricNames;
import io.slsdispatch.connector.metrics.SourceMetricNames;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Numbers that are 0 in a healthy job, of all its parts together: since it last started, or at present.
 *
 * @param counts the numbers by the names of their metrics; absent ones are 0
 */
record Anomalies(Map<String, Long> counts) {

    private static final String UNMATCHED = "unmatchedGroups";
    private static final String MALFORMED = "malformedGroups";
    private static final String IMBALANCE = "imbalance";
    private static final Set<String> NAMES = Set.of(
            UNMATCHED,
            MALFORMED,
            IMBALANCE,
            SinkMetricNames.SINK_IMBALANCE,
            SourceMetricNames.CURSOR_JUMPS,
            SourceMetricNames.SHARD_ENDS_IN_DOUBT,
            SourceMetricNames.FOREIGN_COMMITS,
            SourceMetricNames.START_GROUP_COMMITS,
            SourceMetricNames.CREDENTIALS_FAILURES);

    private static final Pattern METRIC = Pattern.compile("\\bsls\\.(?:.*\\.)?(" + String.join("|", NAMES) + ")$");
    private static final String BUG = "Keep a savepoint and the logs, and report this bug.";

    Anomalies {
        counts = Map.copyOf(counts);
    }

    /** Whether a metric is one of them. */
    static boolean isOne(String metric) {
        return METRIC.matcher(metric).find();
    }

    /** Adds the value of a metric, if it is one of them. */
    static void add(Map<String, Long> counts, String metric, double value) {
        Matcher found = METRIC.matcher(metric);
        if (found.find()) {
            // Of the accounting, differences in both directions are errors.
            counts.merge(found.group(1), Math.abs((long) value), Long::sum);
        }
    }

    long unmatched() {
        return count(UNMATCHED);
    }

    long malformed() {
        return count(MALFORMED);
    }

    private long count(String name) {
        return counts.getOrDefault(name, 0L);
    }

    void complain(List<Complaint> wrong, List<Complaint> notes) {
        Map<String, Complaint> all = new LinkedHashMap<>();
        ofSource(all);
        ofAccounting(all);
        all.forEach((name, complaint) -> {
            boolean isWrong = name.equals(SourceMetricNames.SHARD_ENDS_IN_DOUBT)
                    || complaint.hint().equals(BUG);
            if (count(name) != 0) {
                (isWrong ? wrong : notes).add(complaint);
            }
        });
    }

    private void ofSource(Map<String, Complaint> all) {
        put(
                all,
                SourceMetricNames.CURSOR_JUMPS,
                "source",
                "the numbers in the service's cursors have %d holes",
                "As far as the job can tell, nothing is lost.");
        put(
                all,
                SourceMetricNames.SHARD_ENDS_IN_DOUBT,
                "source",
                "%d shards return nothing more, but have not reached their end",
                "The log names them. The job keeps asking, and their children wait.");
        put(
                all,
                SourceMetricNames.FOREIGN_COMMITS,
                "source",
                "another consumer commits to the job's consumer group: %d times so far",
                "Give each job, and each set of other consumers, a group of its own.");
        put(
                all,
                SourceMetricNames.START_GROUP_COMMITS,
                "source",
                "consumers of the group that the job started from are still running: %d commits",
                "Stop them: their log groups are delivered twice.");
        put(
                all,
                SourceMetricNames.CREDENTIALS_FAILURES,
                "credentials",
                "could not be renewed %d times; the earlier ones are used until they expire",
                "The log of the TaskManager says why.");
    }

    private void ofAccounting(Map<String, Complaint> all) {
        put(
                all,
                UNMATCHED,
                "rules",
                "%d log groups matched no rule, and went where 'default-route' says",
                "'preview' shows their topics.");
        put(all, MALFORMED, "rules", "%d log groups are malformed, and went where 'dispatch.on-malformed' says", "");
        put(all, IMBALANCE, "accounting", "the dispatcher's numbers of log groups differ by %d", BUG);
        put(all, SinkMetricNames.SINK_IMBALANCE, "accounting", "a sink's numbers of log groups differ by %d", BUG);
    }

    private void put(Map<String, Complaint> all, String name, String subject, String what, String hint) {
        all.put(name, new Complaint(subject, what.formatted(count(name)), "", hint));
    }
}
