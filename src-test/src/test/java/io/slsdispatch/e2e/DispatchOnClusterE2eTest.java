package io.slsdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.e2e.cluster.CliResult;
import io.slsdispatch.e2e.cluster.ClusterJob;
import io.slsdispatch.e2e.cluster.FlinkCluster;
import io.slsdispatch.e2e.cluster.OnCluster;
import io.slsdispatch.local.SlsLocalOptions;
import io.slsdispatch.local.ledger.Reconciliation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The fat jar on a cluster whose processes come and go while the source is written to. */
@OnCluster
class DispatchOnClusterE2eTest {

    private static final Pattern SAVEPOINT = Pattern.compile("Savepoint completed\\. Path: (\\S+)");
    private static final Pattern JOB_ID = Pattern.compile("JobID ([0-9a-f]{32})");

    @RegisterExtension
    static final DispatchCluster CLUSTER =
            DispatchCluster.of(FlinkCluster.builder("dispatch").taskManagers(2, 4));

    @Test
    void nothingIsLostWhenATaskManagerIsKilledUnderLoad() throws Exception {
        Logstores logstores = CLUSTER.logstores("killed");
        ClusterJob job = CLUSTER.submit(logstores.dispatching().withParallelism(4));

        try (SteadyLoad load = SteadyLoad.start(logstores, 1_000)) {
            job.awaitCheckpoints(2);
            int victim = job.deployment().taskManagers().iterator().next();
            CLUSTER.flink().startTaskManager();
            CLUSTER.flink().killTaskManager(victim);
            job.awaitRunning();
            job.awaitCheckpoints(2);
            load.stop();
        }

        Reconciliation found = logstores.awaitDeliveredAndStop(job);
        assertThat(found.lost()).isZero();
        assertThat(found.misrouted()).isZero();
        assertThat(found.altered()).isZero();
        assertThat(job.checkpoints().restores()).isPositive();
        // A failure logs more than anything else.
        assertThat(CLUSTER.flink().logLinesWith(SlsLocalOptions.DEFAULT_KEY.accessKeySecret()))
                .isEmpty();
    }

    @Test
    void nothingIsLostOrRepeatedWhenTheJobIsRescaledUnderLoad() throws Exception {
        Logstores logstores = CLUSTER.logstores("rescaled");
        ClusterJob job = CLUSTER.submit(logstores.dispatching().withParallelism(4));

        try (SteadyLoad load = SteadyLoad.start(logstores, 1_000)) {
            job.awaitCheckpoints(1);
            job = job.rescale(3);
            job.awaitCheckpoints(1);
            job = job.rescale(1);
            job.awaitCheckpoints(1);
            load.stop();
        }

        assertThat(logstores.awaitDeliveredAndStop(job)).hasToString("lost=0 duplicated=0 misrouted=0 altered=0");
    }

    /** As {@code docs/deployment.md} has them, with the placeholders filled in. */
    @Test
    void theDocumentedCommandsStopTheJobAndStartItAgainWithoutLossAndWithoutRepeat() throws Exception {
        Logstores logstores = CLUSTER.logstores("readme");
        ClusterJob job = CLUSTER.submit(logstores.dispatching().withParallelism(4));
        logstores.write(100);
        job.awaitCheckpoints(1);

        CliResult stop = CLUSTER.flink().cli(Map.of(), documentedCommand("flink stop ", Map.of("JOB_ID", job.id())));
        assertThat(stop.exitCode()).as(stop::toString).isZero();
        Matcher path = SAVEPOINT.matcher(stop.out());
        assertThat(path.find()).as(stop.out()).isTrue();
        logstores.write(100);
        CliResult run = CLUSTER.flink()
                .cli(
                        logstores.scriptVariables(),
                        documentedCommand(
                                "flink run -d -s ",
                                Map.of(
                                        "file:///savepoints/savepoint-0a1b2c-3d4e5f6a7b8c", path.group(1),
                                        "job/target/sls-dispatch.jar", JavaJar.PATH.toString(),
                                        // Variables alone are enough, as the documents say elsewhere.
                                        " --config conf/dispatch.yaml", "")));

        assertThat(run.exitCode()).as(run::toString).isZero();
        Matcher id = JOB_ID.matcher(run.out());
        assertThat(id.find()).as(run.out()).isTrue();
        logstores.awaitDelivered();
        assertThat(CLUSTER.flink().cli(Map.of(), "stop", id.group(1)).exitCode())
                .isZero();
        assertThat(logstores.reconcile()).hasToString("lost=0 duplicated=0 misrouted=0 altered=0");
    }

    private static String[] documentedCommand(String begin, Map<String, String> values) throws IOException {
        String command = Files.readString(Path.of("..", "docs", "deployment.md"))
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
                CLUSTER.flink().logs().resolveSibling("savepoints").toUri() + " ");
        return command.substring("flink ".length()).split(" ");
    }
}
