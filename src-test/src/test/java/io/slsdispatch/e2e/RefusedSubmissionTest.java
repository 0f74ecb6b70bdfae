package io.slsdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slsdispatch.e2e.cluster.CliResult;
import io.slsdispatch.e2e.cluster.FlinkCluster;
import io.slsdispatch.e2e.cluster.OnCluster;
import io.slsdispatch.e2e.cluster.RestException;
import io.slsdispatch.e2e.cluster.Submission;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bad configuration, submitted to a cluster. */
@OnCluster
class RefusedSubmissionTest {

    @TempDir
    private static Path folder;

    private static FlinkCluster cluster;
    private static Path badFile;

    @BeforeAll
    static void startCluster() throws IOException {
        badFile = Files.writeString(folder.resolve("bad.yaml"), "source: {endpoint: 'http://', projct: x}\n");
        cluster = FlinkCluster.builder("refusals").start();
    }

    @AfterAll
    static void closeCluster() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void flinksCommandLineShowsEveryMistakeAndNoStackTrace() {
        CliResult result = cluster.cli(Map.of(), "run", "-d", JavaJar.PATH.toString(), "--config", badFile.toString());

        assertThat(result.exitCode()).isNotZero();
        assertThat(result.err())
                .contains("source.projct", "Did you mean 'project'?", "default-route", "nothing was started")
                .doesNotContain("Exception", "\tat ");
    }

    @Test
    void flinksCommandLineShowsWhatDoesNotFitItsOwnSettings() throws IOException {
        Path file = Files.writeString(
                folder.resolve("small.yaml"),
                Files.readString(Path.of("..", "conf", "dispatch.yaml"))
                        .replace("max-parallelism: 720", "max-parallelism: 2")
                        .replace("lanes: 64", "lanes: 2"));

        CliResult result =
                cluster.cli(Map.of(), "run", "-d", "-p", "3", JavaJar.PATH.toString(), "--config", file.toString());

        assertThat(result.exitCode()).isNotZero();
        assertThat(result.err())
                .contains("The parallelism 3 is above 'max-parallelism', which is 2")
                .doesNotContain("Exception", "\tat ");
    }

    @Test
    void jobManagerThatRefusesASubmissionOverRestGoesOn() {
        Submission bad = Submission.of(JavaJar.PATH).withArguments("--config", badFile.toString());

        assertThatThrownBy(() -> cluster.submitOverRest(bad))
                .isInstanceOf(RestException.class)
                .hasMessageContaining("Did you mean 'project'?");
        assertThat(cluster.cli(Map.of(), "list").exitCode()).isZero();
    }
}
