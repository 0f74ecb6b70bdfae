package io.slsdispatch.connector.client.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.slsdispatch.connector.task.GuardedTasks;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What rules and the check of the clock need; the limits are in the tests of credentials. */
@Timeout(60)
class HttpFetchTest {

    private static final String ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nX-Kind: first\r\n\r\nbody";

    private final ExecutorService threads = Executors.newCachedThreadPool(GuardedTasks.threads("http fetch test"));
    private final List<String> heads = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Void> asked = new CompletableFuture<>();
    private ServerSocket server;

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        threads.shutdownNow();
    }

    @Test
    void readsStatusHeadersAndBody() throws Exception {
        answering(ANSWER);

        HttpAnswer answer = fetch(here("/rules?v=1"), 100, null);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("x-kind")).isEqualTo("first");
        assertThat(answer.header("x-none")).isEmpty();
        assertThat(answer.body()).asString(StandardCharsets.UTF_8).isEqualTo("body");
        assertThat(answer.isDelimited()).isTrue();
        assertThat(heads.get(0)).startsWith("GET /rules?v=1 HTTP/1.1\nHost: 127.0.0.1:" + server.getLocalPort() + "\n");
    }

    @Test
    void readsNoBodyWhereOnlyTheHeadIsWanted() throws Exception {
        answering("HTTP/1.1 404 Not Found\r\nContent-Length: 1000000000000\r\nDate: today\r\n\r\n");

        HttpAnswer answer = fetch(here("/"), 0, null);

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.header("date")).isEqualTo("today");
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void readsManySmallChunks() throws Exception {
        int chunks = 20_000;
        answering("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + "1\r\nx\r\n".repeat(chunks) + "0\r\n\r\n");

        assertThat(fetch(here("/"), chunks, null).body()).hasSize(chunks);
    }

    @Test
    void asksAProxyForTheWholeAddress() throws Exception {
        answering(ANSWER);

        HttpAnswer answer = fetch(URI.create("http://far.invalid/rules"), 100, proxy());

        assertThat(answer.body()).hasSize(4);
        assertThat(heads.get(0)).startsWith("GET http://far.invalid/rules HTTP/1.1\nHost: far.invalid\n");
    }

    @Test
    void asksAProxyForATunnelToAnHttpsAddress() {
        answering("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> fetch(URI.create("https://far.invalid/rules"), 100, proxy()))
                .withMessage("the proxy returned HTTP status 403");
        assertThat(heads.get(0)).startsWith("CONNECT far.invalid:443 HTTP/1.1\nHost: far.invalid:443\n");
    }

    @Test
    void namesAHostThatCannotBeFound() {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> fetch(URI.create("http://far.invalid/"), 100, null))
                .withMessage("unknown host far.invalid");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://a_host/", "http://127.0.0.1:65536/"})
    void saysWhatIsWrongWithAnAddress(String address) {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> fetch(URI.create(address), 100, null))
                .withMessage("the address has no valid host and port");
    }

    @Test
    void anInterruptEndsARead() throws Exception {
        answering("");
        CompletableFuture<Thread> reader = new CompletableFuture<>();
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        GuardedTasks.execute(
                threads,
                () -> {
                    reader.complete(Thread.currentThread());
                    fetch(here("/"), 100, null);
                },
                failure::complete);

        asked.get(30, TimeUnit.SECONDS);
        reader.get(30, TimeUnit.SECONDS).interrupt();

        assertThat(failure.get(30, TimeUnit.SECONDS)).isInstanceOf(InterruptedIOException.class);
    }

    private URI here(String path) {
        return URI.create("http://127.0.0.1:" + server.getLocalPort() + path);
    }

    private InetSocketAddress proxy() {
        return InetSocketAddress.createUnresolved("127.0.0.1", server.getLocalPort());
    }

    private static HttpAnswer fetch(URI address, int maxBody, InetSocketAddress proxy) throws IOException {
        return HttpFetch.send(
                HttpFetch.Request.get(address),
                HttpFetch.Route.through(proxy),
                Deadline.after(Duration.ofSeconds(50)),
                new HttpFetch.Limits(Duration.ofSeconds(10), maxBody));
    }

    private void answering(String answer) {
        GuardedTasks.execute(
                threads,
                () -> {
                    Socket socket = server.accept();
                    BufferedReader in = new BufferedReader(
                            new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
                    StringBuilder head = new StringBuilder();
                    for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                        head.append(line).append('\n');
                    }
                    heads.add(head.toString());
                    socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
                    asked.complete(null);
                },
                failure -> {});
    }
}
