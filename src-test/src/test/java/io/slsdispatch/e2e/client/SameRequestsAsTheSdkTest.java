package io.slsdispatch.e2e.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.aliyun.openservices.log.Client;
import com.aliyun.openservices.log.common.Consts;
import com.aliyun.openservices.log.common.ConsumerGroup;
import com.aliyun.openservices.log.common.LogGroup;
import com.aliyun.openservices.log.common.auth.DefaultCredentials;
import com.aliyun.openservices.log.common.auth.StaticCredentialsProvider;
import com.aliyun.openservices.log.http.client.ClientConfiguration;
import com.aliyun.openservices.log.http.signer.SignVersion;
import com.aliyun.openservices.log.request.BatchPutLogsRequest;
import com.aliyun.openservices.log.request.PullLogsRequest;
import com.aliyun.openservices.log.request.PutLogsRequest;
import io.slsdispatch.connector.client.CursorOrigin;
import io.slsdispatch.connector.client.PullRequest;
import io.slsdispatch.connector.client.PutRequest;
import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.config.ConnectionConfig;
import io.slsdispatch.connector.config.ProxyConfig;
import io.slsdispatch.connector.config.Signature;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests next to those of the official SDK, as they come off the wire. */
@Timeout(120)
class SameRequestsAsTheSdkTest {

    private static final String PROJECT = Clients.LOGSTORE.project();
    private static final String STORE = Clients.LOGSTORE.logstore();
    private static final String KEY = "80000000000000000000000000000000";

    /** They hold the time, which is not the same; what they are made of is compared where signers are tested. */
    private static final Set<String> OF_THE_MOMENT = Set.of("date", "x-log-date", "authorization");

    /** Not signed, and not of the service. The SDK's HTTP client offers TLS by the header Upgrade, which nobody takes. */
    private static final Set<String> OF_THE_CONNECTION =
            Set.of("connection", "proxy-connection", "upgrade", "user-agent");

    private static final Map<String, String> ANSWER =
            Map.of("x-log-requestid", "R", "x-log-count", "0", "x-log-bodyrawsize", "0", "x-log-cursor", "MTY=");

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void differInNothingThatTheServiceSees(boolean v4) throws Exception {
        byte[] group = group(10_000);
        byte[] other = group(300);
        try (StubServer server = StubServer.start((request, out) -> StubServer.write(out, 200, ANSWER, new byte[0]))) {
            Client sdk = sdk(server, v4);
            sdk.pullLogs(new PullLogsRequest(PROJECT, STORE, 3, 10, "MTY="));
            sdk.pullLogs(new PullLogsRequest(PROJECT, STORE, 3, 1000, "MTY=", "MTc="));
            sdk.PutLogs(new PutLogsRequest(PROJECT, STORE, "", "", group, null));
            sdk.PutLogs(new PutLogsRequest(PROJECT, STORE, "", "", group, KEY));
            sdk.batchPutLogs(new BatchPutLogsRequest(
                    PROJECT, STORE, List.of(new Serialized(group), new Serialized(other)), KEY));
            sdk.shutdown();
            List<StubServer.Request> theirs = List.copyOf(server.requests());

            try (SlsClient client = ours(server, v4)) {
                Clients.get(client.pull(new PullRequest(Clients.LOGSTORE, 3, "MTY=", 10, null)));
                Clients.get(client.pull(new PullRequest(Clients.LOGSTORE, 3, "MTY=", 1000, "MTc=")));
                Clients.get(client.put(Clients.put(group)));
                Clients.get(client.put(new PutRequest(Clients.LOGSTORE, List.of(Clients.group(group)), KEY)));
                Clients.get(client.put(
                        new PutRequest(Clients.LOGSTORE, List.of(Clients.group(group), Clients.group(other)), KEY)));
            }
            assertSame(
                    server.requests().subList(theirs.size(), server.requests().size()), theirs);
        }
    }

    /** Look-ups and changes, which the SDK makes and does not send: also in the order and number of its own. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void thatBringNoDataDifferInNothingThatTheServiceSeesEither(boolean v4) throws Exception {
        try (StubServer server = StubServer.start((request, out) -> StubServer.write(
                out, 200, Map.of("x-log-requestid", "R"), answerTo(request).getBytes(StandardCharsets.UTF_8)))) {
            Client sdk = sdk(server, v4);
            sdk.ListShard(PROJECT, STORE);
            sdk.GetCursor(PROJECT, STORE, 3, Consts.CursorMode.BEGIN);
            sdk.GetCursor(PROJECT, STORE, 3, 1_700_000_000L);
            sdk.GetCursorTime(PROJECT, STORE, 3, "MTY=");
            sdk.ListConsumerGroup(PROJECT, STORE);
            sdk.CreateConsumerGroup(PROJECT, STORE, new ConsumerGroup("group", 60, false));
            sdk.GetCheckPoint(PROJECT, STORE, "group");
            sdk.UpdateCheckPoint(PROJECT, STORE, "group", 3, "MTY=");
            sdk.GetLogStore(PROJECT, STORE);
            sdk.shutdown();
            List<StubServer.Request> theirs = List.copyOf(server.requests());

            try (SlsClient client = ours(server, v4)) {
                client.listShards(Clients.LOGSTORE);
                client.cursor(Clients.LOGSTORE, 3, new CursorOrigin.Begin());
                client.cursor(Clients.LOGSTORE, 3, new CursorOrigin.At(Instant.ofEpochSecond(1_700_000_000)));
                client.cursorTime(Clients.LOGSTORE, 3, "MTY=");
                client.consumerGroups(Clients.LOGSTORE);
                client.createConsumerGroup(Clients.LOGSTORE, "group");
                client.consumerGroupCursors(Clients.LOGSTORE, "group");
                client.commitCursor(Clients.LOGSTORE, "group", 3, "MTY=");
                client.retention(Clients.LOGSTORE);
            }

            assertSame(
                    server.requests().subList(theirs.size(), server.requests().size()), theirs);
        }
    }

    private static String answerTo(StubServer.Request request) {
        String target = request.line();
        if (target.contains("type=cursor_time")) {
            return "{\"cursor_time\":1700000000}";
        }
        if (target.contains("type=cursor")) {
            return "{\"cursor\":\"MTY=\"}";
        }
        return target.contains("/shards") || target.contains("/consumergroups")
                ? "[]"
                : "{\"logstoreName\":\"store\",\"ttl\":30,\"shardCount\":2}";
    }

    private static void assertSame(List<StubServer.Request> ours, List<StubServer.Request> theirs) {
        assertThat(ours).hasSameSizeAs(theirs);
        for (int i = 0; i < ours.size(); i++) {
            assertThat(target(ours.get(i))).isEqualTo(target(theirs.get(i)));
            assertThat(headers(ours.get(i))).isEqualTo(headers(theirs.get(i)));
            assertThat(ours.get(i).headers().keySet()).containsAll(ofTheMoment(theirs.get(i)));
            assertThat(ours.get(i).body()).isEqualTo(theirs.get(i).body());
        }
    }

    /** The request line, its parameters sorted: the order of the SDK's is that of a hash table. */
    private static List<String> target(StubServer.Request request) {
        String[] parts = request.line().split("[?& ]");
        return List.of(parts[0], parts[1], new TreeSet<>(Arrays.asList(parts)).toString());
    }

    private static Map<String, String> headers(StubServer.Request request) {
        Map<String, String> headers = new TreeMap<>(request.headers());
        headers.keySet().removeAll(OF_THE_MOMENT);
        headers.keySet().removeAll(OF_THE_CONNECTION);
        return headers;
    }

    private static Set<String> ofTheMoment(StubServer.Request request) {
        Set<String> names = new TreeSet<>(request.headers().keySet());
        names.retainAll(OF_THE_MOMENT);
        return names;
    }

    @SuppressWarnings("deprecation") // to be set on the client instead, where it comes too late to have an effect
    private static Client sdk(StubServer server, boolean v4) {
        ClientConfiguration config = new ClientConfiguration();
        config.setProxyHost("127.0.0.1");
        config.setProxyPort(server.port());
        config.setRetryDisabled(true);
        config.setSignatureVersion(v4 ? SignVersion.V4 : SignVersion.V1);
        config.setRegion("cn-hangzhou");
        return new Client(
                "http://sls.test",
                new StaticCredentialsProvider(
                        new DefaultCredentials(Clients.ACCESS_KEY_ID, Clients.ACCESS_KEY_SECRET, "token")),
                config,
                "127.0.0.1");
    }

    private SlsClient ours(StubServer server, boolean v4) throws Exception {
        ConnectionConfig.Builder connection = Clients.connection("http://sls.test", directory)
                .signature(v4 ? new Signature.V4("cn-hangzhou") : new Signature.V1())
                .network(new ConnectionConfig.Network(
                        Clients.PLENTY, Clients.PLENTY, 16, ProxyConfig.at("127.0.0.1", server.port()), null));
        Files.writeString(
                directory.resolve("credentials"),
                "access-key-id=" + Clients.ACCESS_KEY_ID + "\naccess-key-secret=" + Clients.ACCESS_KEY_SECRET
                        + "\nsecurity-token=token\n");
        return Clients.create(connection.build());
    }

    private static byte[] group(int length) {
        byte[] group = new byte[length];
        new Random(length).nextBytes(group);
        Arrays.fill(group, length / 2, length, (byte) 1);
        return group;
    }

    /** A log group that is its bytes. */
    private static final class Serialized extends LogGroup {

        private final byte[] bytes;

        Serialized(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public byte[] serializeToPb() {
            return bytes;
        }
    }
}
