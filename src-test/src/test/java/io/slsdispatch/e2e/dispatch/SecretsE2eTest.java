package io.slsdispatch.e2e.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.slsdispatch.e2e.dispatch.OnMiniCluster.WithLogstores;
import io.slsdispatch.job.cli.DispatchCommand;
import io.slsdispatch.job.cli.ExitCode;
import io.slsdispatch.job.topology.DistributionTopology;
import io.slsdispatch.job.topology.SlsConnectors;
import io.slsdispatch.local.signature.Credential;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.ExceptionUtils;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;

/** Where the secret of the access key is not to be found. */
@OnMiniCluster
class SecretsE2eTest {

    private static final String ROUTES = """
            routes:
              - {topic: t, to: all}
            default-route: fail
            """;

    @WithLogstores(sourceShards = 2, targets = "all")
    private Rig rig;

    @Test
    void jobGraphSaysWhereTheSecretIsFoundAndNotTheSecret() throws Exception {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        new DistributionTopology(rig.config("", ROUTES), new SlsConnectors()).addTo(env);
        JobGraph graph = env.getStreamGraph().getJobGraph();

        String bytes = new String(InstantiationUtil.serializeObject(graph), StandardCharsets.ISO_8859_1);

        assertThat(bytes)
                .contains(rig.folder().resolve("credentials").toString())
                .doesNotContain(Rig.SECRET);
        assertThat(rig.config("", ROUTES).toString()).doesNotContain(Rig.SECRET);
    }

    @Test
    void planAndCheckDoNotSayTheSecret() throws Exception {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();

        int exitCode = DispatchCommand.run(
                new String[] {"--check", "--config", rig.file("", ROUTES).toString()},
                Optional.empty(),
                Optional.empty(),
                new PrintWriter(out),
                new PrintWriter(err));

        assertThat(err.toString()).isEmpty();
        assertThat(exitCode).isEqualTo(ExitCode.OK);
        assertThat(out.toString())
                .contains(Rig.SOURCE.toString(), "All checks passed")
                .doesNotContain(Rig.SECRET);
    }

    @Test
    void neitherLogsNorSavepointsOfARunningJobHoldTheSecret() throws Exception {
        rig.writeToAll("a", 50, "t");
        List<String> lines;
        try (LogCapture logs = LogCapture.begin();
                RunningJob job = RunningJob.start(rig.config("consumer-group: progress", ROUTES), 2)) {
            job.awaitWhileRunning("all groups", any -> Rig.assertExact(rig.reconcile(topic -> Set.of("all"))));
            job.stopWithSavepoint(rig.folder().resolve("savepoints"));
            lines = logs.lines();
        }

        assertThat(lines)
                .anyMatch(line -> line.contains("Reading logstore " + Rig.SOURCE))
                .noneMatch(line -> line.contains(Rig.SECRET));
        try (Stream<Path> files = Files.walk(rig.folder().resolve("savepoints"))) {
            assertThat(files.filter(Files::isRegularFile)).isNotEmpty().allSatisfy(file -> assertThat(
                            Files.readString(file, StandardCharsets.ISO_8859_1))
                    .doesNotContain(Rig.SECRET));
        }
    }

    @Test
    void failureForAKeyThatTheServiceRefusesDoesNotSayTheSecret() throws Exception {
        rig.writeToAll("a", 10, "t");
        rig.sls().accept(List.of(new Credential(Rig.KEY_ID, "another secret")));
        List<String> lines;
        try (LogCapture logs = LogCapture.begin()) {
            assertThatExceptionOfType(Exception.class)
                    .isThrownBy(() -> RunningJob.run(rig.config("stop: now", ROUTES), 1))
                    .satisfies(failure -> assertThat(ExceptionUtils.stringifyException(failure))
                            .contains("SignatureNotMatch")
                            .doesNotContain(Rig.SECRET));
            lines = logs.lines();
        }

        assertThat(lines).isNotEmpty().noneMatch(line -> line.contains(Rig.SECRET));
    }
}
