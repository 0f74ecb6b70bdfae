package io.slsdispatch.e2e.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.LogstoreSettings;
import io.slsdispatch.e2e.dispatch.OnMiniCluster.WithLogstores;
import io.slsdispatch.local.fault.Effect;
import io.slsdispatch.local.fault.Fault;
import io.slsdispatch.local.ledger.GroupDigest;
import io.slsdispatch.local.ledger.LedgerEntry;
import io.slsdispatch.local.ledger.LogstoreLedger;
import io.slsdispatch.local.ledger.Reconciler;
import io.slsdispatch.local.service.RequestLog;
import io.slsdispatch.local.wire.Operation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A target by template: topics that nobody listed begin to flow and get their logstores. */
@OnMiniCluster
class TemplateE2eTest {

    private static final int PARALLELISM = 4;
    private static final int TOPICS = 60;

    private static final String TEMPLATE = """
              - name: by-app
                logstore: "{topic}-logs"
                allow: ["app-*", "team-*"]
                max-logstores: 200
                when-missing: create
                create: {shards: 2, ttl: 7d, auto-split: true, max-split-shards: 16, on-failure: fail}
                when-invalid: rest
                on-reject: fail
                on-outage: block
            """;

    private static final String ROUTES = """
            routes:
              - {topic: {prefix: app-}, to: by-app}
              - {topic: billing, to: by-app, logstore: team-billing-logs}
              - {topic: db, to: by-app}
            default-route: rest
            """;

    @WithLogstores(sourceShards = 8, targets = "rest")
    private Rig rig;

    private static Set<String> logstoresOf(String topic) {
        if (topic.startsWith("app-")) {
            return Set.of(topic + "-logs");
        }
        return Set.of(topic.equals("billing") ? "team-billing-logs" : "rest");
    }

    private void write(String prefix, int from, int to) {
        List<String> topics = new ArrayList<>(List.of("billing", "db", "", "unknown"));
        for (int topic = from; topic < to; topic++) {
            topics.add("app-" + topic);
        }
        rig.writeToAll(prefix, 2 * topics.size(), topics.toArray(String[]::new));
    }

    /** The results of the requests to create a logstore. */
    private List<String> creations() {
        return rig.sls().requests().entries().stream()
                .filter(request -> request.operation().equals("CreateLogStore"))
                .map(RequestLog.Entry::result)
                .toList();
    }

    private void assertArrived() throws Exception {
        Map<String, LogstoreLedger> ledgers = new LinkedHashMap<>();
        Set<String> logstores = rig.entries(Rig.SOURCE.logstore()).stream()
                .flatMap(entry -> logstoresOf(entry.topic()).stream())
                .collect(Collectors.toSet());
        assertThat(existing()).as("logstores").containsAll(logstores);
        logstores.forEach(logstore -> ledgers.put(logstore, rig.ledger(logstore)));
        Rig.assertExact(Reconciler.reconcile(rig.ledger(Rig.SOURCE.logstore()), ledgers, TemplateE2eTest::logstoresOf));
    }

    private List<String> existing() throws Exception {
        try (SlsClient client = rig.client()) {
            return client.listLogstores(Rig.PROJECT, 0, SlsClient.MAX_LOGSTORES_OF_A_PAGE)
                    .names();
        }
    }

    @Test
    void topicsThatNobodyListedGetTheirLogstoresOnceAndEveryGroupArrives() throws Exception {
        write("first", 0, TOPICS / 2);
        String savepoint;
        try (RunningJob job = RunningJob.start(rig.config("", TEMPLATE + ROUTES), PARALLELISM)) {
            job.awaitWhileRunning("the first topics", any -> assertArrived());
            write("second", TOPICS / 4, TOPICS);
            job.awaitWhileRunning("topics that begin while the job runs", any -> assertArrived());
            savepoint = job.stopWithSavepoint(rig.folder());
        }
        write("third", 0, TOPICS + 5);
        try (RunningJob job = RunningJob.restore(rig.config("", TEMPLATE + ROUTES), 2, savepoint)) {
            job.awaitWhileRunning("after a savepoint, at another parallelism", any -> assertArrived());
        }

        int created = TOPICS + 5 + 1;
        assertThat(existing()).as("these, the source and 'rest'").hasSize(created + 2);
        assertThat(creations())
                .as("one subtask creates each; another one may have asked, too")
                .hasSizeLessThan(2 * created)
                .filteredOn("OK"::equals)
                .hasSize(created);
        try (SlsClient client = rig.client()) {
            for (String logstore : List.of("app-0-logs", "app-64-logs", "team-billing-logs")) {
                assertThat(client.logstoreSettings(new LogstoreId(Rig.PROJECT, logstore)))
                        .isEqualTo(new LogstoreSettings(2, 7, true, 16));
            }
        }
    }

    /** The target takes 20 of 60 topics; the groups of the others go to another target, and none is in both. */
    @Test
    void theLimitOfLogstoresIsThatOfTheJob() throws Exception {
        int most = 20;
        write("first", 0, TOPICS);

        try (RunningJob job = RunningJob.start(
                rig.config("", TEMPLATE.replace("max-logstores: 200", "max-logstores: " + most) + ROUTES),
                PARALLELISM)) {
            job.awaitWhileRunning("every group in one of them", any -> {
                long arrived = 0;
                for (String logstore : existing()) {
                    arrived += logstore.equals(Rig.SOURCE.logstore())
                            ? 0
                            : rig.entries(logstore).size();
                }
                assertThat(arrived).isEqualTo(rig.entries(Rig.SOURCE.logstore()).size());
            });
        }

        assertThat(existing()).as("and the source and 'rest'").hasSize(most + 2);
        assertThat(creations()).filteredOn("OK"::equals).hasSize(most);
        for (String logstore : existing()) {
            if (logstore.endsWith("-logs") && !logstore.equals(Rig.SOURCE.logstore())) {
                assertThat(rig.entries(logstore).stream().map(LedgerEntry::topic))
                        .allSatisfy(topic -> assertThat(logstoresOf(topic)).containsExactly(logstore));
            }
        }
    }

    /** An operator deletes a logstore: it does not come back, and its groups go the way that is configured. */
    @Test
    void aDeletedLogstoreStaysDeleted() throws Exception {
        String template = TEMPLATE.replace("on-failure: fail", "on-failure: rest");
        write("first", 0, 3);
        try (RunningJob job = RunningJob.start(rig.config("", template + ROUTES), PARALLELISM)) {
            job.awaitWhileRunning("the first groups", any -> assertArrived());
            long rest = rig.entries("rest").size();
            rig.sls().deleteLogstore(Rig.PROJECT, "app-0-logs");
            rig.writeToAll("second", 2, "app-0", "app-1");
            job.awaitWhileRunning("its groups elsewhere, and those of another one", any -> {
                assertThat(topics("rest", "app-0")).isEqualTo(8);
                assertThat(rig.entries("app-1-logs")).hasSize(24);
            });
            assertThat(rig.entries("rest")).hasSize((int) rest + 8);
        }

        assertThat(existing()).doesNotContain("app-0-logs");
    }

    @Test
    void anOutageIsThatOfOneLogstore() throws Exception {
        String template = TEMPLATE.replace(
                "on-outage: block",
                "on-outage: dead-letter\n    outage-after: 500ms\n    dead-letter: {logstore: dead}");
        rig.sls().createLogstore(Rig.PROJECT, "dead", 1);
        write("first", 0, 3);
        try (RunningJob job = RunningJob.start(rig.config("", template + ROUTES), PARALLELISM)) {
            job.awaitWhileRunning("the first groups", any -> assertArrived());
            rig.sls()
                    .faults()
                    .add(Fault.always(new Effect.Refuse(500, "InternalServerError", "broken", Effect.Moment.BEFORE))
                            .on(Operation.PUT_LOGS)
                            .inLogstore("app-1-logs"));
            rig.writeToAll("second", 4, "app-1", "app-2");
            job.awaitWhileRunning("dead letters of one, and groups of another one", any -> {
                assertThat(deadLetters()).isNotEmpty();
                assertThat(rig.entries("app-2-logs")).hasSize(32);
            });
            rig.sls().faults().clear();
            job.awaitWhileRunning("the logstore's return", any -> {
                // Some may still become dead letters: a return is noticed by the next probe.
                rig.writeToAll("later " + System.nanoTime(), 1, "app-1");
                assertThat(rig.entries("app-1-logs")).hasSizeGreaterThan(16);
            });
            job.awaitWhileRunning("every group in its logstore or among the dead letters", any -> {
                Set<GroupDigest> either = deadLetters();
                rig.entries("app-1-logs").forEach(entry -> either.add(entry.digest()));
                assertThat(either)
                        .containsExactlyInAnyOrderElementsOf(rig.entries(Rig.SOURCE.logstore()).stream()
                                .filter(entry -> entry.topic().equals("app-1"))
                                .map(LedgerEntry::digest)
                                .toList());
            });
        }
    }

    /** Of the target: a log group of their logstore may have several. */
    private Set<GroupDigest> deadLetters() throws Exception {
        Set<GroupDigest> found = new HashSet<>();
        try (SlsClient client = rig.client()) {
            new LetterBox(client, new LogstoreId(Rig.PROJECT, "dead"))
                    .of("by-app")
                    .entries()
                    .forEachRemaining(letter -> found.add(letter.digest()));
        }
        return found;
    }

    private long topics(String logstore, String topic) throws Exception {
        return rig.entries(logstore).stream()
                .filter(entry -> entry.topic().equals(topic))
                .count();
    }

    @Test
    void aJobWithoutATemplateContinuesWithOne() throws Exception {
        write("before", 0, 2);
        String savepoint;
        try (RunningJob job = RunningJob.start(rig.config("", "routes: [{to: rest}]\ndefault-route: fail\n"), 2)) {
            job.awaitWhileRunning("all in one", any -> Rig.assertExact(rig.reconcile(topic -> Set.of("rest"))));
            savepoint = job.stopWithSavepoint(rig.folder());
        }
        long before = rig.entries("rest").size();
        write("after", 0, 2);

        try (RunningJob job = RunningJob.restore(rig.config("", TEMPLATE + ROUTES), 2, savepoint)) {
            job.awaitWhileRunning("the new groups by the template", any -> {
                assertThat(existing()).contains("app-0-logs", "app-1-logs", "team-billing-logs");
                assertThat(rig.entries("app-1-logs")).hasSize(16);
                assertThat(rig.entries("team-billing-logs")).hasSize(16);
                assertThat(rig.entries("rest")).hasSize((int) before + 3 * 16);
            });
        }
    }

    @Test
    void rulesThatNameALogstoreOutrightApplyWithoutARestart() throws Exception {
        Path rules = rig.folder().resolve("rules.yaml");
        write(rules, "routes: [{topic: first, to: by-app, logstore: team-first-logs}]\ndefault-route: rest\n");
        String rest = TEMPLATE + "rules: {from: " + rules + ", poll-interval: 100ms}\n";
        AtomicInteger written = new AtomicInteger();

        try (RunningJob job = RunningJob.start(rig.config("consumer-group: g", rest), PARALLELISM)) {
            flowsTo("first", "team-first-logs", written, job);
            flowsTo("late", "rest", written, job);
            write(rules, """
                    routes:
                      - {topic: late, to: by-app, logstore: team-late-logs}
                      - {topic: first, to: rest}
                    default-route: rest
                    """);
            flowsTo("late", "team-late-logs", written, job);
            write(rules, "routes: [{topic: late, to: by-app, logstore: other-logs}]\ndefault-route: rest\n");
            flowsTo("late", "team-late-logs", written, job);

            Set<String> targets = Set.of("team-first-logs", "team-late-logs", "rest");
            job.awaitWhileRunning("every group, once, in one of them", any -> {
                List<String> arrived = new ArrayList<>();
                for (String target : targets) {
                    rig.entries(target)
                            .forEach(entry -> arrived.add(entry.digest().toString()));
                }
                assertThat(arrived).hasSize(written.get()).doesNotHaveDuplicates();
            });
            assertThat(existing()).as("rules outside 'allow' are refused").doesNotContain("other-logs");
        }
    }

    private static void write(Path rules, String text) throws Exception {
        Path other = Files.writeString(rules.resolveSibling("rules.new"), text);
        Files.move(other, rules, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Writes groups of a topic until more of them are in a logstore. */
    private void flowsTo(String topic, String logstore, AtomicInteger written, RunningJob job) {
        AtomicLong before = new AtomicLong(-1);
        job.awaitWhileRunning(topic + " in " + logstore, any -> {
            rig.write(0, TestGroups.group(topic, "text " + written.incrementAndGet()));
            assertThat(existing()).contains(logstore);
            long there = rig.entries(logstore).stream()
                    .filter(entry -> entry.topic().equals(topic))
                    .count();
            before.compareAndSet(-1, there);
            assertThat(there).isGreaterThan(before.get());
        });
    }
}
