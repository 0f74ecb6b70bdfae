package io.slsdispatch.job.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slsdispatch.job.config.ConfigReader;
import io.slsdispatch.job.config.JobConfig;
import io.slsdispatch.job.topology.ReloadRig.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Metric;
import org.apache.flink.runtime.client.JobStatusMessage;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.testutils.CommonTestUtils;
import org.apache.flink.runtime.testutils.InMemoryReporter;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.InjectMiniCluster;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class RulesReloadTest {

    private static final InMemoryReporter METRICS = InMemoryReporter.createWithRetainedMetrics();

    @RegisterExtension
    static final MiniClusterExtension CLUSTER = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setConfiguration(METRICS.addToConfiguration(new Configuration()))
            .setNumberTaskManagers(2)
            .setNumberSlotsPerTaskManager(2)
            .build());

    private static final Duration GENEROUS = Duration.ofMinutes(2);
    private static final int RELOADS = 50;
    private static final int GROUPS = 200_000;
    private static final String[] TARGETS = {"a", "b", "c"};

    @TempDir
    private Path folder;

    private MiniCluster cluster;
    private Path rules;
    private ScheduledExecutorService feeder;

    @BeforeEach
    void begin(@InjectMiniCluster MiniCluster cluster) throws IOException {
        this.cluster = cluster;
        rules = folder.resolve("rules.yaml");
        feeder = Executors.newSingleThreadScheduledExecutor();
        write(everythingTo("a"));
    }

    /** A job that a failed assertion left behind would hold the slots that the other tests wait for. */
    @AfterEach
    void end() throws Exception {
        feeder.shutdownNow();
        for (JobStatusMessage job : cluster.listJobs().get()) {
            if (!job.getJobState().isGloballyTerminalState()) {
                cluster.cancelJob(job.getJobId()).get();
                cluster.requestJobResult(job.getJobId()).get();
            }
        }
    }

    @Test
    void everyGroupIsDispatchedByExactlyOneVersionThroughFiftyReloadsAndAllFailures() throws Exception {
        ReloadRig rig = new ReloadRig(GROUPS);
        JobClient job = start("fifty", rig, 4, null, reloading());
        // Enough is left for the end, however slow the machine is; what is read again after a failure is always fed.
        feedAllTheTime(() -> rig.feed(rig.targetsOfGroup().size() < GROUPS / 2 || !rig.isReadAgain() ? 20 : 0));
        Random random = new Random(3);
        Fault[] faults = Fault.values();

        for (int version = 2; version <= RELOADS + 1; version++) {
            write(everythingTo(TARGETS[(version - 1) % TARGETS.length]));
            if (version % 4 == 0) {
                rig.failNext(faults[random.nextInt(faults.length)]);
            }
            awaitVersion("fifty", version);
        }
        rig.feedTheRest();
        job.getJobExecutionResult().get();

        assertThat(rig.faults()).as("failures injected").isGreaterThan(RELOADS / 8);
        assertThat(rig.targetsOfGroup()).as("nothing lost").hasSize(GROUPS);
        assertThat(rig.targetsOfGroup().values())
                .as("each group at the target of one version")
                .allSatisfy(targets -> assertThat(targets).hasSize(1));
        assertThat(rig.targetsOfGroup().values().stream().flatMap(Set::stream).distinct())
                .containsExactlyInAnyOrder(TARGETS);
    }

    @Test
    void restoreGoesOnWithTheVersionThatWasActiveAtAnotherParallelism() throws Exception {
        ReloadRig before = new ReloadRig(1_000_000);
        JobClient job = start("before", before, 2, null, reloading());
        feedAllTheTime(() -> before.feed(20));
        write(everythingTo("b"));
        awaitVersion("before", 2);
        String savepoint = stop(job);

        // The job begins with what it is submitted with, unless the savepoint says otherwise; then nothing can be read.
        write(everythingTo("c"));
        JobConfig config = reloading();
        write("this is: [no rules");
        ReloadRig after = new ReloadRig(1_000_000);
        JobClient restored = start("after", after, 3, savepoint, config);
        after.feed(2_000);

        await().atMost(GENEROUS).until(() -> after.targetsOfGroup().size() > 500);
        assertThat(after.targetsOfGroup().values()).allMatch(Set.of("b")::equals);
        assertThat(gauge("after", "taskmanager", "rulesVersion")).isEqualTo(2);

        write(everythingTo("c"));
        awaitVersion("after", 3);
        restored.cancel().get();
    }

    @Test
    void badVersionIsRefusedAndTheOldOneStays() throws Exception {
        ReloadRig rig = new ReloadRig(1_000_000);
        JobClient job = start("bad", rig, 2, null, reloading());
        feedAllTheTime(() -> rig.feed(20));
        awaitVersion("bad", 1);

        write("routes: [{topic: x, to: unheard-of}]\ndefault-route: a\n");
        await().atMost(GENEROUS).until(() -> gauge("bad", "jobmanager", "rulesRefused") == 1);
        int seen = rig.targetsOfGroup().size();
        await().atMost(GENEROUS).until(() -> rig.targetsOfGroup().size() > seen + 500);
        assertThat(rig.targetsOfGroup().values()).allMatch(Set.of("a")::equals);
        assertThat(counter("bad", "rulesRefusals")).isEqualTo(1);

        Files.delete(rules);
        await().atMost(GENEROUS).until(() -> counter("bad", "rulesPollFailures") > 0);

        write(everythingTo("b"));
        awaitVersion("bad", 2);
        assertThat(gauge("bad", "jobmanager", "rulesRefused")).isZero();
        assertThat(counter("bad", "rulesReloads")).isEqualTo(1);
        job.cancel().get();
    }

    @Test
    void reloadingCanBeSwitchedOffAndOnAgainWithoutFlags() throws Exception {
        ReloadRig first = new ReloadRig(1_000_000);
        first.feed(1_000);
        JobClient job = start("on", first, 2, null, reloading());
        write(everythingTo("b"));
        awaitVersion("on", 2);
        String savepoint = stop(job);

        ReloadRig off = new ReloadRig(1_000_000);
        off.feed(2_000);
        job = start("off", off, 2, savepoint, fixed(everythingTo("c")));
        await().atMost(GENEROUS).until(() -> off.targetsOfGroup().size() > 500);
        assertThat(off.targetsOfGroup().values()).allMatch(Set.of("c")::equals);
        savepoint = stop(job);

        write(everythingTo("a"));
        ReloadRig on = new ReloadRig(1_000_000);
        on.feed(2_000);
        job = start("again", on, 2, savepoint, reloading());
        await().atMost(GENEROUS).until(() -> on.targetsOfGroup().size() > 500);
        assertThat(on.targetsOfGroup().values())
                .as("not the version of before it was switched off")
                .allMatch(Set.of("a")::equals);
        job.cancel().get();
    }

    @Test
    void rulesOfTheStateThatNameATargetThatIsGoneGiveWayToThoseOfTheStart() throws Exception {
        ReloadRig before = new ReloadRig(1_000_000);
        before.feed(1_000);
        JobClient job = start("with b", before, 2, null, reloading());
        write(everythingTo("b"));
        awaitVersion("with b", 2);
        String savepoint = stop(job);

        write(everythingTo("a"));
        ReloadRig after = new ReloadRig(1_000_000);
        after.feed(2_000);
        job = start(
                "without b",
                after,
                2,
                savepoint,
                config("  - {name: a, logstore: logs-a}\n  - {name: c, logstore: logs-c}\n", updates()));
        await().atMost(GENEROUS).until(() -> after.targetsOfGroup().size() > 500);
        assertThat(after.targetsOfGroup().values()).allMatch(Set.of("a")::equals);
        awaitVersion("without b", 3);
        job.cancel().get();
    }

    @Test
    void savepointOfARunningJobProposesNothingAndHoldsNobody() throws Exception {
        ReloadRig rig = new ReloadRig(1_000_000);
        JobClient job = start("savepoints", rig, 2, null, reloading());
        feedAllTheTime(() -> rig.feed(20));

        // A first checkpoint, so that every task is known to run.
        write(everythingTo("b"));
        awaitVersion("savepoints", 2);
        for (int version = 3; version <= 6; version++) {
            write(everythingTo(TARGETS[(version - 1) % TARGETS.length]));
            job.triggerSavepoint(folder.resolve("savepoints").toUri().toString(), SavepointFormatType.CANONICAL)
                    .get();
            awaitVersion("savepoints", version);
        }
        assertThat(stop(job)).isNotEmpty();
        assertThat(rig.targetsOfGroup().values())
                .allSatisfy(targets -> assertThat(targets).hasSize(1));
    }

    private void awaitVersion(String job, long version) {
        await("version " + version)
                .atMost(GENEROUS)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> gauge(job, "jobmanager", "rulesVersion") == version);
    }

    private static long gauge(String job, String process, String name) {
        return metrics(job, process, name)
                .mapToLong(metric -> ((Number) ((Gauge<?>) metric).getValue()).longValue())
                .max()
                .orElse(-1);
    }

    private static long counter(String job, String name) {
        return metrics(job, "jobmanager", name)
                .mapToLong(metric -> ((Counter) metric).getCount())
                .max()
                .orElse(-1);
    }

    private static java.util.stream.Stream<Metric> metrics(String job, String process, String name) {
        return METRICS.getMetricsByGroup().entrySet().stream()
                .filter(group -> {
                    List<String> scope = List.of(group.getKey().getScopeComponents());
                    return scope.contains(job) && scope.contains(process);
                })
                .flatMap(group -> group.getValue().entrySet().stream())
                .filter(metric -> metric.getKey().equals(name))
                .map(Map.Entry::getValue);
    }

    private String stop(JobClient job) throws Exception {
        awaitAllRunning(job);
        String savepoint = job.stopWithSavepoint(
                        false, folder.resolve("savepoints").toUri().toString(), SavepointFormatType.CANONICAL)
                .get();
        await().atMost(GENEROUS).until(() -> job.getJobStatus().get() == JobStatus.FINISHED);
        return savepoint;
    }

    /** A savepoint is of tasks that run. */
    private void awaitAllRunning(JobClient job) throws Exception {
        CommonTestUtils.waitForAllTaskRunning(cluster, job.getJobID(), false);
    }

    private void feedAllTheTime(Runnable feed) {
        var unused = feeder.scheduleWithFixedDelay(feed, 0, 10, TimeUnit.MILLISECONDS);
    }

    private JobClient start(String name, ReloadRig rig, int parallelism, String savepoint, JobConfig config)
            throws Exception {
        Configuration flink = new Configuration();
        flink.setString("restart-strategy.type", "fixed-delay");
        flink.setString("restart-strategy.fixed-delay.attempts", "1000");
        flink.setString("restart-strategy.fixed-delay.delay", "10 ms");
        flink.setString("execution.checkpointing.interval", "50 ms");
        flink.setString(
                "execution.checkpointing.dir",
                folder.resolve("checkpoints").toUri().toString());
        if (savepoint != null) {
            flink.setString("execution.state-recovery.path", savepoint);
        }
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(flink);
        env.setParallelism(parallelism);
        new DistributionTopology(config, rig).addTo(env);
        return env.executeAsync(name);
    }

    /** Replaces the file at once, as an operator should. */
    private void write(String content) throws IOException {
        Path next = Files.writeString(folder.resolve("rules.next"), content);
        Files.move(next, rules, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static String everythingTo(String target) {
        return "routes: [{topic: {prefix: topic-}, to: " + target + "}]\ndefault-route: fail\n";
    }

    private JobConfig reloading() throws Exception {
        return config(allTargets(), updates());
    }

    private JobConfig fixed(String rules) throws Exception {
        return config(allTargets(), rules);
    }

    private static String allTargets() {
        return "  - {name: a, logstore: logs-a}\n  - {name: b, logstore: logs-b}\n  - {name: c, logstore: logs-c}\n";
    }

    private String updates() {
        return "rules: {from: " + rules + ", poll-interval: 20ms}\n";
    }

    private JobConfig config(String targets, String rest) throws Exception {
        Path file = Files.writeString(folder.resolve("dispatch.yaml"), """
                source:
                  endpoint: sls.test
                  project: my-project
                  logstore: all
                  consumer-group: group
                  credentials: {access-key-id: "${ID}", access-key-secret: "${KEY}"}
                targets:
                """ + targets + rest);
        return ConfigReader.readFile(file, Map.of(), Instant.EPOCH);
    }
}
