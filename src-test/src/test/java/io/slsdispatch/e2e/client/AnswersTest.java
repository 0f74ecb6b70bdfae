package io.slsdispatch.e2e.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.PackedBatch;
import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.model.PulledBatch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jpountz.lz4.LZ4Factory;
import org.apache.flink.util.ExceptionUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a client makes of the service's answers, good and bad. */
@Timeout(120)
class AnswersTest {

    private static final byte[] GROUP = {0x1a, 1, 't'};

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({"lz4", "zstd"})
    void arriveDecompressedAsTheirHeaderSays(String compression) throws Exception {
        byte[] data = data(100_000);

        PulledBatch batch = pull(headers(compression, data.length), compressed(compression, data));

        assertThat(batch.length()).isEqualTo(data.length);
        assertThat(batch.data()).startsWith(data);
        assertThat(batch.groups()).isEqualTo(7);
        assertThat(batch.nextCursor()).isEqualTo("MTc=");
        assertThat(batch.endOfShard()).isTrue();
        assertThat(batch.receivedAtSeconds()).isEqualTo(1_700_000_000);
        assertThat(batch.serverTimeSeconds()).isEqualTo(1_700_000_100);
    }

    @Test
    void mayBeEmpty() throws Exception {
        PulledBatch batch = pull(
                Map.of("x-log-requestid", "R", "x-log-count", "0", "x-log-bodyrawsize", "0", "x-log-cursor", "MTY="),
                new byte[0]);

        assertThat(batch.length()).isZero();
        assertThat(batch.groups()).isZero();
        assertThat(batch.nextCursor()).isEqualTo("MTY=");
        assertThat(batch.endOfShard()).isFalse();
        assertThat(batch.receivedAtSeconds()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "x-log-bodyrawsize,  0,          claims to be empty",
        "x-log-bodyrawsize,  999,        not a valid lz4 block",
        "x-log-bodyrawsize,  1001,       1001 bytes",
        "x-log-bodyrawsize,  2000000000, claims 2000000000 bytes",
        "x-log-bodyrawsize,  99999999999, is 99999999999",
        "x-log-bodyrawsize,  -5,         is -5; expected 0",
        "x-log-bodyrawsize,  +1000,      is +1000; expected 0",
        "x-log-bodyrawsize,  many,       many",
        "x-log-compresstype, deflate,    unknown compression 'deflate'",
        "x-log-compresstype, zstd,       not a valid zstd frame",
        "x-log-count,        x,          is 'x'; expected a number",
        "x-log-count,        99999999999, is 99999999999",
        "x-log-count,        '',         is ''; expected a number",
        "x-log-cursor,       '',         no next cursor"
    })
    void areRefusedWhenTheyAreNotWhatTheirHeaderSays(String header, String value, String reason) throws Exception {
        byte[] data = data(1000);
        Map<String, String> headers = new HashMap<>(headers("lz4", data.length));
        headers.put(header, value);

        SlsException failure = failure(200, headers, compressed("lz4", data));

        assertThat(failure.kind()).isEqualTo(ErrorKind.UNAVAILABLE);
        assertThat(failure).hasMessageContaining(reason);
    }

    /** As bodies that cannot be read are: the reader counts both ({@code retry.max-malformed}). */
    @ParameterizedTest
    @CsvSource({
        "x-log-count,       x",
        "x-log-count,       -1",
        "x-log-bodyrawsize, 99999999999",
        "x-log-bodyrawsize, ''",
        "x-log-cursor,      ''"
    })
    void headersThatCannotBeReadAreFoundByWhoeverUnpacks(String header, String value) throws Exception {
        byte[] data = data(1000);
        Map<String, String> headers = new HashMap<>(headers("lz4", data.length));
        for (boolean missing : new boolean[] {false, true}) {
            headers.put(header, value);
            if (missing) {
                headers.remove(header);
            }
            try (StubServer server = StubServer.start(
                            (request, out) -> StubServer.write(out, 200, headers, compressed("lz4", data)));
                    SlsClient client = Clients.to(server, directory)) {
                PackedBatch packed = Clients.get(client.pullPacked(Clients.pull("MTY=")));

                assertThatThrownBy(packed::unpack)
                        .isInstanceOfSatisfying(SlsException.class, failure -> {
                            assertThat(failure.kind()).isEqualTo(ErrorKind.UNAVAILABLE);
                            assertThat(failure.httpStatus()).isEqualTo(200);
                            assertThat(failure.requestId()).isEqualTo("REQUEST-1");
                        })
                        .hasMessageContaining(header);
            }
        }
    }

    @Test
    void anEmptyCursorWithoutGroupsMeansThatItStays() throws Exception {
        PulledBatch batch = pull(
                Map.of("x-log-requestid", "R", "x-log-count", "0", "x-log-bodyrawsize", "0", "x-log-cursor", ""),
                new byte[0]);

        assertThat(batch.nextCursor()).isEqualTo("MTY=");
    }

    @Test
    void aFrameAboveTheLimitIsRefusedAtOnce() throws Exception {
        byte[] frame = compressed("lz4", new byte[70_000_000]);

        SlsException failure = failure(200, headers("lz4", 70_000_000), frame);

        // Not one that is repeated.
        assertThat(failure.kind()).isEqualTo(ErrorKind.TOO_LARGE);
        assertThat(failure).hasMessageContaining("70000000").hasMessageContaining("67108864");
    }

    @Test
    void timesThatMakeNoSenseAreNotKnown() throws Exception {
        byte[] data = data(1000);
        Map<String, String> headers = new HashMap<>(headers("lz4", data.length));
        headers.put("x-log-time", "1700000100000");
        headers.put("x-log-cursor-time", "-7");

        PulledBatch batch = pull(headers, compressed("lz4", data));

        assertThat(batch.serverTimeSeconds()).isZero();
        assertThat(batch.receivedAtSeconds()).isZero();
    }

    @Test
    void theDateCountsWhereTheTimeOfTheServiceIsMissingOrMakesNoSense() throws Exception {
        byte[] data = data(1000);
        for (String time : List.of("", "0", "-1", "1700000100000", "now")) {
            Map<String, String> headers = new HashMap<>(headers("lz4", data.length));
            headers.put("x-log-time", time);
            headers.put("Date", "Tue, 14 Nov 2023 22:15:01 GMT");

            assertThat(pull(headers, compressed("lz4", data)).serverTimeSeconds())
                    .as("x-log-time: %s", time)
                    .isEqualTo(1_700_000_101);
        }
    }

    @Test
    void textsOfOthersAreVisibleAndCut() throws Exception {
        try (StubServer server = StubServer.start((request, out) -> StubServer.write(
                        out,
                        400,
                        Map.of("x-log-requestid", "R".repeat(1000)),
                        ("{\"errorCode\":\"\\u001b[31m" + "C".repeat(1000) + "\",\"errorMessage\":\"a\\u0007b\"}")
                                .getBytes(StandardCharsets.UTF_8)));
                SlsClient client = Clients.to(server, directory)) {
            SlsException failure = Clients.failureOf(client.put(Clients.put(GROUP)));

            assertThat(failure.errorCode()).startsWith("\\u001b[31mCCC").hasSizeLessThan(120);
            assertThat(failure.requestId()).hasSizeLessThan(120);
            assertThat(failure.getMessage()).contains("a\\u0007b");
        }
    }

    @Test
    void thatAreCutShortAreRefused() throws Exception {
        byte[] data = data(1000);
        byte[] body = compressed("lz4", data);
        try (StubServer server = StubServer.start((request, out) -> {
                    Map<String, String> headers = new HashMap<>(headers("lz4", data.length));
                    StringBuilder head = new StringBuilder("HTTP/1.1 200 OK\r\n");
                    headers.forEach((name, value) ->
                            head.append(name).append(": ").append(value).append("\r\n"));
                    head.append("content-length: ").append(body.length).append("\r\n\r\n");
                    out.write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
                    out.write(body, 0, body.length / 2);
                    out.flush();
                    throw new IOException("breaks off");
                });
                SlsClient client = Clients.to(server, directory)) {
            assertThat(Clients.failureOf(client.pull(Clients.pull("MTY="))).kind())
                    .isEqualTo(ErrorKind.UNAVAILABLE);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "403, ShardWriteQuotaExceed, THROTTLED",
        "500, InternalServerError,   UNAVAILABLE",
        "401, Unauthorized,          UNAUTHORIZED",
        "404, LogStoreNotExist,      NOT_FOUND",
        "400, ShardNotExist,         SHARD_NOT_FOUND",
        "400, InvalidCursor,         CURSOR_EXPIRED",
        "400, InvalidSequenceId,     SEQUENCE_REPEATED",
        "413, PostBodyTooLarge,      TOO_LARGE",
        "400, PostBodyInvalid,       INVALID_REQUEST"
    })
    void thatAreErrorsSayWhatTheServiceSaid(int status, String code, ErrorKind kind) throws Exception {
        try (StubServer server = StubServer.start(
                        (request, out) -> StubServer.writeError(out, status, code, "said the service"));
                SlsClient client = Clients.to(server, directory)) {
            SlsException failure = Clients.failureOf(client.put(Clients.put(GROUP)));

            assertThat(failure.kind()).isEqualTo(kind);
            assertThat(failure.httpStatus()).isEqualTo(status);
            assertThat(failure.errorCode()).isEqualTo(code);
            assertThat(failure.requestId()).isEqualTo("REQUEST-1");
            assertThat(failure)
                    .hasMessageContaining("PutLogs on project/store")
                    .hasMessageContaining("said the service");
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void ofAProxyOrLoadBalancerAreAnOutageAndAreNotRepeatedAtLength() throws Exception {
        byte[] page = ("<html>" + "x".repeat(100_000)).getBytes(StandardCharsets.UTF_8);

        for (int status : new int[] {302, 403, 404, 502}) {
            SlsException failure = failure(status, Map.of("location", "http://127.0.0.1:1/"), page);

            assertThat(failure.kind()).isEqualTo(ErrorKind.UNAVAILABLE);
            assertThat(failure.getMessage()).hasSizeLessThan(1000);
        }
    }

    @Test
    void thatRepeatASecretAreClearedOfIt() throws Exception {
        try (StubServer server = StubServer.start((request, out) ->
                        StubServer.writeError(out, 401, "SignatureNotMatch", "expected " + Clients.ACCESS_KEY_SECRET));
                SlsClient client = Clients.to(server, directory)) {
            SlsException failure = Clients.failureOf(client.put(Clients.put(GROUP)));

            assertThat(failure).hasMessageContaining("expected ***");
            assertThat(failure).hasStackTraceContaining("SignatureNotMatch");
            assertThat(ExceptionUtils.stringifyException(failure)).doesNotContain(Clients.ACCESS_KEY_SECRET);
        }
    }

    private PulledBatch pull(Map<String, String> headers, byte[] body) throws Exception {
        try (StubServer server = StubServer.start((request, out) -> StubServer.write(out, 200, headers, body));
                SlsClient client = Clients.to(server, directory)) {
            return Clients.get(client.pull(Clients.pull("MTY=")));
        }
    }

    private SlsException failure(int status, Map<String, String> headers, byte[] body) throws Exception {
        try (StubServer server = StubServer.start((request, out) -> StubServer.write(out, status, headers, body));
                SlsClient client = Clients.to(server, directory)) {
            return Clients.failureOf(client.pull(Clients.pull("MTY=")));
        }
    }

    private static Map<String, String> headers(String compression, int rawSize) {
        return Map.of(
                "x-log-requestid", "REQUEST-1",
                "x-log-count", "7",
                "x-log-bodyrawsize", String.valueOf(rawSize),
                "x-log-compresstype", compression,
                "x-log-cursor", "MTc=",
                "x-log-end-of-cursor", "1",
                "x-log-cursor-time", "1700000000",
                "x-log-time", "1700000100");
    }

    private static byte[] data(int length) {
        byte[] data = new byte[length];
        new Random(1).nextBytes(data);
        Arrays.fill(data, length / 2, length, (byte) 1);
        return data;
    }

    private static byte[] compressed(String compression, byte[] data) {
        return compression.equals("lz4")
                ? LZ4Factory.fastestInstance().fastCompressor().compress(data)
                : Zstd.compress(data);
    }
}
