package io.slsdispatch.connector.client.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.slsdispatch.connector.client.http.Deadline;
import io.slsdispatch.connector.config.CredentialsConfig;
import io.slsdispatch.connector.task.GuardedTasks;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against answers byte by byte, as no HTTP library would send them. */
@Timeout(60)
class UriFetchTest {

    private static final String OK = "HTTP/1.1 200 OK\r\n";
    private static final String JSON = "{\"AccessKeyId\":\"id-1\",\"AccessKeySecret\":\"s\"}";
    private static final Credentials EXPECTED = Credentials.lasting("id-1", "s");

    private final ScheduledExecutorService threads =
            Executors.newScheduledThreadPool(2, GuardedTasks.threads("uri fetch test"));
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
    void givesUpAHeadThatDripsWithoutAnEnd() {
        assertThatExceptionOfType(NoCredentialsException.class)
                .isThrownBy(dripping(OK + "X-Slow: ", Duration.ofSeconds(1))::current)
                .withMessageContaining("the response was not complete within 1 s");
    }

    @Test
    void givesUpABodyThatDripsWithoutAnEnd() {
        assertThatExceptionOfType(NoCredentialsException.class)
                .isThrownBy(dripping(OK + "Content-Length: 60000\r\n\r\n", Duration.ofSeconds(1))::current)
                .withMessageContaining("the response was not complete within 1 s");
    }

    @Test
    void givesUpATlsHandshakeThatNeverComesToAnEnd() {
        // The begin of a record that is never whole.
        CredentialsSource fetch = fetch("https", drip("\u0016\u0003\u0003@\u0000"), Duration.ofSeconds(1));

        assertThatExceptionOfType(NoCredentialsException.class)
                .isThrownBy(fetch::current)
                .withMessageContaining("not complete within 1 s");
    }

    @Test
    void givesUpAHeadThatIsTooLong() {
        CredentialsSource fetch = fetch(OK + "X-Long: " + "a".repeat(1 << 20));

        assertThatExceptionOfType(NoCredentialsException.class)
                .isThrownBy(fetch::current)
                .withMessageContaining("head of the response is longer than 65536 bytes");
    }

    @Test
    void givesUpABodyThatIsTooLong() {
        CredentialsSource fetch = fetch(OK + "\r\n" + " ".repeat(1 << 20) + JSON);

        assertThatExceptionOfType(NoCredentialsException.class)
                .isThrownBy(fetch::current)
                .withMessageContaining("longer than 65536 bytes");
    }

    @Test
    void readsAnAnswerWithALength() throws Exception {
        assertThat(fetch(OK + "content-length: " + JSON.length() + "\r\n\r\n" + JSON + "and more")
                        .current())
                .isEqualTo(EXPECTED);
    }

    @Test
    void readsAnAnswerInChunks() throws Exception {
        String chunks = "5;name=value\r\n" + JSON.substring(0, 5) + "\r\n" + Integer.toHexString(JSON.length() - 5)
                + "\r\n" + JSON.substring(5) + "\r\n0\r\n\r\n";

        assertThat(fetch(OK + "Transfer-Encoding: chunked\r\n\r\n" + chunks).current())
                .isEqualTo(EXPECTED);
    }

    @Test
    void readsJsonWithoutALengthSinceItShowsItsEnd() throws Exception {
        assertThat(fetch("HTTP/1.0 200 OK\r\n\r\n" + JSON).current()).isEqualTo(EXPECTED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\n\r\naccess-key-id=id-1\naccess-key-secret=first-half-of-a-se",
                "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\naccess-key-id=id-1\naccess-key-secret=s",
                "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n{}",
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n29\r\naccess-key-id=id-1\naccess-key-secret=s",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffff\r\n{}",
                "HTTP/1.1 200 OK\r\nContent-Le",
                "HTTP/1.1 301 Moved\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n",
                "{\"AccessKeyId\":\"id-1\",\"AccessKeySecret\":\"s\"}\n",
                ""
            })
    void refusesWhatIsNoWholeAnswer(String answer) {
        assertThatExceptionOfType(NoCredentialsException.class)
                .isThrownBy(fetch(answer)::current)
                .withMessageStartingWith("credentials from address http://127.0.0.1:");
    }

    private CredentialsSource fetch(String answer) {
        return fetch("http", out -> out.write(answer.getBytes(StandardCharsets.ISO_8859_1)), Duration.ofSeconds(30));
    }

    private CredentialsSource dripping(String begin, Duration limit) {
        return fetch("http", drip(begin), limit);
    }

    private Peer drip(String begin) {
        return out -> {
            out.write(begin.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
            AtomicReference<GuardedTasks.Scheduled> ends = new AtomicReference<>();
            ends.set(GuardedTasks.repeat(
                    threads,
                    Duration.ZERO,
                    Duration.ofMillis(20),
                    () -> {
                        out.write('a');
                        out.flush();
                    },
                    failure -> ends.get().cancel()));
        };
    }

    private CredentialsSource fetch(String scheme, Peer peer, Duration limit) {
        GuardedTasks.execute(
                threads,
                () -> {
                    Socket socket = server.accept();
                    if (scheme.equals("http")) {
                        readRequest(socket);
                    }
                    peer.answer(socket.getOutputStream());
                    if (limit.toSeconds() > 1) {
                        socket.shutdownOutput();
                    }
                },
                failure -> {});
        CredentialsConfig.Uri address =
                new CredentialsConfig.Uri(URI.create(scheme + "://127.0.0.1:" + server.getLocalPort() + "/role"));
        UriFetch fetch = new UriFetch(address, address.toString(), Clock.systemUTC());
        return () -> fetch.fetch(Deadline.after(limit));
    }

    private static void readRequest(Socket socket) throws IOException {
        BufferedReader request =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
        String line = request.readLine();
        while (line != null && !line.isEmpty()) {
            line = request.readLine();
        }
    }

    private interface Peer {
        void answer(OutputStream out) throws Exception;
    }
}
