package io.slsdispatch.connector.client.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.slsdispatch.connector.client.credentials.StandIn.Behaviour;
import io.slsdispatch.connector.client.http.Deadline;
import io.slsdispatch.connector.client.http.HttpFetch.Route;
import io.slsdispatch.connector.config.CredentialsConfig;
import io.slsdispatch.connector.config.CredentialsConfig.AssumeRole;
import io.slsdispatch.connector.config.CredentialsConfig.EcsRamRole;
import io.slsdispatch.connector.config.CredentialsConfig.EcsRamRole.PlainCalls;
import io.slsdispatch.connector.config.CredentialsConfig.Oidc;
import io.slsdispatch.connector.config.StsEndpoint;
import io.slsdispatch.connector.config.StsRole;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each way to get credentials of a role, against a metadata service and an STS that behave well and badly. */
@Timeout(120)
class RoleFetchesTest {

    private static final String SECRET = "s3cr3t-of-the-key";
    private static final String TOKEN = "s3cr3t-of-the-session";
    private static final String OIDC_TOKEN = "s3cr3t.oidc.token";
    private static final String IMDS_TOKEN = "s3cr3t-of-the-metadata-service";
    private static final String ARN = "acs:ram::1234567890123456:role/sls-writer";
    private static final String PROVIDER = "acs:ram::1234567890123456:oidc-provider/ack-rrsa";
    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");
    private static final Instant END = NOW.plus(Duration.ofHours(1));
    private static final Duration PLENTY = Duration.ofSeconds(60);
    private static final String PATH = "/latest/meta-data/ram/security-credentials/";

    private final Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
    private StandIn server;

    @TempDir
    private Path folder;

    /** The ways, and where in a good answer the credentials are. */
    enum Way {
        MACHINE,
        OIDC,
        ASSUME
    }

    @BeforeEach
    void start() throws IOException {
        server = new StandIn(Behaviour.status(500, ""));
        Files.writeString(folder.resolve("token"), OIDC_TOKEN + "\n");
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void fetchesCredentialsOfTheRole(Way way) throws Exception {
        server.behaviour = good(way, Behaviour.ok(answer(way, END)));

        Credentials credentials = fetch(way).fetch(Deadline.after(PLENTY));

        assertThat(credentials.accessKeyId()).isEqualTo("STS.id");
        assertThat(credentials.accessKeySecret().reveal()).isEqualTo(SECRET);
        assertThat(credentials.securityToken().orElseThrow().reveal()).isEqualTo(TOKEN);
        assertThat(credentials.expiration()).hasValue(END);
        assertThat(credentials.origin())
                .isEqualTo(
                        switch (way) {
                            case MACHINE -> "RAM role sls-reader of the machine";
                            case OIDC -> "role " + ARN;
                            case ASSUME -> "role " + ARN + " assumed from the test";
                        });
    }

    /** Name, answer and what the message must contain. */
    private Stream<List<Object>> badAnswers(Way way) {
        String good = answer(way, END);
        return Stream.of(
                List.of("empty", Behaviour.ok(""), "the response is empty"),
                List.of("no JSON", Behaviour.ok("<html>" + SECRET + "</html>"), "not valid JSON"),
                List.of("half JSON", Behaviour.ok(good.substring(0, good.length() - 5)), "not valid JSON"),
                List.of("a list", Behaviour.ok("[" + good + "]"), "not a JSON object"),
                List.of("no id", Behaviour.ok(good.replace("AccessKeyId", "Other")), "no value for AccessKeyId"),
                List.of("no secret", Behaviour.ok(good.replace("AccessKeySecret", "Other")), "AccessKeySecret"),
                List.of("no token", Behaviour.ok(good.replace("SecurityToken", "Other")), "SecurityToken"),
                List.of("no expiration", Behaviour.ok(good.replace("Expiration", "Other")), "Expiration"),
                List.of("bad expiration", Behaviour.ok(good.replace(END.toString(), SECRET)), "unreadable Expiration"),
                List.of("bad id", Behaviour.ok(good.replace("STS.id", "a\\r\\nX: b")), "unreadable AccessKeyId"),
                List.of("403", Behaviour.status(403, error("NoPermission")), "HTTP status 403"),
                List.of("500", Behaviour.status(500, error("InternalError")), "HTTP status 500"),
                List.of("error with 200", Behaviour.ok(error("NoPermission")), "code NoPermission, request id ID-1"),
                List.of(
                        "redirect",
                        Behaviour.raw("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/" + SECRET
                                + "\r\nContent-Length: 0\r\n\r\n"),
                        "HTTP status 302"),
                List.of(
                        "cut off",
                        Behaviour.raw("HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n" + good),
                        "ends after"),
                List.of("closed", Behaviour.raw(""), "ends before it is complete"),
                List.of("not HTTP", Behaviour.raw(SECRET + "\r\n\r\n"), "not HTTP/1.1"),
                List.of("long body", Behaviour.ok(" ".repeat(1 << 20) + good), "longer than 65536 bytes"),
                List.of("hanging", server.hanging(), "not complete within 500 ms"),
                List.of("dripping head", server.dripping("HTTP/1.1 200 OK\r\nX: "), "not complete within 500 ms"),
                List.of(
                        "dripping body",
                        server.dripping("HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n"),
                        "not complete within 500 ms"),
                List.of("endless", endless(), "65536 bytes"));
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void everyBadAnswerIsRefusedWithItsReasonAndWithoutASecret(Way way) {
        List<String> messages = new ArrayList<>();
        badAnswers(way).forEach(bad -> {
            server.behaviour = good(way, (Behaviour) bad.get(1));
            boolean hangs = bad.get(2).toString().contains("500 ms");
            NoCredentialsException refusal = catchThrowableOfType(NoCredentialsException.class, () -> fetch(way)
                    .fetch(Deadline.after(hangs ? Duration.ofMillis(500) : PLENTY)));

            assertThat(refusal).as(bad.get(0).toString()).isNotNull();
            assertThat(refusal)
                    .as(bad.get(0).toString())
                    .hasMessageStartingWith("credentials ")
                    .hasMessageContaining(server.uri().getRawAuthority())
                    .hasMessageContaining(bad.get(2).toString())
                    .hasMessageContaining(way == Way.MACHINE ? "the credentials of role sls-reader from" : "AssumeRole")
                    .hasNoCause();
            messages.add(refusal.getMessage());
        });
        assertThat(messages).noneMatch(message -> message.contains("s3cr3t"));
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void nothingListening(Way way) throws Exception {
        CredentialsFetch fetch = fetch(way);
        server.close();

        assertThatExceptionOfType(NoCredentialsException.class)
                .isThrownBy(() -> fetch.fetch(Deadline.after(PLENTY)))
                .withMessageContaining("no response: ConnectException");
    }

    @Test
    void anInterruptEndsAFetchThatWouldTakeLonger() {
        server.behaviour = server.hanging();
        Thread.currentThread().interrupt();

        assertThatExceptionOfType(NoCredentialsException.class)
                .isThrownBy(() -> fetch(Way.OIDC).fetch(Deadline.after(Duration.ofHours(1))))
                .withMessageContaining("interrupted");
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void tellsWhatToDoAboutARefusal() {
        server.behaviour = Behaviour.status(403, error("NoPermission"));

        assertThatExceptionOfType(NoCredentialsException.class)
                .isThrownBy(() -> fetch(Way.ASSUME).fetch(Deadline.after(PLENTY)))
                .withMessage("credentials from role " + ARN + " assumed from default of the process: AssumeRole from "
                        + server.uri().getRawAuthority() + " failed: HTTP status 403, code NoPermission, request id"
                        + " ID-1. Allow the caller in the trust policy of the role, and allow the caller to call"
                        + " sts:AssumeRole");
    }

    @ParameterizedTest
    @ValueSource(longs = {-100_000, -300, 300, 7200})
    void theExpirationIsConvertedToTheClockOfThisMachine(long ahead) throws Exception {
        Instant date = NOW.minusSeconds(ahead);
        String body = answer(Way.OIDC, date.plusSeconds(30));
        server.behaviour = Behaviour.raw("HTTP/1.1 200 OK\r\nDate: "
                + DateTimeFormatter.RFC_1123_DATE_TIME.withLocale(Locale.ROOT).format(date.atOffset(ZoneOffset.UTC))
                + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);

        assertThat(fetch(Way.OIDC).fetch(Deadline.after(PLENTY)).expiration()).hasValue(NOW.plusSeconds(30));
    }

    @ParameterizedTest
    @ValueSource(longs = {-7200, 7200})
    void aRequestThatIsRefusedForItsTimeIsSignedWithTheirTime(long ahead) throws Exception {
        String date = "\r\nDate: "
                + DateTimeFormatter.RFC_1123_DATE_TIME.format(
                        NOW.minusSeconds(ahead).atOffset(ZoneOffset.UTC))
                + "\r\nContent-Length: ";
        String refusal = error("InvalidTimeStamp.Expired");
        String body = answer(Way.ASSUME, NOW.minusSeconds(ahead).plusSeconds(30));
        server.behaviour = (request, out) -> Behaviour.raw(
                        server.received.size() == 1
                                ? "HTTP/1.1 400 Bad Request" + date + refusal.length() + "\r\n\r\n" + refusal
                                : "HTTP/1.1 200 OK" + date + body.length() + "\r\n\r\n" + body)
                .answer(request, out);

        assertThat(fetch(Way.ASSUME).fetch(Deadline.after(PLENTY)).expiration()).hasValue(NOW.plusSeconds(30));
        assertThat(server.received).hasSize(2);
        assertThat(server.received.get(1).query())
                .containsEntry("Timestamp", NOW.minusSeconds(ahead).toString());
    }

    // The metadata service.

    @Test
    void theMetadataServiceIsAskedWithOneToken() throws Exception {
        server.behaviour = good(Way.MACHINE, Behaviour.ok(answer(Way.MACHINE, END)));

        fetch(Way.MACHINE).fetch(Deadline.after(PLENTY));

        assertThat(server.received)
                .extracting(request -> request.method() + " " + request.path())
                .containsExactly("PUT /latest/api/token", "GET " + PATH, "GET " + PATH + "sls-reader");
        assertThat(server.received.subList(1, 3)).allSatisfy(request -> assertThat(request.headers())
                .containsEntry("X-aliyun-ecs-metadata-token", IMDS_TOKEN));
    }

    @ParameterizedTest
    @ValueSource(ints = {403, 404, 405})
    void aMachineThatDoesNotKnowTokensIsAskedWithoutOne(int status) throws Exception {
        server.behaviour = byPath(
                Behaviour.status(status, "s3cr3t"), Behaviour.ok("sls-reader"), Behaviour.ok(answer(Way.MACHINE, END)));

        assertThat(fetch(Way.MACHINE).fetch(Deadline.after(PLENTY)).accessKeyId())
                .isEqualTo("STS.id");
        assertThat(server.received.get(2).headers()).doesNotContainKey("X-aliyun-ecs-metadata-token");
        assertThatExceptionOfType(NoCredentialsException.class)
                .isThrownBy(() -> machine(null, PlainCalls.NEVER).fetch(Deadline.after(PLENTY)))
                .withMessageContaining("the token from")
                .withMessageContaining("HTTP status " + status + ". Requests without a token are not allowed");
    }

    @Test
    void aMachineThatNeverAnswersTheRequestForATokenIsAskedWithoutOne() throws Exception {
        server.behaviour = byPath(server.hanging(), Behaviour.ok("sls-reader"), Behaviour.ok(answer(Way.MACHINE, END)));

        assertThat(fetch(Way.MACHINE).fetch(Deadline.after(PLENTY)).accessKeyId())
                .isEqualTo("STS.id");
    }

    @Test
    void aFailureOfTheTokenIsNotAReasonForPlainCallsUnlessTheyAreAllowed() throws Exception {
        server.behaviour = byPath(
                Behaviour.status(500, "s3cr3t"), Behaviour.ok("sls-reader"), Behaviour.ok(answer(Way.MACHINE, END)));

        assertThatExceptionOfType(NoCredentialsException.class)
                .isThrownBy(() -> fetch(Way.MACHINE).fetch(Deadline.after(PLENTY)))
                .withMessageEndingWith("failed: HTTP status 500");
        assertThat(machine(null, PlainCalls.AFTER_ANY_FAILURE)
                        .fetch(Deadline.after(PLENTY))
                        .accessKeyId())
                .isEqualTo("STS.id");
    }

    @Test
    void aMachineThatForbidsPlainCallsSaysWhyThereWasNoToken() {
        server.behaviour =
                byPath(Behaviour.status(404, ""), Behaviour.status(403, "s3cr3t"), Behaviour.status(403, ""));

        assertThatExceptionOfType(NoCredentialsException.class)
                .isThrownBy(() -> fetch(Way.MACHINE).fetch(Deadline.after(PLENTY)))
                .withMessageContaining("the name of the role from")
                .withMessageEndingWith("HTTP status 403. The request had no token: HTTP status 404");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "line one\nline two", "a b", "<html>"})
    void whatIsNoTokenIsNotSent(String token) {
        server.behaviour = byPath(Behaviour.ok(token), Behaviour.ok("sls-reader"), Behaviour.ok("{}"));

        assertThatExceptionOfType(NoCredentialsException.class)
                .isThrownBy(() -> fetch(Way.MACHINE).fetch(Deadline.after(PLENTY)))
                .withMessageContaining(token.equals("<html>") ? "no value" : "the response is not a token");
    }

    @Test
    void theNameOfTheRoleMayEndWithALineEndAndChange() throws Exception {
        server.behaviour = byPath(
                Behaviour.ok(IMDS_TOKEN + "\n"), Behaviour.ok("one\r\n"), Behaviour.ok(answer(Way.MACHINE, END)));
        CredentialsFetch fetch = fetch(Way.MACHINE);
        assertThat(fetch.fetch(Deadline.after(PLENTY)).origin()).contains("one");

        server.behaviour =
                byPath(Behaviour.ok(IMDS_TOKEN), Behaviour.ok("two"), Behaviour.ok(answer(Way.MACHINE, END)));

        assertThat(fetch.fetch(Deadline.after(PLENTY)).origin()).contains("two");
        assertThat(server.received.get(5).path()).isEqualTo(PATH + "two");
    }

    @ParameterizedTest
    @ValueSource(strings = {"one\ntwo", "", "a/../b", "name with blank"})
    void whatIsNotOneNameIsRefused(String names) {
        server.behaviour = byPath(Behaviour.ok(IMDS_TOKEN), Behaviour.ok(names), Behaviour.ok("{}"));

        assertThatExceptionOfType(NoCredentialsException.class)
                .isThrownBy(() -> fetch(Way.MACHINE).fetch(Deadline.after(PLENTY)))
                .withMessageContaining("the name of the role from");
        assertThat(server.received).hasSize(2);
    }

    @Test
    void aConfiguredRoleIsNotLookedUp() throws Exception {
        server.behaviour = good(Way.MACHINE, Behaviour.ok(answer(Way.MACHINE, END)));

        machine("sls-other", PlainCalls.NEVER).fetch(Deadline.after(PLENTY));

        assertThat(server.received)
                .extracting(StandIn.Received::path)
                .containsExactly("/latest/api/token", PATH + "sls-other");
    }

    @Test
    void proxiesOfTheJvmAreNotUsed() throws Exception {
        server.behaviour = good(Way.MACHINE, Behaviour.ok(answer(Way.MACHINE, END)));
        List<String> properties = List.of("http.proxyHost", "http.proxyPort", "socksProxyHost", "socksProxyPort");
        List<String> values = List.of("127.0.0.1", "1", "127.0.0.1", "1");
        try {
            for (int i = 0; i < properties.size(); i++) {
                System.setProperty(properties.get(i), values.get(i));
            }
            assertThat(fetch(Way.MACHINE).fetch(Deadline.after(PLENTY)).accessKeyId())
                    .isEqualTo("STS.id");
        } finally {
            properties.forEach(System::clearProperty);
        }
    }

    // The token file.

    @Test
    void theTokenFileIsReadAtEachFetch() throws Exception {
        server.behaviour = Behaviour.ok(answer(Way.OIDC, END));
        CredentialsFetch fetch = fetch(Way.OIDC);
        Path file = folder.resolve("token");
        for (String token : List.of("short", "longer-than-before", "x".repeat(20_000), "tiny")) {
            Files.writeString(file, token);
            fetch.fetch(Deadline.after(PLENTY));
        }
        Path other = Files.writeString(folder.resolve("other"), "behind-a-link");
        Files.delete(file);
        Files.createSymbolicLink(file, other);
        fetch.fetch(Deadline.after(PLENTY));

        assertThat(server.received)
                .extracting(request -> request.form().get("OIDCToken"))
                .containsExactly("short", "longer-than-before", "x".repeat(20_000), "tiny", "behind-a-link");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "abc", "s3cr3t token", "s3cr3t\ntoken", "TOO LONG"})
    void whatIsNoTokenInTheFileIsNotSent(String content) throws Exception {
        Files.writeString(folder.resolve("token"), content.equals("TOO LONG") ? "x".repeat(20_001) : content);

        assertThatExceptionOfType(NoCredentialsException.class)
                .isThrownBy(() -> fetch(Way.OIDC).fetch(Deadline.after(PLENTY)))
                .withMessageStartingWith("OIDC token file " + folder.resolve("token"))
                .withMessageNotContaining("s3cr3t");
        assertThat(server.received).isEmpty();
    }

    @Test
    void aMissingOrUnreadableTokenFileIsNamed() throws Exception {
        Files.delete(folder.resolve("token"));
        assertThatExceptionOfType(NoCredentialsException.class)
                .isThrownBy(() -> fetch(Way.OIDC).fetch(Deadline.after(PLENTY)))
                .withMessageContaining("does not exist on this machine");

        Files.createDirectory(folder.resolve("token"));
        assertThatExceptionOfType(NoCredentialsException.class)
                .isThrownBy(() -> fetch(Way.OIDC).fetch(Deadline.after(PLENTY)))
                .withMessageContaining("is not a regular file");
    }

    private CredentialsFetch fetch(Way way) {
        StsRole role = StsRole.builder()
                .arn(ARN)
                .endpoint(new StsEndpoint(server.uri()))
                .build();
        return switch (way) {
            case MACHINE -> machine(null, PlainCalls.WHEN_TOKEN_UNKNOWN);
            case OIDC ->
                StsFetch.withOidc(
                        new Oidc(role, PROVIDER, folder.resolve("token").toString()), Route.direct(), clock);
            case ASSUME ->
                StsFetch.assumeRole(
                        new AssumeRole(role, "external", new CredentialsConfig.Default()),
                        deadline -> Credentials.lasting("base", "s3cr3t-of-the-base")
                                .from("the test"),
                        Route.direct(),
                        clock);
        };
    }

    private CredentialsFetch machine(String role, PlainCalls plainCalls) {
        return new EcsRoleFetch(new EcsRamRole(role, plainCalls, server.uri()), clock);
    }

    /** All steps but the last are as they should be. */
    private static Behaviour good(Way way, Behaviour last) {
        return way == Way.MACHINE ? byPath(Behaviour.ok(IMDS_TOKEN), Behaviour.ok("sls-reader"), last) : last;
    }

    private static Behaviour byPath(Behaviour token, Behaviour name, Behaviour credentials) {
        return (request, out) -> (request.method().equals("PUT")
                        ? token
                        : request.path().equals(PATH) ? name : credentials)
                .answer(request, out);
    }

    private static Behaviour endless() {
        return (request, out) -> {
            out.write("HTTP/1.1 200 OK\r\n\r\n{\"a\":\"".getBytes(StandardCharsets.UTF_8));
            byte[] some = new byte[1 << 12];
            while (true) {
                out.write(some);
            }
        };
    }

    private static String answer(Way way, Instant end) {
        String fields = "\"AccessKeyId\":\"STS.id\",\"AccessKeySecret\":\"" + SECRET + "\",\"SecurityToken\":\"" + TOKEN
                + "\",\"Expiration\":\"" + end + "\"";
        return way == Way.MACHINE
                ? "{" + fields + ",\"LastUpdated\":\"2026-01-31T11:00:00Z\",\"Code\":\"Success\"}"
                : "{\"RequestId\":\"ID-1\",\"AssumedRoleUser\":{\"Arn\":\"x\"},\"Credentials\":{" + fields + "}}";
    }

    private static String error(String code) {
        return "{\"RequestId\":\"ID-1\",\"Code\":\"" + code + "\",\"Message\":\"for " + TOKEN
                + "\",\"Recommend\":\"https://x?" + SECRET + "\"}";
    }
}
