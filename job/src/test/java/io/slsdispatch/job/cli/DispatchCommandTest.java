package io.slsdispatch.job.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.slsdispatch.connector.client.connection.SlsClients;
import io.slsdispatch.job.config.JobConfig;
import io.slsdispatch.job.topology.JobStarter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DispatchCommandTest {

    private static final String YAML = """
            source:
              endpoint: cn-hangzhou.log.aliyuncs.com
              project: my-project
              logstore: all-logs
              consumer-group: group
              start: group
              start-fallback: end
              stop: 2100-01-01
              credentials: {access-key-id: "${ID}", access-key-secret: "${KEY}"}
            defaults: {project: other-project}
            targets:
              - {name: nginx, logstore: nginx-logs, ordered: true}
              - {name: audit, logstore: audit-logs, credentials: {file: keys.json}}
            routes:
              - {name: access, topic: {glob: 'nginx-*-log'}, to: [nginx, audit], continue: true}
              - {topic: sql, source: {prefix: 10.}, tags: {host: {regex: 'db.+'}}, to: audit}
              - {topic: health, to: drop}
            default-route: fail
            """;

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final List<JobConfig> started = new ArrayList<>();

    @Test
    void startsWithAReadablePlan() throws Exception {
        assertThat(run("--config", file(YAML))).isEqualTo(ExitCode.OK);

        assertThat(started).hasSize(1);
        assertThat(out.toString())
                .contains(
                        "Source  my-project/all-logs",
                        "http://cn-hangzhou.log.aliyuncs.com (v1)",
                        "environment variables ID and KEY",
                        "position of consumer group group, else new data only",
                        "after the data received before 2100-01-01T00:00:00Z",
                        "Targets  2")
                .containsPattern(
                        "nginx +other-project/nginx-logs +http://cn-hangzhou.log.aliyuncs.com \\(v1\\) +ordered")
                .containsPattern("CREDENTIALS OF +FROM\n +audit +file keys.json\n")
                .containsPattern("access +topic glob 'nginx-\\*-log' +nginx, audit +continues")
                .containsPattern("rule 2 +topic 'sql' and source prefix '10\\.' and tag host regex 'db\\.\\+' +audit")
                .containsPattern("rule 3 +topic 'health' +\\(dropped\\)")
                .containsPattern("\\(default\\) +no rule matches +fail")
                .contains("told by Flink");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void badConfigurationIsToldAndNothingStarted() throws Exception {
        assertThat(run("--config", file("source: {}\n"))).isEqualTo(ExitCode.BAD_CONFIGURATION);

        assertThat(started).isEmpty();
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString())
                .contains("7 errors", "nothing was started", "source.endpoint", "default-route")
                .doesNotContain("Exception", "\tat ");
    }

    @Test
    void badArgumentsAreTold() throws Exception {
        assertThat(run("--confg", "x")).isEqualTo(ExitCode.BAD_CONFIGURATION);

        assertThat(err.toString()).contains("--confg", "--help");
    }

    @Test
    void commandThatDoesNotExistIsToldWithTheOneThatWasMeant() throws Exception {
        assertThat(run("chek")).isEqualTo(ExitCode.BAD_CONFIGURATION);

        assertThat(err.toString()).contains("'chek'", "Did you mean check");
    }

    @Test
    void optionsBeforeTheCommandAreNotPassedOver() throws Exception {
        assertThat(run("--config", "some.yaml", "check", "--offline")).isEqualTo(ExitCode.BAD_CONFIGURATION);

        assertThat(err.toString()).contains("after the command: sls-dispatch check --config some.yaml");
    }

    @Test
    void helpNamesOptionsAndExitCodes() throws Exception {
        assertThat(run("--help")).isEqualTo(ExitCode.OK);

        assertThat(out.toString()).contains("--config", "--check", "Exit codes", "flink run", "SLS_LOGSTORE_TO<n>");
    }

    @Test
    void versionIsTold() throws Exception {
        assertThat(run("--version")).isEqualTo(ExitCode.OK);

        assertThat(out.toString()).startsWith("sls-dispatch ");
    }

    @Test
    void withoutFlinkItSaysHowToSubmit() throws Exception {
        assertThat(run(Optional.empty(), "--config", file(YAML))).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(err.toString()).contains("needs Flink", "flink run -d sls-dispatch.jar --config");
    }

    @Test
    void theJobStartsWithAWarningOfASecurityTokenWithoutTls() throws Exception {
        String yaml = YAML.replaceFirst("credentials: .*", "credentials: oidc");

        assertThat(run("--config", file(yaml))).isEqualTo(ExitCode.OK);
        assertThat(started).hasSize(1);
        assertThat(out.toString())
                .contains("Warning: source, target ", "and so can the security token of the credentials");
    }

    @Test
    void whatFlinkRefusesIsToldWithoutAStackTrace() throws Exception {
        assertThat(runWith(
                        (config, progress) -> {
                            throw new JobStarter.RefusedException("too many subtasks");
                        },
                        "--config",
                        file(YAML)))
                .isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(err.toString().strip()).isEqualTo("too many subtasks");
    }

    @Test
    void failureOfTheJobIsNotSwallowed() {
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> runWith(
                        (config, progress) -> {
                            throw new IllegalStateException("the job failed");
                        },
                        "--config",
                        file(YAML)));
    }

    private int run(String... args) throws Exception {
        return runWith(
                (config, progress) -> {
                    started.add(config);
                    progress.line("told by Flink");
                },
                args);
    }

    private int runWith(JobStarter starter, String... args) throws Exception {
        return run(Optional.of(starter), args);
    }

    private int run(Optional<JobStarter> starter, String... args) throws Exception {
        Terminal terminal = new Terminal(
                Map.of(),
                SlsClients::new,
                Clock.systemUTC(),
                new PrintWriter(out, true),
                new PrintWriter(err, true),
                false);
        return new DispatchCommand(terminal, starter, Optional.empty()).run(args);
    }

    private String file(String yaml) throws IOException {
        return Files.writeString(folder.resolve("dispatch.yaml"), yaml).toString();
    }
}
