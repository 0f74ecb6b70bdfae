package io.slsdispatch.connector.client.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slsdispatch.connector.client.credentials.StandIn.Behaviour;
import io.slsdispatch.connector.client.credentials.StandIn.Received;
import io.slsdispatch.connector.client.http.Deadline;
import io.slsdispatch.connector.config.ConnectionConfig.Network;
import io.slsdispatch.connector.config.CredentialsConfig;
import io.slsdispatch.connector.config.CredentialsConfig.AssumeRole;
import io.slsdispatch.connector.config.CredentialsConfig.Chain;
import io.slsdispatch.connector.config.CredentialsConfig.EcsRamRole;
import io.slsdispatch.connector.config.CredentialsConfig.EcsRamRole.PlainCalls;
import io.slsdispatch.connector.config.CredentialsConfig.Oidc;
import io.slsdispatch.connector.config.CredentialsConfig.Uri;
import io.slsdispatch.connector.config.StsEndpoint;
import io.slsdispatch.connector.config.StsRole;
import io.slsdispatch.connector.task.GuardedTasks;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The ways to sign in as a process uses them over hours, with a clock that the test moves. */
@Timeout(120)
class CredentialsFactoryTest {

    private static final Instant START = Instant.parse("2026-01-31T12:00:00Z");
    private static final String ARN = "acs:ram::1234567890123456:role/sls-writer";
    private static final String PROVIDER = "acs:ram::1234567890123456:oidc-provider/ack-rrsa";

    private final Map<String, String> environment = new HashMap<>();
    private final ExecutorService background = Executors.newCachedThreadPool(GuardedTasks.threads("background"));
    private volatile Instant now = START;
    private volatile Duration life = Duration.ofHours(1);
    private StandIn server;

    @TempDir
    private Path folder;

    @BeforeEach
    void start() throws IOException {
        server = new StandIn(this::answer);
    }

    @AfterEach
    void stop() throws IOException {
        background.shutdownNow();
        server.close();
    }

    /** Each second a request needs credentials: of three lives, and by a clock that is wrong either way. */
    @ParameterizedTest
    @CsvSource({"30, 0", "900, 0", "3600, 0", "900, 300", "900, -300", "3600, 300", "3600, -300"})
    void renewsWellBeforeTheEndAndNotTooOften(long seconds, long ahead) throws Exception {
        life = Duration.ofSeconds(seconds);
        CredentialsSource source = new CredentialsFactory(
                        Network.DEFAULT, environment::get, Runnable::run, new TestClock(ahead))
                .create(machine());
        for (int second = 0; second < 3 * seconds; second += Math.max(1, (int) seconds / 100)) {
            now = START.plusSeconds(second);
            Credentials current = source.current();
            // As the service sees it, whatever the clock here says.
            Instant end = Instant.parse(current.accessKeyId().substring("STS.".length()));
            assertThat(end).as("after %s s", second).isAfter(now);
        }

        assertThat(source.failures()).isZero();
        assertThat(fetches()).isBetween(3L, 10L);
    }

    @Test
    void fiftyThreadsMakeOneFetch() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch mayAnswer = new CountDownLatch(1);
        server.behaviour = (request, out) -> {
            asked.countDown();
            mayAnswer.await();
            answer(request, out);
        };
        CredentialsSource source = create(machine());
        ExecutorService callers = Executors.newFixedThreadPool(50, GuardedTasks.threads("callers"));
        try {
            List<Future<Credentials>> results = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                results.add(callers.submit(source::current));
            }
            assertThat(asked.await(60, TimeUnit.SECONDS)).isTrue();
            mayAnswer.countDown();
            for (Future<Credentials> result : results) {
                assertThat(result.get(60, TimeUnit.SECONDS).securityToken()).isPresent();
            }
        } finally {
            callers.shutdownNow();
        }

        assertThat(fetches()).isEqualTo(1);
        assertThat(server.received).hasSize(3);
    }

    @Test
    void credentialsAreUsedUntilTheyEndWhileRenewingFailsAndThenItRecovers() throws Exception {
        CredentialsSource source = create(Runnable::run, machine());
        String first = source.current().accessKeyId();
        server.behaviour = Behaviour.status(503, "");
        for (int minute = 1; minute < 60; minute++) {
            now = START.plus(Duration.ofMinutes(minute));
            assertThat(source.current().accessKeyId()).isEqualTo(first);
        }
        assertThat(source.failures()).isBetween(5L, 10L);

        now = START.plus(life);
        assertThatExceptionOfType(NoCredentialsException.class)
                .isThrownBy(source::current)
                .withMessageContaining("RAM role of the machine")
                .withMessageContaining("HTTP status 503");

        server.behaviour = this::answer;
        now = now.plusSeconds(10);
        assertThat(source.current().accessKeyId()).isNotEqualTo(first);
    }

    @Test
    void anAnswerThatHasExpiredIsRefusedAndTheEarlierIsKept() throws Exception {
        CredentialsSource source = create(Runnable::run, machine());
        String first = source.current().accessKeyId();
        life = Duration.ofSeconds(-1);
        now = START.plus(Duration.ofMinutes(55));

        assertThat(source.current().accessKeyId()).isEqualTo(first);
        assertThat(source.failures()).isEqualTo(1);
        now = START.plus(Duration.ofHours(2));
        assertThatThrownBy(source::current).hasMessageContaining("had expired when they were received");
    }

    @Test
    void theEndThatAnAddressTellsIsConvertedToTheClockOfThisMachine() throws Exception {
        String body = "{\"AccessKeyId\":\"STS.id\",\"AccessKeySecret\":\"s\",\"SecurityToken\":\"t\",\"Expiration\":\""
                + START.minus(Duration.ofHours(1)) + "\"}";
        String theirs = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                START.minus(Duration.ofHours(2)).atOffset(ZoneOffset.UTC));
        String head = "HTTP/1.1 200 OK\r\nDate: " + theirs + "\r\nContent-Length: " + body.length() + "\r\n";
        server.behaviour = Behaviour.raw(head + "\r\n" + body);
        CredentialsConfig address = new Uri(URI.create(server.uri() + "/c"));

        assertThat(create(address).current().expiration()).hasValue(START.plus(Duration.ofHours(1)));

        server.behaviour = Behaviour.raw(head + "Age: 7200\r\n\r\n" + body);
        assertThatThrownBy(create(address)::current).hasMessageContaining("had expired when they were received");
    }

    @Test
    void noValueOfAVariableInAnAddressIsInAMessage() throws Exception {
        environment.put("WHOLE_ADDRESS_KEY", server.uri() + "/s3cr3t-1/sls-reader?key=s3cr3t-2");
        environment.put("PATH_TOKEN", "s3cr3t-3");
        server.behaviour = Behaviour.status(503, "");

        for (String template : List.of("${WHOLE_ADDRESS_KEY}", server.uri() + "/${PATH_TOKEN}/c")) {
            CredentialsSource source = create(new CredentialsConfig.UriTemplate(template));
            assertThatThrownBy(source::current)
                    .hasMessageContaining("address " + template)
                    .hasMessageNotContaining("s3cr3t");
        }
        server.behaviour = this::answer;
        assertThat(create(new CredentialsConfig.UriTemplate("${WHOLE_ADDRESS_KEY}"))
                        .current()
                        .origin())
                .isEqualTo("address ${WHOLE_ADDRESS_KEY}");
    }

    @Test
    void theWholeWayHasOneDeadline() throws Exception {
        CredentialsSource source = create(new AssumeRole(
                role(), null, new Chain(List.of(new Uri(URI.create(server.uri() + "/hang")), machine()))));
        server.behaviour = (request, out) -> {
            if (request.path().equals("/hang")) {
                server.hanging().answer(request, out);
            } else {
                answer(request, out);
            }
        };

        assertThat(source.current().origin())
                .as("the hanging address got only its share of the time")
                .isEqualTo("role " + ARN + " assumed from RAM role sls-reader of the machine");
        assertThat(server.received.get(4).query())
                .containsEntry("Action", "AssumeRole")
                .containsKey("SecurityToken");
    }

    @Test
    void aSourceThatDoesNotAnswerDoesNotDelayALaterOneTwice() throws Exception {
        Path file = Files.writeString(folder.resolve("keys"), "access-key-id=id\naccess-key-secret=s");
        server.close();
        CredentialsSource source = create(new Chain(List.of(machine(), new CredentialsConfig.File(file.toString()))));
        assertThat(source.current().accessKeyId()).isEqualTo("id");

        server = new StandIn(server.hanging());
        CredentialsSource hung = create(new Chain(List.of(machine(), new CredentialsConfig.File(file.toString()))));
        // Interrupted, the first call does not wait for the machine; no later call waits for it either.
        Thread.currentThread().interrupt();
        assertThat(hung.current().accessKeyId()).isEqualTo("id");
        assertThat(Thread.interrupted()).isTrue();
        for (int i = 0; i < 1000; i++) {
            assertThat(hung.current().accessKeyId()).isEqualTo("id");
        }
    }

    @Test
    void theFirstOfAChainIsUsedAgainWhenItComesBack() throws Exception {
        Path file = Files.writeString(folder.resolve("keys"), "access-key-id=id\naccess-key-secret=s");
        server.behaviour = Behaviour.status(503, "");
        CredentialsSource source = create(new Chain(List.of(machine(), new CredentialsConfig.File(file.toString()))));
        assertThat(source.current().accessKeyId()).isEqualTo("id");

        server.behaviour = this::answer;

        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> {
            now = now.plusSeconds(1);
            return source.current().accessKeyId().startsWith("STS.");
        });
    }

    @Test
    void aWayThatIsNotSetUpIsNoFailureAsLongAsAnotherOneIs() throws Exception {
        CredentialsConfig missing =
                new CredentialsConfig.File(folder.resolve("missing").toString());
        CredentialsSource source = create(Runnable::run, new Chain(List.of(missing, machine())));
        for (int second = 0; second < 60; second++) {
            now = START.plusSeconds(second);
            assertThat(source.current().accessKeyId()).startsWith("STS.");
        }
        assertThat(source.failures()).isZero();

        server.behaviour = Behaviour.status(503, "");
        now = START.plus(Duration.ofMinutes(55));
        assertThat(source.current().accessKeyId()).startsWith("STS.");
        assertThat(source.current().accessKeyId()).startsWith("STS.");
        assertThat(source.failures()).as("renewing the one in use").isEqualTo(1);

        now = START.plus(life);
        assertThatThrownBy(source::current).hasMessageContaining("missing").hasMessageContaining("503");
        assertThat(source.failures()).isEqualTo(2);
    }

    // What is in the environment of the process.

    @Test
    void theVariablesOfTheProcessDecideWhatIsTheDefault() throws Exception {
        assertThat(new PlatformVariables(environment::get).byDefault()).isEqualTo(EcsRamRole.any());

        environment.put("ALIBABA_CLOUD_ECS_METADATA", "sls-reader");
        environment.put("ALIBABA_CLOUD_IMDSV1_DISABLED", "true");
        assertThat(new PlatformVariables(environment::get).byDefault())
                .isEqualTo(new EcsRamRole("sls-reader", PlainCalls.NEVER, EcsRamRole.METADATA_SERVICE));

        environment.put("ALIBABA_CLOUD_ROLE_ARN", ARN);
        environment.put("ALIBABA_CLOUD_OIDC_PROVIDER_ARN", PROVIDER);
        environment.put("ALIBABA_CLOUD_OIDC_TOKEN_FILE", "/var/run/token");
        environment.put("ALIBABA_CLOUD_STS_REGION", "cn-hangzhou");
        environment.put("ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED", "true");
        environment.put("ALIBABA_CLOUD_ROLE_SESSION_NAME", "pod-1");
        assertThat(new PlatformVariables(environment::get).byDefault())
                .isEqualTo(new Oidc(
                        StsRole.builder()
                                .arn(ARN)
                                .sessionName("pod-1")
                                .endpoint(StsEndpoint.parse("https://sts-vpc.cn-hangzhou.aliyuncs.com"))
                                .build(),
                        PROVIDER,
                        "/var/run/token"));

        environment.put("ALIBABA_CLOUD_ACCESS_KEY_ID", "id-1");
        environment.put("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "secret-1");
        environment.put("ALIBABA_CLOUD_SECURITY_TOKEN", "token-1");
        Credentials found = create(new CredentialsConfig.Default()).current();
        assertThat(found.accessKeyId()).isEqualTo("id-1");
        assertThat(found.securityToken()).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ALIBABA_CLOUD_ACCESS_KEY_ID=id",
                "ALIBABA_CLOUD_ACCESS_KEY_SECRET=s3cr3t",
                "ALIBABA_CLOUD_OIDC_TOKEN_FILE=/var/run/token",
                "ALIBABA_CLOUD_ROLE_ARN=" + ARN,
                "ALIBABA_CLOUD_ECS_METADATA_DISABLED=true",
                "ALIBABA_CLOUD_ECS_METADATA=s3cr3t name",
            })
    void variablesThatArePartlySetAreAnErrorAndNotSkipped(String variable) {
        environment.put(variable.substring(0, variable.indexOf('=')), variable.substring(variable.indexOf('=') + 1));

        assertThatExceptionOfType(NoCredentialsException.class)
                .isThrownBy(() -> create(new CredentialsConfig.Default()).current())
                .withMessageContaining("process " + ProcessHandle.current().pid())
                .withMessageNotContaining("s3cr3t");
        assertThat(server.received).isEmpty();
    }

    @Test
    void whatIsConfiguredComesBeforeTheVariables() throws Exception {
        environment.put("ALIBABA_CLOUD_ROLE_ARN", "acs:ram::1:role/of-the-pod");
        environment.put("ALIBABA_CLOUD_OIDC_PROVIDER_ARN", PROVIDER);
        environment.put(
                "ALIBABA_CLOUD_OIDC_TOKEN_FILE",
                Files.writeString(folder.resolve("token"), "a.b.c").toString());

        Credentials found = create(new Oidc(role(), null, null)).current();

        assertThat(found.origin()).isEqualTo("role " + ARN);
        assertThat(server.received.get(0).form())
                .containsEntry("RoleArn", ARN)
                .containsEntry("OIDCProviderArn", PROVIDER)
                .containsEntry("OIDCToken", "a.b.c");
    }

    @Test
    void linksThatAreNotSetUpHereAreSkippedUnlessAllAre() throws Exception {
        CredentialsConfig missing = new CredentialsConfig.Environment("NO_SUCH_VARIABLE", "NOR_THIS_ONE", null);

        assertThat(create(new Chain(List.of(missing, Oidc.ofEnvironment(), machine())))
                        .current()
                        .accessKeyId())
                .startsWith("STS.");
        assertThatExceptionOfType(NoCredentialsException.class)
                .isThrownBy(() -> create(new Chain(List.of(missing, Oidc.ofEnvironment()))))
                .withMessageContaining("NO_SUCH_VARIABLE")
                .withMessageContaining("ALIBABA_CLOUD_OIDC_TOKEN_FILE");
        assertThat(create(new AssumeRole(role(), null, new Chain(List.of(missing, machine()))))
                        .current()
                        .origin())
                .contains("assumed from RAM role");
    }

    @Test
    void aFetchThatIsInterruptedEndsItsThread() throws Exception {
        server.behaviour = server.hanging();
        CredentialsFetch fetch = new EcsRoleFetch(machine(), Clock.systemUTC());
        Future<Credentials> hanging = background.submit(() -> fetch.fetch(Deadline.after(Duration.ofHours(1))));
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> !server.received.isEmpty());
        assertThat(hanging.isDone()).isFalse();

        background.shutdownNow();

        assertThat(background.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    }

    private EcsRamRole machine() {
        return new EcsRamRole(null, PlainCalls.NEVER, server.uri());
    }

    private StsRole role() {
        return StsRole.builder()
                .arn(ARN)
                .endpoint(new StsEndpoint(server.uri()))
                .build();
    }

    private CredentialsSource create(CredentialsConfig config) throws NoCredentialsException {
        return create(background, config);
    }

    private CredentialsSource create(Executor executor, CredentialsConfig config) throws NoCredentialsException {
        return new CredentialsFactory(Network.DEFAULT, environment::get, executor, new TestClock(0)).create(config);
    }

    private long fetches() {
        return server.received.stream()
                .filter(request -> request.path().endsWith("/sls-reader"))
                .count();
    }

    private void answer(Received request, OutputStream out) throws Exception {
        Instant end = now.plus(life);
        String fields = "\"AccessKeyId\":\"STS." + end
                + "\",\"AccessKeySecret\":\"secret\",\"SecurityToken\":\"token\"," + "\"Expiration\":\"" + end + "\"";
        String body = request.method().equals("PUT")
                ? "metadata-token"
                : request.path().endsWith("/security-credentials/")
                        ? "sls-reader"
                        : request.path().endsWith("/sls-reader")
                                ? "{\"Code\":\"Success\"," + fields + "}"
                                : "{\"RequestId\":\"ID-1\",\"Credentials\":{" + fields + "}}";
        Behaviour.ok(body).answer(request, out);
    }

    private final class TestClock extends Clock {

        private final long ahead;

        TestClock(long ahead) {
            this.ahead = ahead;
        }

        @Override
        public Instant instant() {
            return now.plusSeconds(ahead);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
