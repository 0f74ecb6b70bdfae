package io.slsdispatch.e2e.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.slsdispatch.e2e.dispatch.OnMiniCluster.WithLogstores;
import io.slsdispatch.job.cli.ExitCode;
import io.slsdispatch.job.config.ConfigReader;
import io.slsdispatch.job.config.JobConfig;
import io.slsdispatch.local.service.RequestLog;
import io.slsdispatch.local.signature.Credential;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.flink.util.ExceptionUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A job that signs in with roles: it reads with the role of the machine, and writes with a role that is assumed from it,
 * as in another account. SLS Local accepts each key only until it expires.
 */
@OnMiniCluster
class SignInE2eTest {

    private static final String ROUTES = """
            routes:
              - {topic: {prefix: key-}, to: all}
            default-route: fail
            """;

    /** A key is renewed after two thirds of its life. {@code 15} is one rotation each ten seconds. */
    private static final Duration LIFE = Duration.ofSeconds(Integer.getInteger("sign-in.life-seconds", 9));

    private static final int ROTATIONS = Integer.getInteger("sign-in.rotations", 4);

    private static final Credential PERMANENT = new Credential(Rig.KEY_ID, Rig.SECRET);

    @WithLogstores(sourceShards = 2, targets = "all")
    private Rig rig;

    private RoleServices services;

    @BeforeEach
    void startServices() throws Exception {
        services = RoleServices.start(rig.sls(), PERMANENT, LIFE);
    }

    @AfterEach
    void stopServices() {
        services.close();
    }

    @Test
    void rotationsUnderLoadLoseNothingAndNoRequestIsDenied() throws Exception {
        List<String> lines;
        try (LogCapture logs = LogCapture.begin();
                Feeder feeder = Feeder.start(rig);
                RunningJob job = RunningJob.start(config("consumer-group: progress"), 2)) {
            // Keys are given out in threes: one to read, and two to write, of which the first is that of the machine.
            for (int rotation = 1; rotation <= ROTATIONS; rotation++) {
                int fetches = 3 * rotation;
                job.awaitWhileRunning(
                        "a rotation", any -> assertThat(services.fetches()).isGreaterThan(fetches));
            }
            feeder.finish();
            job.awaitWhileRunning("all groups", any -> Rig.assertExact(rig.reconcile(topic -> Set.of("all"))));
            job.stopWithSavepoint(rig.folder().resolve("savepoints"));
            lines = logs.lines();
        }

        assertThat(rig.sls().requests().entries())
                .hasSizeGreaterThan(100)
                .extracting(RequestLog.Entry::result)
                .doesNotContain("Unauthorized", "SignatureNotMatch");
        assertNoSecret(lines);
        try (Stream<Path> files = Files.walk(rig.folder().resolve("savepoints"))) {
            assertThat(files.filter(Files::isRegularFile)).isNotEmpty().allSatisfy(file -> assertThat(
                            Files.readString(file, StandardCharsets.ISO_8859_1))
                    .doesNotContain(RoleServices.SECRET));
        }
    }

    @Test
    void checkSaysWhichRolesItFoundAndUntilWhen() throws Exception {
        InProcess check = InProcess.run("check", "--json", "--config", file(""));

        assertThat(check.exitCode()).as(check.out() + check.err()).isEqualTo(ExitCode.OK);
        assertThat(check.out())
                .contains(
                        "credentials of source",
                        "RAM role sls-reader of the machine: temporary credentials until "
                                + Instant.now().toString().substring(0, 10),
                        "credentials of target all",
                        "role acs:ram::2:role/sls-writer assumed from RAM role sls-reader of the machine: temporary"
                                + " credentials until ")
                .doesNotContain(RoleServices.SECRET);
    }

    @Test
    void neitherCheckNorAFailingJobSaysASecret() throws Exception {
        for (String body : List.of(
                "{\"Code\":\"NoPermission\",\"RequestId\":\"ID-1\",\"Message\":\"" + RoleServices.SECRET + "\"}",
                "<html>" + RoleServices.SECRET + "</html>",
                "{\"AccessKeySecret\":\"" + RoleServices.SECRET + "\"}")) {
            services.failWith(body);
            List<String> lines;
            try (LogCapture logs = LogCapture.begin()) {
                InProcess check = InProcess.run("check", "--json", "--config", file(""));
                assertThat(check.exitCode()).isEqualTo(ExitCode.NOT_CONFIRMED);
                assertThat(check.out() + check.err())
                        .contains("the credentials of role sls-reader from 127.0.0.1", "HTTP status 403")
                        .doesNotContain(RoleServices.SECRET);
                assertThatExceptionOfType(Exception.class)
                        .isThrownBy(() -> RunningJob.run(config("stop: now"), 1))
                        .satisfies(failure -> assertThat(ExceptionUtils.stringifyException(failure))
                                .contains("HTTP status 403")
                                .doesNotContain(RoleServices.SECRET));
                lines = logs.lines();
            }
            assertNoSecret(lines);
        }
    }

    private static void assertNoSecret(List<String> lines) {
        // The stand-in's own server logs what it sends.
        assertThat(lines)
                .isNotEmpty()
                .filteredOn(line -> !line.contains("sun.net.httpserver"))
                .noneMatch(line -> line.contains(RoleServices.SECRET));
    }

    private JobConfig config(String source) throws Exception {
        return ConfigReader.readFile(file(source), Map.of(), rig.clock().instant());
    }

    private Path file(String source) throws Exception {
        String machine = "{ecs-ram-role: {plain-calls: never, metadata-address: '" + services.address() + "'}}";
        rig.settings(
                "all",
                "credentials: {assume-role: {role-arn: 'acs:ram::2:role/sls-writer', external-id: between-us,"
                        + " sts-endpoint: '" + services.address() + "', from: " + machine + "}}");
        Path file = rig.file(source, ROUTES);
        return Files.writeString(
                file, Files.readString(file).replaceFirst("credentials: \\{file: '[^']*'}", "credentials: " + machine));
    }
}
