package io.slsdispatch.connector.client.exchange;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.netty.channel.ChannelException;
import io.netty.channel.ConnectTimeoutException;
import io.slsdispatch.connector.client.ErrorCodes;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.client.credentials.Credentials;
import io.slsdispatch.connector.client.credentials.CredentialsSource;
import io.slsdispatch.connector.client.credentials.NoCredentialsException;
import io.slsdispatch.connector.client.credentials.RequestCredentials;
import io.slsdispatch.connector.client.exchange.ApiRequest.CallType;
import io.slsdispatch.connector.config.ConnectionConfig;
import io.slsdispatch.connector.config.ConnectionConfig.Network;
import io.slsdispatch.connector.config.CredentialsConfig;
import io.slsdispatch.connector.config.Endpoint;
import io.slsdispatch.connector.config.ProxyConfig;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.NoRouteToHostException;
import java.net.ServerSocket;
import java.net.SocketException;
import java.security.cert.CertificateExpiredException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Local failures are distinguished from failures of the server. */
@Timeout(120)
class LocalFailuresTest {

    private static final ApiRequest GET = new ApiRequest("GET", "project", "/", new TreeMap<>(), Map.of(), null);
    private static final CredentialsSource CREDENTIALS = () -> Credentials.lasting("id", "secret");
    private static final Duration LONG = Duration.ofSeconds(30);

    @Test
    void aServerThatRefusesConnectionsIsDown() throws Exception {
        assertThat(failure("http://127.0.0.1:" + closedPort(), null)).satisfies(refused -> {
            assertThat(refused.errorCode()).isEqualTo("RequestError");
            assertThat(ErrorCodes.isLocal(refused)).isFalse();
        });
    }

    @Test
    void aNameThatTheResolverDoesNotKnowSaysNothingAboutTheServer() throws Exception {
        assertThat(failure("http://nowhere.invalid", null)).satisfies(unknown -> {
            assertThat(unknown.errorCode()).isEqualTo("UnknownHost");
            assertThat(unknown).hasMessageContaining("the host name project.nowhere.invalid cannot be resolved");
            assertThat(ErrorCodes.isLocal(unknown)).isTrue();
        });
    }

    @Test
    void aProxyThatIsDownSaysNothingAboutTheServer() throws Exception {
        int port = closedPort();

        assertThat(failure("http://sls.invalid", ProxyConfig.at("127.0.0.1", port)))
                .satisfies(refused -> {
                    assertThat(refused.errorCode()).isEqualTo("ProxyError");
                    assertThat(refused).hasMessageContaining("the proxy 127.0.0.1:" + port + " cannot be reached");
                    assertThat(ErrorCodes.isLocal(refused)).isTrue();
                });
    }

    @ParameterizedTest
    @CsvSource({"407, ProxyError", "403, ProxyError", "503, RequestError", "504, RequestError"})
    void aProxyThatOpensNoTunnelIsAtFaultUnlessItCannotReachTheServer(int status, String code) throws Exception {
        try (ServerSocket proxy = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread server = new Thread(() -> answer(proxy, status), "proxy of the test");
            server.start();

            SlsException refused = failure("https://sls.invalid", ProxyConfig.at("127.0.0.1", proxy.getLocalPort()));

            assertThat(refused.errorCode()).isEqualTo(code);
            assertThat(ErrorCodes.isLocal(refused)).isEqualTo(code.equals("ProxyError"));
        }
    }

    @Test
    void credentialsThatDoNotComeSayNothingAboutTheServer() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        ExecutorService background = Executors.newCachedThreadPool();
        RequestCredentials credentials = new RequestCredentials(
                () -> {
                    try {
                        never.await();
                    } catch (InterruptedException e) {
                        throw new NoCredentialsException("interrupted");
                    }
                    return CREDENTIALS.current();
                },
                background);
        HttpTransport calls = HttpTransport.open(
                config("http://127.0.0.1:" + closedPort(), null, Duration.ofMillis(50)), credentials, background);
        try {
            SlsException late = failure(calls);

            assertThat(late.errorCode()).isEqualTo("NotSent");
            assertThat(late).hasMessageContaining("not sent within 50 ms, since it waited for credentials");
            assertThat(ErrorCodes.isLocal(late)).isTrue();
        } finally {
            calls.close();
            background.shutdownNow();
        }
    }

    @Test
    void aSystemThatOpensNoConnectionSaysNothingAboutTheServer() {
        assertLocal(new ChannelException("Failed to open a socket.", new SocketException("Too many open files")));
        assertLocal(new BindException("Cannot assign requested address"));
        assertLocal(new SocketException("Network is unreachable"));
        assertLocal(new SocketException("Operation not permitted"));

        assertRemote(new ConnectException("Connection refused"));
        assertRemote(new ConnectException("Connection timed out"));
        assertRemote(new ConnectTimeoutException("connection timed out after 5000 ms"));
        assertRemote(new NoRouteToHostException("No route to host"));
        assertRemote(new SocketException("Connection reset"));
    }

    @Test
    void aCertificateThatIsNotTrustedSaysNothingAboutTheServer() {
        Throwable untrusted = new SSLHandshakeException("PKIX path validation failed")
                .initCause(new CertificateExpiredException("NotAfter"));

        assertThat(LocalFailureException.ofHandshake(untrusted))
                .isInstanceOfSatisfying(LocalFailureException.class, failure -> assertThat(failure.code())
                        .isEqualTo("UntrustedCertificate"));
        Throwable broken = new SSLHandshakeException("handshake timed out after 5000ms");
        assertThat(LocalFailureException.ofHandshake(broken)).isSameAs(broken);
    }

    private static void assertLocal(Throwable failure) {
        assertThat(LocalFailureException.ofConnect(failure))
                .isInstanceOfSatisfying(LocalFailureException.class, local -> assertThat(local.code())
                        .isEqualTo("NoSocket"));
    }

    private static void assertRemote(Throwable failure) {
        assertThat(LocalFailureException.ofConnect(failure)).isSameAs(failure);
    }

    private static SlsException failure(String endpoint, @Nullable ProxyConfig proxy) throws Exception {
        HttpTransport calls = HttpTransport.open(
                config(endpoint, proxy, LONG),
                new RequestCredentials(CREDENTIALS, Runnable::run),
                ForkJoinPool.commonPool());
        try {
            return failure(calls);
        } finally {
            calls.close();
        }
    }

    private static SlsException failure(HttpTransport calls) {
        Failures failures =
                new Failures("PutLogs", "project/logstore", new RequestCredentials(CREDENTIALS, Runnable::run));
        PendingCall<String> call = calls.send(CallType.PUT, GET, failures, answer -> "not expected");
        Throwable failure = catchThrowable(() -> call.result().get(60, TimeUnit.SECONDS));
        assertThat(failure).isInstanceOf(ExecutionException.class).hasCauseInstanceOf(SlsException.class);
        return (SlsException) failure.getCause();
    }

    private static ConnectionConfig config(String endpoint, @Nullable ProxyConfig proxy, Duration timeLimit) {
        return ConnectionConfig.builder(Endpoint.parse(endpoint), new CredentialsConfig.File("not read by this test"))
                .network(new Network(Duration.ofSeconds(5), timeLimit, 8, proxy, null))
                .build();
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void answer(ServerSocket socket, int status) {
        try (var connection = socket.accept()) {
            int request = connection.getInputStream().read(new byte[10_000]);
            assertThat(request).isPositive();
            connection
                    .getOutputStream()
                    .write(("HTTP/1.1 " + status + " No\r\ncontent-length: 0\r\n\r\n").getBytes(US_ASCII));
            int unused = connection.getInputStream().read();
        } catch (IOException e) {
            // The client has gone.
        }
    }
}
