package io.slsdispatch.connector.client.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import com.aliyun.credentials.http.CompatibleUrlConnClient;
import com.aliyun.credentials.http.HttpRequest;
import com.aliyun.credentials.http.HttpResponse;
import com.aliyun.credentials.http.MethodType;
import com.aliyun.credentials.models.CredentialModel;
import com.aliyun.credentials.provider.ECSMetadataServiceCredentialsFetcher;
import com.aliyun.credentials.provider.OIDCRoleArnCredentialProvider;
import com.aliyun.credentials.provider.RamRoleArnCredentialProvider;
import com.aliyun.credentials.utils.ParameterHelper;
import io.slsdispatch.connector.client.credentials.Credentials.Secret;
import io.slsdispatch.connector.client.credentials.StandIn.Behaviour;
import io.slsdispatch.connector.client.credentials.StandIn.Received;
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
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Alibaba Cloud's library sends the same requests to the same stand-in, and understands the same answers. It is not
 * shipped: see the decision about it.
 */
@Timeout(60)
class OfficialLibraryTest {

    private static final String ARN = "acs:ram::1234567890123456:role/sls-writer";
    private static final String PROVIDER = "acs:ram::1234567890123456:oidc-provider/ack-rrsa";
    private static final Duration PLENTY = Duration.ofSeconds(30);

    /** They differ in each request. */
    private static final List<String> OF_THE_MOMENT = List.of("SignatureNonce", "Timestamp", "Signature");

    private StandIn server;

    @TempDir
    private Path folder;

    @BeforeEach
    void start() throws IOException {
        server = new StandIn(OfficialLibraryTest::answer);
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @Test
    void theRequestsToTheMetadataServiceAreEqual() throws Exception {
        Credentials ours = new EcsRoleFetch(new EcsRamRole(null, PlainCalls.NEVER, server.uri()), Clock.systemUTC())
                .fetch(Deadline.after(PLENTY));
        List<Received> sent = List.copyOf(server.received);
        server.received.clear();
        CredentialModel theirs = new ECSMetadataServiceCredentialsFetcher("", true, 5000, 5000)
                .fetch(new ToTheStandIn())
                .value();

        assertSame(ours, theirs);
        // They get a token for each request.
        assertThat(server.received).hasSize(4);
        assertEqual(sent.get(0), server.received.get(0), "X-aliyun-ecs-metadata-token-ttl-seconds");
        assertEqual(sent.get(1), server.received.get(1), "X-aliyun-ecs-metadata-token");
        assertEqual(sent.get(0), server.received.get(2), "X-aliyun-ecs-metadata-token-ttl-seconds");
        assertEqual(sent.get(2), server.received.get(3), "X-aliyun-ecs-metadata-token");
    }

    @Test
    void theRequestsByOidcAreEqual() throws Exception {
        Path file = Files.writeString(folder.resolve("token"), "a+token/with=all~that*is awkward".replace(" ", "%"));
        StsRole role = role("sls-dispatch", Duration.ofMinutes(20));
        Credentials ours = StsFetch.withOidc(
                        new Oidc(role, PROVIDER, file.toString()), Route.direct(), Clock.systemUTC())
                .fetch(Deadline.after(PLENTY));
        CredentialModel theirs = OIDCRoleArnCredentialProvider.builder()
                .roleArn(ARN)
                .oidcProviderArn(PROVIDER)
                .oidcTokenFilePath(file.toString())
                .roleSessionName("sls-dispatch")
                .durationSeconds(1200)
                .STSEndpoint(server.uri().getRawAuthority())
                .build()
                .getNewSessionCredentials(new ToTheStandIn())
                .value();

        assertSame(ours, theirs);
        assertEqual(server.received.get(0), server.received.get(1), "Content-Type");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a+token/with=all~that*is(awkward)!"})
    void theRequestsToAssumeARoleAreEqual(String token) throws Exception {
        StsRole role = role("name@of.the_session", Duration.ofMinutes(15));
        Credentials base = new Credentials(
                "id-1",
                Secret.of("secret/with+awkward="),
                token.isEmpty() ? Optional.empty() : Optional.of(Secret.of(token)),
                Optional.empty());
        Credentials ours = StsFetch.assumeRole(
                        new AssumeRole(role, "external:id/1=2", new CredentialsConfig.Default()),
                        deadline -> base,
                        Route.direct(),
                        Clock.systemUTC())
                .fetch(Deadline.after(PLENTY));
        RamRoleArnCredentialProvider.Builder builder = RamRoleArnCredentialProvider.builder()
                .accessKeyId("id-1")
                .accessKeySecret("secret/with+awkward=")
                .roleArn(ARN)
                .externalId("external:id/1=2")
                .roleSessionName("name@of.the_session")
                .durationSeconds(900)
                .STSEndpoint(server.uri().getRawAuthority());
        if (!token.isEmpty()) {
            builder.securityToken(token);
        }
        CredentialModel theirs =
                builder.build().getNewSessionCredentials(new ToTheStandIn()).value();

        assertSame(ours, theirs);
        assertEqual(server.received.get(0), server.received.get(1), "Host");
        for (Received request : server.received) {
            Map<String, String> signed = new TreeMap<>(request.query());
            String signature = signed.remove("Signature");
            assertThat(StsRequests.signature("GET", new TreeMap<>(signed), base.accessKeySecret()))
                    .isEqualTo(signature);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "+", "*", "~", "/", "%", "&=?", "é", "日志", "\uD83D\uDE00", "a\tb", "'\"<>", "._-"})
    void awkwardCharactersAreSignedAlike(String text) throws Exception {
        TreeMap<String, String> query = new TreeMap<>(Map.of("Action", "AssumeRole", text, "value", "Name", text));
        ParameterHelper library = new ParameterHelper();
        String theirs = library.signString(library.composeStringToSign(MethodType.GET, query), "secret" + text + "&");

        assertThat(StsRequests.signature("GET", query, Secret.of("secret" + text)))
                .isEqualTo(theirs);
    }

    private StsRole role(String session, Duration duration) {
        return StsRole.builder()
                .arn(ARN)
                .sessionName(session)
                .duration(duration)
                .endpoint(new StsEndpoint(server.uri()))
                .build();
    }

    private static void assertEqual(Received ours, Received theirs, String header) {
        assertThat(ours.method()).isEqualTo(theirs.method());
        assertThat(ours.path()).isEqualTo(theirs.path());
        assertThat(ours.query().keySet()).isEqualTo(theirs.query().keySet());
        assertThat(lasting(ours.query())).isEqualTo(lasting(theirs.query()));
        assertThat(StandIn.parameters(ours.body())).isEqualTo(StandIn.parameters(theirs.body()));
        assertThat(ours.headers().get(header))
                .isNotNull()
                .isEqualTo(theirs.headers().get(header));
        if (ours.query().containsKey("Timestamp")) {
            assertThat(Instant.parse(ours.query().get("Timestamp")))
                    .isBetween(Instant.now().minus(PLENTY), Instant.now());
        }
    }

    private static Map<String, String> lasting(Map<String, String> query) {
        Map<String, String> lasting = new TreeMap<>(query);
        lasting.keySet().removeAll(OF_THE_MOMENT);
        return lasting;
    }

    private static void assertSame(Credentials ours, CredentialModel theirs) {
        assertThat(ours.accessKeyId()).isEqualTo(theirs.getAccessKeyId());
        assertThat(ours.accessKeySecret().reveal()).isEqualTo(theirs.getAccessKeySecret());
        assertThat(ours.securityToken().orElseThrow().reveal()).isEqualTo(theirs.getSecurityToken());
    }

    private static void answer(Received request, OutputStream out) throws Exception {
        String end = "2200-01-31T12:00:00Z";
        String fields = "\"AccessKeyId\":\"STS.id\",\"AccessKeySecret\":\"secret\",\"SecurityToken\":\"token\","
                + "\"Expiration\":\"" + end + "\"";
        String body = request.method().equals("PUT")
                ? "metadata-token"
                : request.path().endsWith("/security-credentials/")
                        ? "sls-reader"
                        : request.path().endsWith("/sls-reader")
                                ? "{\"Code\":\"Success\"," + fields + "}"
                                : "{\"RequestId\":\"ID-1\",\"Credentials\":{" + fields + "}}";
        Behaviour.ok(body).answer(request, out);
    }

    /** Sends the library's requests to the stand-in: its address of the metadata service is a constant. */
    private final class ToTheStandIn extends CompatibleUrlConnClient {

        @Override
        public HttpResponse syncInvoke(HttpRequest request) {
            String url = request.getSysUrl();
            int path = url.indexOf('/', url.indexOf("://") + 3);
            request.setSysUrl(server.uri() + (path < 0 ? "/" : url.substring(path)));
            return super.syncInvoke(request);
        }
    }
}
