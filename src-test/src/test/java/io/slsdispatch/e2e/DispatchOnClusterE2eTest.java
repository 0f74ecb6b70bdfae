package io.slsdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slsdispatch.e2e.cluster.CliResult;
import io.slsdispatch.e2e.cluster.ClusterJob;
import io.slsdispatch.e2e.cluster.FlinkCluster;
import io.slsdispatch.e2e.cluster.OnCluster;
import io.slsdispatch.e2e.cluster.Submission;
import io.slsdispatch.local.SlsLocal;
import io.slsdispatch.local.SlsLocalOptions;
import io.slsdispatch.local.ledger.Reconciliation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The fat jar on a cluster whose processes come and go while the source is written to. */
@OnCluster
class DispatchOnClusterE2eTest {

    private static final Pattern SAVEPOINT = Pattern.compile("Savepoint completed\\. Path: (\\S+)");
    private static final Pattern JOB_ID = Pattern.compile("JobID ([0-9a-f]{32})");
    private static final Duration DELIVERY_LIMIT = Duration.ofMinutes(3);

    private static SlsLocal sls;
    private static FlinkCluster cluster;

    @BeforeAll
    static void start() throws IOException {
        sls = SlsLocal.start();
        cluster = FlinkCluster.builder("dispatch")
                .taskManagers(2, 4)
                .environment(Logstores.scriptCredentials())
                .start();
    }

    @AfterAll
    static void close() {
        if (cluster != null) {
            cluster.close();
        }
        if (sls != null) {
            sls.close();
        }
    }

    @Test
    void nothingIsLostWhenATaskManagerIsKilledUnderLoad() throws Exception {
        Logstores logstores = Logstores.create(sls, "killed");
        ClusterJob job = cluster.submit(dispatching(logstores));

        try (SteadyLoad load = SteadyLoad.start(logstores, 1_000)) {
            job.awaitCheckpoints(2);
            int victim = job.deployment().taskManagers().iterator().next();
            cluster.startTaskManager();
            cluster.killTaskManager(victim);
            job.awaitRunning();
            job.awaitCheckpoints(2);
            load.stop();
        }

        Reconciliation found = allDelivered(logstores, job);
        assertThat(found.lost()).isZero();
        assertThat(found.misrouted()).isZero();
        assertThat(found.altered()).isZero();
        assertThat(job.checkpoints().restores()).isPositive();
        // A failure logs more than anything else.
        assertThat(logsWith(SlsLocalOptions.DEFAULT_KEY.accessKeySecret())).isEmpty();
    }

    @Test
    void nothingIsLostOrRepeatedWhenTheJobIsRescaledUnderLoad() throws Exception {
        Logstores logstores = Logstores.create(sls, "rescaled");
        ClusterJob job = cluster.submit(dispatching(logstores));

        try (SteadyLoad load = SteadyLoad.start(logstores, 1_000)) {
            job.awaitCheckpoints(1);
            job = job.rescale(3);
            job.awaitCheckpoints(1);
            job = job.rescale(1);
            job.awaitCheckpoints(1);
            load.stop();
        }

        assertThat(allDelivered(logstores, job)).hasToString("lost=0 duplicated=0 misrouted=0 altered=0");
    }

    /** As the README has them, with the placeholders filled in. */
    @Test
    void theCommandsOfTheReadmeStopTheJobAndStartItAgainWithoutLossAndWithoutRepeat() throws Exception {
        Logstores logstores = Logstores.create(sls, "readme");
        ClusterJob job = cluster.submit(dispatching(logstores));
        logstores.write(100);
        job.awaitCheckpoints(1);

        CliResult stop = cluster.cli(Map.of(), readmeCommand("flink stop ", Map.of("JOB_ID", job.id())));
        assertThat(stop.exitCode()).as(stop::toString).isZero();
        Matcher path = SAVEPOINT.matcher(stop.out());
        assertThat(path.find()).as(stop.out()).isTrue();
        logstores.write(100);
        CliResult run = cluster.cli(
                logstores.scriptVariables(),
                readmeCommand(
                        "flink run -d -s ",
                        Map.of(
                                "file:///savepoints/savepoint-XXXX", path.group(1),
                                "job/target/sls-dispatch.jar", JavaJar.PATH.toString(),
                                // Variables alone are enough, as the README says elsewhere.
                                " --config conf/dispatch.yaml", "")));

        assertThat(run.exitCode()).as(run::toString).isZero();
        Matcher id = JOB_ID.matcher(run.out());
        assertThat(id.find()).as(run.out()).isTrue();
        awaitDelivered(logstores);
        assertThat(cluster.cli(Map.of(), "stop", id.group(1)).exitCode()).isZero();
        assertThat(logstores.reconcile()).hasToString("lost=0 duplicated=0 misrouted=0 altered=0");
    }

    private static String[] readmeCommand(String begin, Map<String, String> values) throws IOException {
        String command = Files.readString(Path.of("..", "README.md"))
                .lines()
                .map(String::strip)
                .filter(line -> line.startsWith(begin))
                .findFirst()
                .orElseThrow();
        for (Map.Entry<String, String> value : values.entrySet()) {
            assertThat(command).contains(value.getKey());
            command = command.replace(value.getKey(), value.getValue());
        }
        // Where this cluster may write.
        command = command.replace(
                "file:///savepoints ",
                cluster.logs().resolveSibling("savepoints").toUri() + " ");
        return command.substring("flink ".length()).split(" ");
    }

    private static void awaitDelivered(Logstores logstores) {
        await("every group at its target")
                .atMost(DELIVERY_LIMIT)
                .pollInterval(Duration.ofMillis(500))
                .until(logstores::reconcile, found -> found.groups() == logstores.written() && found.lost() == 0);
    }

    private static Submission dispatching(Logstores logstores) {
        return Submission.of(JavaJar.PATH)
                .withEnvironment(logstores.scriptVariables())
                .withParallelism(4);
    }

    /** Waits until nothing is missing, ends the job with all that it has under way, and says what is at the targets. */
    private static Reconciliation allDelivered(Logstores logstores, ClusterJob job) {
        awaitDelivered(logstores);
        job.stopWithSavepoint();
        return logstores.reconcile();
    }

    private static List<Path> logsWith(String secret) throws IOException {
        try (Stream<Path> logs = Files.list(cluster.logs())) {
            return logs.filter(log -> contentOf(log).contains(secret)).toList();
        }
    }

    private static String contentOf(Path log) {
        try {
            return Files.readString(log, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
