package io.slsdispatch.local.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.local.SlsLocal;
import io.slsdispatch.local.SlsLocalOptions;
import io.slsdispatch.local.junit.WithSlsLocal;
import io.slsdispatch.local.signature.Credential;
import io.slsdispatch.tools.Programs;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The examples in other languages than Java, as they are. That for Java is a project of its own, see the end-to-end tests. */
@WithSlsLocal(logstores = "my-project/my-logs:2", options = ExamplesTest.Keys.class)
class ExamplesTest {

    static final class Keys implements Consumer<SlsLocalOptions.Builder> {

        @Override
        public void accept(SlsLocalOptions.Builder options) {
            options.credential(new Credential("ID", "SECRET"));
        }
    }

    @Test
    void theExampleForNodePasses(SlsLocal server) throws Exception {
        assertThat(NodeScripts.ready().output("write.cjs", server.endpoint(), "my-project", "my-logs"))
                .last()
                .isEqualTo("passed");
    }

    /** The SDK for Python is in no registry that the build can count on. */
    @Test
    void theExampleForPythonPassesWhereItsSdkIsInstalled(SlsLocal server) throws Exception {
        Path python = Programs.find(List.of("python3")).orElse(null);
        Assumptions.assumeTrue(
                python != null && run(python, "-c", "import aliyun.log").exitCode() == 0, "no SDK");
        String script = Path.of("examples", "python", "write.py").toString();

        Run run = run(python, script, server.endpoint(), "my-project", "my-logs");

        assertThat(run.exitCode()).as(run.out()).isZero();
        assertThat(run.out()).endsWith("passed\n");
    }

    private record Run(int exitCode, String out) {}

    private static Run run(Path program, String... arguments) throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder(new ArrayList<>(List.of(program.toString()))).redirectErrorStream(true);
        builder.command().addAll(List.of(arguments));
        Process process = builder.start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        return new Run(process.exitValue(), out);
    }
}
