package io.slsdispatch.e2e.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slsdispatch.job.config.ConfigReader;
import io.slsdispatch.job.config.JobConfig;
import io.slsdispatch.local.SlsLocal;
import io.slsdispatch.local.SlsLocalOptions;
import io.slsdispatch.local.ledger.LedgerEntry;
import io.slsdispatch.local.ledger.LogstoreLedger;
import io.slsdispatch.local.ledger.Reconciler;
import io.slsdispatch.local.ledger.Reconciliation;
import io.slsdispatch.local.store.shard.ShardInfo;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The savepoint of the first build, taken at parallelism 3 with the targets alpha, beta and gamma, and what this build
 * makes of it. See {@link SavepointMaker} for what is in it.
 */
@OnMiniCluster
class UpgradeE2eTest {

    private static final String FIXTURE = "/savepoints/first-build/";
    private static final String METADATA = "_metadata";
    /** After the version and the length of a part of the state, its first field: the project. */
    private static final byte[] PROJECT_FIELD = "\0\7upgrade".getBytes(StandardCharsets.ISO_8859_1);

    @TempDir
    private Path folder;

    private SlsLocal service;

    @BeforeEach
    void startService() throws IOException {
        copy("sls-local.mv.db", folder.resolve("service"));
        copy(METADATA, savepoint());
        service = SlsLocal.start(SlsLocalOptions.builder()
                .dataDirectory(folder.resolve("service"))
                .build());
    }

    @AfterEach
    void stopService() {
        service.close();
    }

    private static void copy(String name, Path to) throws IOException {
        Files.createDirectories(to);
        try (InputStream from = UpgradeE2eTest.class.getResourceAsStream(FIXTURE + name)) {
            Files.copy(Objects.requireNonNull(from, name), to.resolve(name));
        }
    }

    private Path savepoint() {
        return folder.resolve("savepoint");
    }

    /** Beta is renamed, gamma is gone, rest is new, and some groups that were read by nobody yet go elsewhere. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void goesOnAtAnyParallelismWithTargetsAddedRemovedAndRenamedAndOtherRules(int parallelism) throws Exception {
        service.createLogstore(SavepointMaker.PROJECT, "rest", 2);
        long atGamma = count("gamma");
        JobConfig config = config(SavepointMaker.SOURCE, """
                targets:
                  - logstore: alpha
                  - {name: second, logstore: beta}
                  - logstore: rest
                routes:
                  - {topic: alpha-2, to: [alpha, rest]}
                  - {topic: {prefix: alpha-}, to: alpha}
                  - {topic: {prefix: beta-}, to: second}
                default-route: rest
                """);

        try (RunningJob job =
                RunningJob.restore(config, parallelism, savepoint().toString())) {
            writeMore();
            job.awaitWhileRunning("all that the savepoint left over", any -> Rig.assertExact(found()));
            job.stopWithSavepoint(folder);
        }

        Rig.assertExact(found());
        assertThat(count("gamma")).as("groups of the removed target").isEqualTo(atGamma);
    }

    @Test
    void refusesTheSavepointOfAnotherLogstoreAndNamesBoth() {
        service.createLogstore(SavepointMaker.PROJECT, "other-logs", 2);

        assertThatThrownBy(() -> run(config("other-logs", unchanged())))
                .hasStackTraceContaining("belongs to logstore upgrade/all-logs")
                .hasStackTraceContaining("configured to read upgrade/other-logs");
    }

    @Test
    void refusesStateOfALaterVersionAndSaysWhatToDo() throws Exception {
        // The version of the enumerator's state is the lowest byte of the integer before its length.
        patch(-5, 99);

        assertThatThrownBy(() -> run(config(SavepointMaker.SOURCE, unchanged())))
                .hasStackTraceContaining("The state of the shard enumerator has version 99; this build reads 1 to")
                .hasStackTraceContaining("restore it with that build");
    }

    @Test
    void refusesDamagedStateInsteadOfReadingFromSomewhereElse() throws Exception {
        // The length of the logstore's name, far beyond the end.
        patch(PROJECT_FIELD.length, 0x7F);

        assertThatThrownBy(() -> run(config(SavepointMaker.SOURCE, unchanged())))
                .hasStackTraceContaining("The state of the shard enumerator is truncated");
    }

    private static String unchanged() {
        return """
                targets: [{logstore: alpha}, {logstore: beta}, {logstore: gamma}]
                routes:
                  - {topic: {prefix: alpha-}, to: alpha}
                default-route: drop
                """;
    }

    private void run(JobConfig config) throws Exception {
        try (RunningJob job = RunningJob.restore(config, 2, savepoint().toString())) {
            job.awaitEnd();
        }
    }

    private void patch(int offset, int value) throws IOException {
        Path file = savepoint().resolve(METADATA);
        byte[] bytes = Files.readAllBytes(file);
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int field = text.indexOf(new String(PROJECT_FIELD, StandardCharsets.ISO_8859_1));
        bytes[field + offset] = (byte) value;
        Files.write(file, bytes);
    }

    private JobConfig config(String logstore, String rest) throws Exception {
        Path credentials = folder.resolve("credentials");
        Files.writeString(
                credentials,
                "access-key-id=" + SlsLocalOptions.DEFAULT_KEY.accessKeyId() + "\naccess-key-secret="
                        + SlsLocalOptions.DEFAULT_KEY.accessKeySecret() + "\n");
        String text = """
                checkpoint-interval: 200ms
                source:
                  endpoint: %s
                  project: %s
                  logstore: %s
                  credentials: {file: '%s'}
                  discovery: {interval: 100ms, settle-time: 0s}
                  pull: {idle-poll-floor: 10ms, idle-poll-ceiling: 50ms}
                %s""".formatted(service.endpoint(), SavepointMaker.PROJECT, logstore, credentials, rest);
        Path file = Files.writeString(folder.resolve("dispatch.yaml"), text);
        return ConfigReader.readFile(file, Map.of(), Instant.now());
    }

    private void writeMore() {
        service.shards(SavepointMaker.PROJECT, SavepointMaker.SOURCE).stream()
                .filter(ShardInfo::isReadWrite)
                .forEach(shard -> {
                    for (String kind : new String[] {"alpha-3", "beta-3", "gamma-3", "nobody-3"}) {
                        byte[] group = TestGroups.group(kind, "more of " + shard.id());
                        service.put(SavepointMaker.PROJECT, SavepointMaker.SOURCE, shard.id(), group);
                    }
                });
    }

    /** What the savepoint's job had delivered, -1, it had delivered by its own rules. */
    private static Set<String> targetsOf(String topic) {
        if (topic.endsWith("-1")) {
            return SavepointMaker.targetsOf(topic);
        }
        if (topic.equals("alpha-2")) {
            return Set.of("alpha", "rest");
        }
        if (topic.startsWith("alpha-")) {
            return Set.of("alpha");
        }
        return topic.startsWith("beta-") ? Set.of("beta") : Set.of("rest");
    }

    private Reconciliation found() throws IOException {
        Map<String, LogstoreLedger> targets = new TreeMap<>();
        for (String target : Set.of("alpha", "beta", "gamma", "rest")) {
            targets.put(target, service.ledger(SavepointMaker.PROJECT, target));
        }
        return Reconciler.reconcile(
                service.ledger(SavepointMaker.PROJECT, SavepointMaker.SOURCE), targets, UpgradeE2eTest::targetsOf);
    }

    private long count(String logstore) throws IOException {
        long count = 0;
        for (Iterator<LedgerEntry> entries =
                        service.ledger(SavepointMaker.PROJECT, logstore).entries();
                entries.hasNext();
                entries.next()) {
            count++;
        }
        return count;
    }
}
