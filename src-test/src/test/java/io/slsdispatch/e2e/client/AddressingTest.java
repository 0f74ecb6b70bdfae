package io.slsdispatch.e2e.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.PutRequest;
import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.config.ConnectionConfig;
import io.slsdispatch.connector.config.ConnectionConfig.ProjectIn;
import io.slsdispatch.connector.config.ProxyConfig;
import io.slsdispatch.connector.config.Signature;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where requests go, and what they look like there. */
@Timeout(120)
class AddressingTest {

    private static final byte[] GROUP = {0x1a, 1, 't'};

    /** Some variable that every test has; user names must not hold a colon. */
    private static final String VARIABLE = System.getenv().entrySet().stream()
            .filter(entry -> entry.getValue().matches("[!-9;-~]+"))
            .map(Map.Entry::getKey)
            .findFirst()
            .orElseThrow();

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({"127.0.0.1, project.ip-127-0-0-1", "localhost, project.localhost"})
    void anAddressWithoutSubdomainsIsReachedDirectlyAndTheProjectStandsInTheHost(String host, String expected)
            throws Exception {
        try (StubServer server = accepting();
                SlsClient client = Clients.create(Clients.connection("http://" + host + ":" + server.port(), directory)
                        .build())) {
            Clients.get(client.put(Clients.put(GROUP)));

            StubServer.Request request = server.requests().get(0);
            assertThat(request.line()).isEqualTo("POST /logstores/store/shards/lb HTTP/1.1");
            assertThat(request.header("host")).isEqualTo(expected);
            assertThat(request.header("user-agent")).startsWith("sls-dispatch");
        }
    }

    @Test
    void aProjectInAHeaderIsSignedAndLeavesTheHostAlone() throws Exception {
        try (StubServer server = accepting();
                SlsClient client = Clients.create(Clients.connection("http://localhost:" + server.port(), directory)
                        .projectIn(ProjectIn.HEADER)
                        .build())) {
            Clients.get(client.put(Clients.put(GROUP)));

            StubServer.Request request = server.requests().get(0);
            assertThat(request.line()).isEqualTo("POST /logstores/store/shards/lb HTTP/1.1");
            assertThat(request.header("host")).isEqualTo("localhost");
            assertThat(request.header("x-log-project")).isEqualTo("project");
        }
    }

    @ParameterizedTest
    @CsvSource({"10.9.8.7", "[2001:db8::1]", "sls.example.com"})
    void aProjectInAHeaderReachesAnyHostThroughAProxy(String host) throws Exception {
        try (StubServer proxy = accepting();
                SlsClient client =
                        Clients.create(throughProxy(proxy, "http://" + host + ":8080", null, ProjectIn.HEADER))) {
            Clients.get(client.put(Clients.put(GROUP)));

            StubServer.Request request = proxy.requests().get(0);
            assertThat(request.line()).isEqualTo("POST http://" + host + ":8080/logstores/store/shards/lb HTTP/1.1");
            assertThat(request.header("host")).isEqualTo(host);
            assertThat(request.header("x-log-project")).isEqualTo("project");
        }
    }

    @Test
    void aNameIsReachedBelowTheProjectAndThroughAProxyIfTold() throws Exception {
        try (StubServer proxy = accepting();
                SlsClient client = Clients.create(throughProxy(proxy, "http://sls.test:8080", null))) {
            Clients.get(client.put(Clients.put(GROUP)));

            StubServer.Request request = proxy.requests().get(0);
            assertThat(request.line())
                    .isEqualTo("POST http://project.sls.test:8080/logstores/store/shards/lb HTTP/1.1");
            assertThat(request.header("host")).isEqualTo("project.sls.test");
            assertThat(request.header("proxy-authorization")).isNull();
        }
    }

    @Test
    void aProxyGetsItsPasswordWithTheFirstRequest() throws Exception {
        try (StubServer proxy = accepting();
                SlsClient client = Clients.create(throughProxy(proxy, "http://sls.test", VARIABLE))) {
            Clients.get(client.put(Clients.put(GROUP)));

            assertThat(proxy.requests()).hasSize(1);
            String value = System.getenv(VARIABLE);
            String expected =
                    Base64.getEncoder().encodeToString((value + ":" + value).getBytes(StandardCharsets.UTF_8));
            assertThat(proxy.requests().get(0).header("proxy-authorization")).isEqualTo("Basic " + expected);
        }
    }

    @Test
    void httpsGoesThroughATunnelOfTheProxy() throws Exception {
        try (StubServer proxy = StubServer.start((request, out) -> StubServer.write(out, 503, Map.of(), new byte[0]));
                SlsClient client = Clients.create(throughProxy(proxy, "https://sls.test", null))) {
            assertThat(Clients.failureOf(client.put(Clients.put(GROUP))).kind()).isEqualTo(ErrorKind.UNAVAILABLE);

            assertThat(proxy.requests().get(0).line()).isEqualTo("CONNECT project.sls.test:443 HTTP/1.1");
        }
    }

    @Test
    void thePasswordOfAProxyStaysOutOfItsTunnels() throws Exception {
        try (StubServer proxy = StubServer.start((request, out) -> StubServer.write(
                        out, 407, Map.of("proxy-authenticate", "Basic realm=\"proxy\""), new byte[0]));
                SlsClient client = Clients.create(throughProxy(proxy, "https://sls.test", VARIABLE))) {
            assertThat(Clients.failureOf(client.put(Clients.put(GROUP))).kind()).isEqualTo(ErrorKind.UNAVAILABLE);

            assertThat(proxy.requests()).allMatch(request -> request.line().startsWith("CONNECT "));
            assertThat(proxy.requests().get(proxy.requests().size() - 1).header("proxy-authorization"))
                    .startsWith("Basic ");
        }
    }

    @Test
    void aHashKeyIsPartOfTheAddress() throws Exception {
        try (StubServer server = accepting();
                SlsClient client = Clients.to(server, directory)) {
            String key = "0123456789abcdef0123456789abcdef";
            Clients.get(client.put(new PutRequest(Clients.LOGSTORE, List.of(Clients.group(GROUP)), key)));

            assertThat(server.requests().get(0).line())
                    .isEqualTo("POST /logstores/store/shards/route?key=" + key + " HTTP/1.1");
        }
    }

    @Test
    void requestsAreSignedAsTold() throws Exception {
        try (StubServer server = accepting();
                SlsClient v1 = Clients.to(server, directory);
                SlsClient v4 = Clients.create(Clients.connection("http://127.0.0.1:" + server.port(), directory)
                        .signature(new Signature.V4("cn-hangzhou"))
                        .build())) {
            Clients.get(v1.put(Clients.put(GROUP)));
            Clients.get(v4.put(Clients.put(GROUP)));

            assertThat(server.requests().get(0).header("authorization"))
                    .startsWith("LOG " + Clients.ACCESS_KEY_ID + ":");
            assertThat(server.requests().get(1).header("authorization"))
                    .startsWith("SLS4-HMAC-SHA256 Credential=" + Clients.ACCESS_KEY_ID)
                    .contains("/cn-hangzhou/sls/");
        }
    }

    @Test
    void temporaryCredentialsBringTheirToken() throws Exception {
        Path file = directory.resolve("credentials");
        try (StubServer server = accepting();
                SlsClient client = Clients.to(server, directory)) {
            Files.writeString(file, "access-key-id=id\naccess-key-secret=secret\nsecurity-token=token");
            Clients.get(client.put(Clients.put(GROUP)));

            assertThat(server.requests().get(0).header("x-acs-security-token")).isEqualTo("token");
        }
    }

    @Test
    void aRequestThatCannotBeSignedIsNotSentAndSaysWhy() throws Exception {
        try (StubServer server = accepting();
                SlsClient client = Clients.to(server, directory)) {
            Files.delete(directory.resolve("credentials"));

            assertThat(Clients.failureOf(client.put(Clients.put(GROUP)))).satisfies(failure -> {
                assertThat(failure.kind()).isEqualTo(ErrorKind.UNAUTHORIZED);
                assertThat(failure).hasMessageContaining("credentials does not exist on this machine");
            });
            assertThat(server.requests()).isEmpty();
        }
    }

    private ConnectionConfig throughProxy(StubServer proxy, String endpoint, String passwordVariable) {
        return throughProxy(proxy, endpoint, passwordVariable, ProjectIn.HOST);
    }

    private ConnectionConfig throughProxy(
            StubServer proxy, String endpoint, String passwordVariable, ProjectIn projectIn) {
        return Clients.connection(endpoint, directory)
                .projectIn(projectIn)
                .network(new ConnectionConfig.Network(
                        Clients.PLENTY,
                        Clients.PLENTY,
                        16,
                        new ProxyConfig("127.0.0.1", proxy.port(), passwordVariable, passwordVariable),
                        null))
                .build();
    }

    private static StubServer accepting() throws IOException {
        return StubServer.start(
                (request, out) -> StubServer.write(out, 200, Map.of("x-log-requestid", "REQUEST-1"), new byte[0]));
    }
}
