package io.slsdispatch.e2e.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.job.cli.ExitCode;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.test.junit5.InjectClusterRESTAddress;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What {@code status} says where there is no job of the product, or no Flink. */
class StatusWithoutJobE2eTest {

    @RegisterExtension
    static final MiniClusterExtension CLUSTER = Clusters.small();

    @TempDir
    private Path folder;

    @Test
    void noJobOfOurs(@InjectClusterRESTAddress URI flink) throws Exception {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        env.setParallelism(1);
        env.fromSequence(0, 10).sinkTo(new DiscardingSink<>());
        JobClient other = env.executeAsync("a job of others");
        other.getJobExecutionResult().get();

        InProcess run = InProcess.run("status", "--flink", flink);
        assertThat(run.exitCode()).isEqualTo(ExitCode.NOT_CONFIRMED);
        assertThat(run.err()).contains("No job of sls-dispatch runs in this Flink", "a job of others (FINISHED)");

        InProcess named = InProcess.run("status", "--flink", flink, "--job", other.getJobID());
        assertThat(named.exitCode()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(named.err()).contains("(a job of others) is not a job of sls-dispatch");

        InProcess unknown = InProcess.run("status", "--flink", flink, "--job", "0".repeat(32), "--json");
        assertThat(unknown.exitCode()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(unknown.json().get("error").getAsString()).contains("Flink has no job 000");
    }

    @Test
    void noFlinkAtTheAddress() throws Exception {
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        InProcess run = InProcess.run("status", "--flink", "http://127.0.0.1:" + free);
        assertThat(run.exitCode()).isEqualTo(ExitCode.NOT_CONFIRMED);
        assertThat(run.err())
                .contains("Flink does not answer at http://127.0.0.1:" + free, "refused", "--flink")
                .doesNotContain("\tat ");

        try (Rig rig = new Rig(folder, 1, "one")) {
            InProcess other = InProcess.run("status", "--flink", rig.sls().endpoint());
            assertThat(other.exitCode()).isEqualTo(ExitCode.NOT_CONFIRMED);
            assertThat(other.err()).contains("is not Flink");
        }

        InProcess noAddress = InProcess.run("status", "--flink", "8081");
        assertThat(noAddress.exitCode()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(noAddress.err()).contains("--flink is '8081'");
    }
}
