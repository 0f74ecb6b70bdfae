package io.slsdispatch.e2e;

import static io.slsdispatch.testing.LogGroupBuilder.logGroup;
import static org.awaitility.Awaitility.await;

import io.slsdispatch.e2e.cluster.ClusterJob;
import io.slsdispatch.e2e.cluster.Submission;
import io.slsdispatch.local.SlsLocal;
import io.slsdispatch.local.ledger.GroupDigest;
import io.slsdispatch.local.ledger.LogstoreLedger;
import io.slsdispatch.local.ledger.Reconciler;
import io.slsdispatch.local.ledger.Reconciliation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A source logstore of four shards and the three target logstores of the Python script, in a project of an SLS Local, and
 * what belongs where.
 */
final class Logstores {

    private static final String SOURCE = "all-logs";
    private static final int SOURCE_SHARDS = 4;
    private static final int TARGET_SHARDS = 2;
    private static final Duration DELIVERY_LIMIT = Duration.ofMinutes(3);
    private static final Map<String, String> TARGET_OF_TOPIC =
            Map.of("nginx", "nginx-logs", "sql_audit", "sql-logs", "click", "click-logs");
    private static final List<String> TOPICS = List.of("nginx", "sql_audit", "click", "nobody-wants-it");

    private final SlsLocal sls;
    private final String project;
    private final AtomicInteger written = new AtomicInteger();

    private Logstores(SlsLocal sls, String project) {
        this.sls = sls;
        this.project = project;
    }

    static Logstores create(SlsLocal sls, String project) {
        sls.createLogstore(project, SOURCE, SOURCE_SHARDS);
        TARGET_OF_TOPIC.values().forEach(target -> sls.createLogstore(project, target, TARGET_SHARDS));
        return new Logstores(sls, project);
    }

    /** The variables that the Python script would be started with, but the credentials. */
    Map<String, String> scriptVariables() {
        return Map.of(
                "SLS_ENDPOINT", sls.endpoint(),
                "SLS_PROJECT", project,
                "SLS_LOGSTORE", SOURCE,
                "SLS_CG", "dispatch",
                "SLS_LOGSTORE_TO1", "nginx-logs",
                "SLS_LOGSTORE_TO2", "sql-logs",
                "SLS_LOGSTORE_TO3", "click-logs");
    }

    /** The fat jar's job on these, configured by the variables of the Python script. */
    Submission dispatching() {
        return Submission.of(JavaJar.PATH).withEnvironment(scriptVariables());
    }

    /** Writes the next groups to the source, each different, topics and shards in turn. */
    void write(int groups) {
        for (int i = 0; i < groups; i++) {
            int number = written.getAndIncrement();
            sls.put(project, SOURCE, number % SOURCE_SHARDS, group(number));
        }
    }

    /** How many groups were written to the source. */
    int written() {
        return written.get();
    }

    /** Waits until every group is at its target. */
    void awaitDelivered() {
        await("every group at its target")
                .atMost(DELIVERY_LIMIT)
                .pollInterval(Duration.ofMillis(500))
                .until(this::reconcile, found -> found.groups() == written() && found.lost() == 0);
    }

    /** Waits until nothing is missing, ends the job with all that it has under way, and compares. */
    Reconciliation awaitDeliveredAndStop(ClusterJob job) {
        awaitDelivered();
        job.stopWithSavepoint();
        return reconcile();
    }

    /** Compares the source with the targets. */
    Reconciliation reconcile() {
        Map<String, LogstoreLedger> targets = new TreeMap<>();
        TARGET_OF_TOPIC.values().forEach(target -> targets.put(target, sls.ledger(project, target)));
        try {
            return Reconciler.reconcile(
                    sls.ledger(project, SOURCE),
                    targets,
                    topic -> TARGET_OF_TOPIC.containsKey(topic) ? Set.of(TARGET_OF_TOPIC.get(topic)) : Set.of());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The targets that each group of the source is at, in the order of the source; empty for one that is at none. */
    List<Set<String>> targetsOfGroups() {
        Map<GroupDigest, Set<String>> targets = new LinkedHashMap<>();
        try {
            sls.ledger(project, SOURCE)
                    .entries()
                    .forEachRemaining(entry -> targets.put(entry.digest(), new TreeSet<>()));
            for (String target : TARGET_OF_TOPIC.values()) {
                sls.ledger(project, target).entries().forEachRemaining(entry -> targets.computeIfAbsent(
                                entry.digest(), altered -> new TreeSet<>())
                        .add(target));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return List.copyOf(targets.values());
    }

    /** A configuration that reads this source and has these targets, and no rules. */
    String sourceAndTargets() {
        return "source: {endpoint: '" + sls.endpoint() + "', project: " + project + ", logstore: " + SOURCE
                + ", consumer-group: dispatch,\n"
                + "  credentials: {access-key-id: '${SLS_AK_ID}', access-key-secret: '${SLS_AK_KEY}'}}\n"
                + "targets: [{logstore: nginx-logs}, {logstore: sql-logs}, {logstore: click-logs}]\n";
    }

    /** The rules that the variables of the Python script stand for. */
    static String routes() {
        StringBuilder routes = new StringBuilder("routes:\n");
        TARGET_OF_TOPIC.forEach((topic, target) -> routes.append("  - {topic: ")
                .append(topic)
                .append(", to: ")
                .append(target)
                .append("}\n"));
        return routes + "default-route: drop\n";
    }

    /** A group as no encoder of ours would write it: topic behind the logs, and a field that nobody knows. */
    private static byte[] group(int number) {
        String topic = TOPICS.get(number / SOURCE_SHARDS % TOPICS.size());
        return logGroup()
                .log((int) (System.currentTimeMillis() / 1000), "number", Integer.toString(number))
                .topic(topic)
                .field(31, (byte) 'a', (byte) 'b', (byte) 'c')
                .toBytes();
    }
}
