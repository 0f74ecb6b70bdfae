package io.slsdispatch.e2e.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.client.SlsException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Answers that never end, in whatever part: each call ends with a clear error, within some memory. */
@Timeout(120)
class EndlessAnswersTest {

    private static final String OK = "HTTP/1.1 200 OK\r\nx-log-requestid: R\r\n";

    @TempDir
    private Path directory;

    /** How an answer begins, and what then comes again and again. */
    enum Endless {
        STATUS_LINE("HTTP/1.1 200 ", "O"),
        HEADER("HTTP/1.1 200 OK\r\nx-log-a: ", "a"),
        HEADERS("HTTP/1.1 200 OK\r\n", "x-log-a: b\r\n"),
        INFORMATIONAL("", "HTTP/1.1 100 Continue\r\n\r\n"),
        EARLY_HINTS("", "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n"),
        CHUNK_SIZE(OK + "transfer-encoding: chunked\r\n\r\n", "0"),
        CHUNK_EXTENSION(OK + "transfer-encoding: chunked\r\n\r\n1;", "a"),
        CHUNK_EXTENSIONS(OK + "transfer-encoding: chunked\r\n\r\n", "1;" + "a".repeat(1000) + "\r\nx\r\n"),
        TRAILER(OK + "transfer-encoding: chunked\r\n\r\n0\r\nx-a: ", "a"),
        TRAILERS(OK + "transfer-encoding: chunked\r\n\r\n0\r\n", "x-a: b\r\n"),
        BODY_WITHOUT_LENGTH(OK + "connection: close\r\n\r\n", "[");

        private final String begin;
        private final String again;

        Endless(String begin, String again) {
            this.begin = begin;
            this.again = again;
        }
    }

    @ParameterizedTest
    @EnumSource
    void endWithAnError(Endless endless) throws Exception {
        byte[] part = endless.again.repeat(1 + 100_000 / endless.again.length()).getBytes(ISO_8859_1);
        try (StubServer server = StubServer.start((request, out) -> {
                    out.write(endless.begin.getBytes(ISO_8859_1));
                    while (true) {
                        out.write(part);
                    }
                });
                SlsClient client = Clients.to(server, directory)) {
            assertEnds(client.pull(Clients.pull("MTY=")));
            assertEnds(client.put(Clients.put(new byte[] {0x1a, 1, 't'})));
            assertEnds(CompletableFuture.supplyAsync(() -> {
                try {
                    return client.listShards(Clients.LOGSTORE);
                } catch (SlsException e) {
                    throw new java.util.concurrent.CompletionException(e);
                }
            }));
        }
    }

    private static void assertEnds(CompletableFuture<?> call) throws Exception {
        SlsException failure = Clients.failureOf(call);

        assertThat(failure.kind()).isIn(ErrorKind.UNAVAILABLE, ErrorKind.TOO_LARGE);
        // By a limit, not by time.
        assertThat(failure.errorCode()).isNotEqualTo("TimedOut");
        assertThat(failure.getMessage()).hasSizeLessThan(1200);
    }
}
