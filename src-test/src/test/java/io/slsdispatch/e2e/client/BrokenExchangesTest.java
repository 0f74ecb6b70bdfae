package io.slsdispatch.e2e.client;

import static io.slsdispatch.e2e.client.Clients.await;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.model.PulledBatch;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import net.jpountz.lz4.LZ4Factory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections that break, are kept, closed, or carry what does not belong there: what a put or pull makes of them. */
@Timeout(120)
class BrokenExchangesTest {

    private static final byte[] GROUP = {0x1a, 1, 't'};
    private static final String OK = "HTTP/1.1 200 OK\r\nx-log-requestid: R\r\n";
    private static final String DONE = OK + "content-length: 0\r\n\r\n";

    @TempDir
    private Path directory;

    @Test
    void oneConnectionCarriesOneRequestAfterTheOther() throws Exception {
        AtomicInteger most = new AtomicInteger();
        try (StubServer server = StubServer.start((request, out) -> write(out, DONE));
                SlsClient client = Clients.to(server, directory)) {
            for (int i = 0; i < 20; i++) {
                Clients.get(client.put(Clients.put(GROUP)));
                most.accumulateAndGet(server.connections(), Math::max);
            }

            assertThat(most).hasValue(1);
        }
    }

    @Test
    void aConnectionThatTheServerClosesIsNotUsedAgainAndNoPutIsSentTwice() throws Exception {
        try (StubServer server = StubServer.start((request, out) -> {
                    write(out, DONE);
                    throw new IOException("closes the connection");
                });
                SlsClient client = Clients.to(server, directory)) {
            int written = 0;
            for (int i = 0; i < 50; i++) {
                // Unless the end of the connection is seen in time, the put fails; it is never repeated unseen.
                written += succeeds(client.put(Clients.put(new byte[] {0x1a, 1, (byte) i}))) ? 1 : 0;
            }

            assertThat(written).isPositive();
            assertThat(server.requests()).hasSizeGreaterThanOrEqualTo(written);
            assertThat(server.requests().stream().map(request -> Arrays.hashCode(request.body())))
                    .doesNotHaveDuplicates();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"connection: close\r\n", "Connection: Close\r\n"})
    void aConnectionThatIsToBeClosedIsNotKept(String header) throws Exception {
        try (StubServer server =
                        StubServer.start((request, out) -> write(out, OK + header + "content-length: 0\r\n\r\n"));
                SlsClient client = Clients.to(server, directory)) {
            for (int i = 0; i < 3; i++) {
                Clients.get(client.put(Clients.put(GROUP)));
                await().untilAsserted(() -> assertThat(server.connections()).isZero());
            }
        }
    }

    @Test
    void anAnswerThatIsLongerThanItSaysDoesNotBecomeTheNextAnswer() throws Exception {
        byte[] data = new byte[1000];
        byte[] body = lz4(data);
        try (StubServer server = StubServer.start((request, out) -> {
                    if (request.line().startsWith("POST")) {
                        write(out, DONE + DONE);
                    } else {
                        write(out, head(data.length, body.length - 3));
                        out.write(body);
                        out.flush();
                    }
                });
                SlsClient client = Clients.to(server, directory)) {
            Clients.get(client.put(Clients.put(GROUP)));
            await().untilAsserted(() -> assertThat(server.connections()).isZero());

            assertThat(failure(client.pull(Clients.pull("MTY=")))).isEqualTo(ErrorKind.UNAVAILABLE);
            await().untilAsserted(() -> assertThat(server.connections()).isZero());
        }
    }

    @Test
    void whatComesUnaskedClosesTheConnection() throws Exception {
        try (StubServer server = StubServer.start((request, out) -> {
                    write(out, DONE);
                    write(out, DONE);
                });
                SlsClient client = Clients.to(server, directory)) {
            for (int i = 0; i < 20; i++) {
                Clients.get(client.put(Clients.put(GROUP)));
                await().untilAsserted(() -> assertThat(server.connections()).isZero());
            }
            assertThat(server.requests()).hasSize(20);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "HTTP/1.1 200",
                "HTTP/1.1 200 OK\r\nx-log-req",
                OK + "content-length: 10\r\n\r\n12345",
                OK + "transfer-encoding: chunked\r\n\r\n5\r\n12345\r\n",
                "nonsense, no HTTP at all\r\n\r\n"
            })
    void halfAnAnswerIsNoAcknowledgement(String half) throws Exception {
        try (StubServer server = StubServer.start((request, out) -> {
                    write(out, half);
                    throw new IOException("breaks off");
                });
                SlsClient client = Clients.to(server, directory)) {
            assertThat(failure(client.put(Clients.put(GROUP)))).isEqualTo(ErrorKind.UNAVAILABLE);
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void anAnswerThatNobodyButTheServiceWouldGiveIsNeededToAcknowledge() throws Exception {
        try (StubServer server = StubServer.start((request, out) -> StubServer.write(
                        out, 200, Map.of("content-type", "text/html"), "<html>Welcome".getBytes(UTF_8)));
                SlsClient client = Clients.to(server, directory)) {
            SlsException failure = Clients.failureOf(client.put(Clients.put(GROUP)));

            assertThat(failure.kind()).isEqualTo(ErrorKind.UNAVAILABLE);
            assertThat(failure).hasMessageContaining("no request id");
        }
    }

    @Test
    void answersInPiecesAreRead() throws Exception {
        byte[] data = new byte[100_000];
        byte[] body = lz4(data);
        try (StubServer server = StubServer.start((request, out) -> {
                    write(out, "HTTP/1.1 100 Continue\r\n\r\n");
                    write(out, head(data.length, -1) + "transfer-encoding: chunked\r\n\r\n");
                    for (byte one : body) {
                        write(out, "1\r\n" + (char) (one & 0xff) + "\r\n");
                    }
                    write(out, "0\r\n\r\n");
                });
                SlsClient client = Clients.to(server, directory)) {
            PulledBatch batch = Clients.get(client.pull(Clients.pull("MTY=")));

            assertThat(batch.length()).isEqualTo(data.length);
            assertThat(batch.data()).startsWith(data);
        }
    }

    @Test
    void ofAnErrorAsLongAsAFilmOnlyTheBeginningIsRead() throws Exception {
        try (StubServer server = StubServer.start((request, out) -> {
                    write(out, "HTTP/1.1 500 Failed\r\nx-log-requestid: R\r\ncontent-length: 10000000000\r\n\r\n");
                    while (true) {
                        out.write(new byte[10_000]);
                    }
                });
                SlsClient client = Clients.to(server, directory)) {
            SlsException failure = Clients.failureOf(client.pull(Clients.pull("MTY=")));

            assertThat(failure.kind()).isEqualTo(ErrorKind.UNAVAILABLE);
            assertThat(failure.httpStatus()).isEqualTo(500);
            assertThat(failure.getMessage()).hasSizeLessThan(1000);
            await().untilAsserted(() -> assertThat(server.connections()).isZero());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"content-length: 100000000\r\n\r\n", "transfer-encoding: chunked\r\n\r\n5F5E100\r\n"})
    void anAnswerLargerThanAnyOfTheServiceIsRefusedAtOnce(String length) throws Exception {
        try (StubServer server = StubServer.start((request, out) -> {
                    write(out, OK + length);
                    while (true) {
                        out.write(new byte[100_000]);
                    }
                });
                SlsClient client = Clients.to(server, directory)) {
            SlsException failure = Clients.failureOf(client.pull(Clients.pull("MTY=")));

            assertThat(failure.kind()).isEqualTo(ErrorKind.TOO_LARGE);
            assertThat(failure).hasMessageContaining("67108864");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"content-length: 100000000\r\n\r\n", "transfer-encoding: chunked\r\n\r\n5F5E100\r\n"})
    void aPageLargerThanAnyAnswerOfTheServiceIsAnOutage(String length) throws Exception {
        try (StubServer server = StubServer.start((request, out) -> {
                    write(out, "HTTP/1.1 200 OK\r\n" + length);
                    while (true) {
                        out.write(new byte[100_000]);
                    }
                });
                SlsClient client = Clients.to(server, directory)) {
            assertThat(failure(client.pull(Clients.pull("MTY=")))).isEqualTo(ErrorKind.UNAVAILABLE);
            assertThat(failure(client.put(Clients.put(GROUP)))).isEqualTo(ErrorKind.UNAVAILABLE);
        }
    }

    @Test
    void aServerThatReadsNothingHoldsUpNobodyElse() throws Exception {
        byte[] large = new byte[9_000_000];
        new Random(1).nextBytes(large);
        try (ServerSocket deaf = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                StubServer server = StubServer.start((request, out) -> write(out, DONE));
                SlsClient client = Clients.to(server, directory)) {
            CompletableFuture<Void> waits;
            try (SlsClient stuck =
                    Clients.create(Clients.connection("http://127.0.0.1:" + deaf.getLocalPort(), directory)
                            .build())) {
                waits = stuck.put(Clients.put(large));

                for (int i = 0; i < 10; i++) {
                    Clients.get(client.put(Clients.put(GROUP)));
                }

                assertThat(waits).isNotDone();
            }
            assertThat(failure(waits)).isEqualTo(ErrorKind.UNAVAILABLE);
        }
    }

    @Test
    void nobodyListening() throws Exception {
        // A port that is taken, so that nobody else begins to listen there.
        try (Socket taken = new Socket()) {
            taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            assertThatNobodyAnswers(taken.getLocalPort());
        }
    }

    private void assertThatNobodyAnswers(int port) throws Exception {
        try (SlsClient client = Clients.create(
                Clients.connection("http://127.0.0.1:" + port, directory).build())) {
            SlsException failure = Clients.failureOf(client.put(Clients.put(GROUP)));

            assertThat(failure.kind()).isEqualTo(ErrorKind.UNAVAILABLE);
            assertThat(failure).hasMessageContaining("cannot connect").hasMessageContaining("127.0.0.1:" + port);
        }
    }

    @Test
    void aHostThatIsUnknown() throws Exception {
        try (SlsClient client = Clients.create(
                Clients.connection("http://no-such-host.invalid", directory).build())) {
            SlsException failure = Clients.failureOf(client.pull(Clients.pull("MTY=")));

            assertThat(failure.kind()).isEqualTo(ErrorKind.UNAVAILABLE);
            assertThat(failure).hasMessageContaining("project.no-such-host.invalid");
        }
    }

    private static boolean succeeds(CompletableFuture<Void> put) throws Exception {
        try {
            put.get(60, TimeUnit.SECONDS);
            return true;
        } catch (ExecutionException e) {
            assertThat(e.getCause()).isInstanceOfSatisfying(SlsException.class, failure -> assertThat(failure.kind())
                    .isEqualTo(ErrorKind.UNAVAILABLE));
            return false;
        }
    }

    private static ErrorKind failure(CompletableFuture<?> future) throws Exception {
        return Clients.failureOf(future).kind();
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(ISO_8859_1));
        out.flush();
    }

    private static byte[] lz4(byte[] data) {
        return LZ4Factory.fastestInstance().fastCompressor().compress(data);
    }

    /** Of an answer to a pull; without its end when the length is negative. */
    private static String head(int rawSize, int length) {
        return String.join(
                        "\r\n",
                        List.of(
                                "HTTP/1.1 200 OK",
                                "x-log-requestid: R",
                                "x-log-count: 7",
                                "x-log-bodyrawsize: " + rawSize,
                                "x-log-compresstype: lz4",
                                "x-log-cursor: MTc="))
                + "\r\n"
                + (length < 0 ? "" : "content-length: " + length + "\r\n\r\n");
    }
}
