package io.slsdispatch.local;

import static io.slsdispatch.local.Groups.group;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import io.slsdispatch.local.ledger.GroupDigest;
import io.slsdispatch.local.ledger.LedgerEntry;
import io.slsdispatch.local.wire.Compression;
import io.slsdispatch.local.wire.Cursors;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.Deflater;
import net.jpountz.lz4.LZ4Factory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The wire itself: what the service's pages and the sources of its clients say about requests and answers, beyond what an
 * SDK shows. Signatures are tested elsewhere and not checked here.
 */
class ProtocolTest {

    private static final String PROJECT = "wire-project";
    private static final String LAST_KEY = "f".repeat(32);
    private static final AtomicInteger STORES = new AtomicInteger();

    private static SlsLocal server;
    private static Wire wire;

    private String store = "";
    private String path = "";

    @BeforeAll
    static void start() throws IOException {
        server = SlsLocal.start(
                SlsLocalOptions.builder().verifySignatures(false).threads(1).build());
        server.createProject(PROJECT);
        wire = new Wire(server, PROJECT);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void makeLogstore() {
        store = "store-" + STORES.incrementAndGet();
        path = "/logstores/" + store;
        server.createLogstore(PROJECT, store, 2);
    }

    private Wire.Answer pull(int shard, String cursor, Map<String, String> headers) throws IOException {
        return wire.send(
                "GET", path + "/shards/" + shard + "?type=log&count=1000&cursor=" + cursor, headers, new byte[0]);
    }

    private String cursor(int shard, String from) throws IOException {
        return wire.get(path + "/shards/" + shard + "?type=cursor&from=" + from)
                .text()
                .replaceAll(".*\"cursor\":\"(.*?)\".*", "$1");
    }

    private Wire.Answer putTo(String target, byte[] body, String... headers) throws IOException {
        Map<String, String> all = headers("x-log-bodyrawsize", "" + body.length);
        all.putAll(headers(headers));
        return wire.send("POST", target, all, body);
    }

    private static Map<String, String> headers(String... headers) {
        Map<String, String> all = new HashMap<>(Map.of("Content-Type", "application/x-protobuf"));
        for (int i = 0; i < headers.length; i += 2) {
            all.put(headers[i], headers[i + 1]);
        }
        return all;
    }

    // Addressing

    @Test
    void findsTheProjectInTheHeaderElseInTheAbsoluteTargetElseInTheHost() throws IOException {
        Map<String, String> elsewhere = Map.of("Host", "no-project.sls.test");
        assertThat(wire.send("GET", path, elsewhere, new byte[0]).result()).isEqualTo("404 ProjectNotExist");
        assertThat(wire.send("GET", "http://" + PROJECT + ".any.name:80" + path, elsewhere, new byte[0])
                        .status())
                .isEqualTo(200);
        assertThat(wire.send("GET", path, Map.of("Host", PROJECT.toUpperCase(Locale.ROOT) + ".x"), new byte[0])
                        .status())
                .isEqualTo(200);
        assertThat(wire.send(
                                "GET",
                                "http://no-project.any.name" + path,
                                Map.of("Host", "127.0.0.1:" + server.port(), "x-log-project", PROJECT),
                                new byte[0])
                        .status())
                .isEqualTo(200);
        assertThat(wire.send("GET", path, Map.of("Host", "127.0.0.1:" + server.port()), new byte[0])
                        .result())
                .isEqualTo("404 ProjectNotExist");
    }

    @Test
    void keepsAConnectionAliveAndAnswersInOrder() throws IOException {
        try (Socket socket = wire.open("GET", path, Map.of(), new byte[0])) {
            String next = "GET " + path + "/shards HTTP/1.1\r\nHost: " + PROJECT + ".x\r\n\r\n";
            socket.getOutputStream().write((next + next).getBytes(StandardCharsets.US_ASCII));
            assertThat(Wire.read(socket).text()).contains("\"logstoreName\":\"" + store + "\"");
            assertThat(Wire.read(socket).text()).contains("\"shardID\":0");
            assertThat(Wire.read(socket).text()).contains("\"shardID\":0");
        }
    }

    // Answers

    @ParameterizedTest
    @ValueSource(
            strings = {"/shards", "/shards/0?type=cursor&from=begin", "/shards/99?type=cursor&from=begin", "/nothing"})
    void sendsHeaderNamesInLowerCaseAndARequestIdWithEverything(String what) throws IOException {
        Wire.Answer answer = wire.get(path + what);
        assertThat(answer.headers().keySet()).allMatch(name -> name.equals(name.toLowerCase(Locale.ROOT)));
        assertThat(answer.header("x-log-requestid")).matches("[0-9A-F]{24}");
        assertThat(answer.header("x-log-time")).matches("\\d{10}");
        assertThat(answer.header("server")).isEqualTo("AliyunSLS");
        assertThat(answer.header("content-type")).isEqualTo("application/json");
        assertThat(answer.headers()).doesNotContainKeys("content-encoding", "transfer-encoding");
    }

    @Test
    void answersEveryWriteWithStatus200AndNothingElse() throws IOException {
        String groups = path + "/consumergroups";
        for (Wire.Answer answer : List.of(
                putTo(path + "/shards/lb", group("t", "x")),
                wire.post("/logstores", "{\"logstoreName\": \"made-" + store + "\", \"ttl\": 1, \"shardCount\": 1}"),
                wire.put("/logstores/made-" + store, "{\"ttl\": 2}"),
                wire.delete("/logstores/made-" + store),
                wire.post(groups, "{\"consumerGroup\": \"g\", \"timeout\": 9, \"order\": false}"),
                wire.put(groups + "/g", "{\"order\": true}"),
                wire.post(
                        groups + "/g?type=checkpoint&consumer=&forceSuccess=True",
                        "{\"shard\": 0, \"checkpoint\": \"MTY=\"}"),
                wire.delete(groups + "/g"))) {
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body()).isEmpty();
            assertThat(answer.header("content-length")).isEqualTo("0");
            assertThat(answer.headers()).as("what it announces").doesNotContainKey("content-type");
        }
    }

    @Test
    void anErrorIsJsonWithCodeAndMessage() throws IOException {
        assertThat(wire.get("/logstores/no-store").text())
                .isEqualTo(
                        "{\"errorCode\":\"LogStoreNotExist\",\"errorMessage\":\"logstore no-store does not exist\"}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            GET    | /                                        |                                    | 200
            GET    | /?offset=0&size=10                       |                                    | 200
            GET    | /?offset=&size=                          |                                    | 200
            GET    | /?offset=x&size=10                       |                                    | 400 ParameterInvalid
            GET    | /?offset=-1                              |                                    | 400 ParameterInvalid
            POST   | /                                        | {"projectName":"A"}                | 400 ParameterInvalid
            POST   | /                                        | {"projectName":"wire-project","description":""} | 400 ProjectAlreadyExist
            POST   | /                                        | nothing                            | 400 PostBodyInvalid
            POST   | /logstores                               | {"logstoreName":"Not Valid"}       | 400 LogStoreInfoInvalid
            POST   | /logstores                               | {"logstoreName":"ab","ttl":0}      | 400 LogStoreInfoInvalid
            POST   | /logstores                               | {"logstoreName":"ab","ttl":"x"}    | 400 LogStoreInfoInvalid
            POST   | /logstores                               | {"logstoreName":"ab","shardCount":0} | 400 LogStoreInfoInvalid
            POST   | /logstores                               | {"ttl":1}                          | 400 PostBodyInvalid
            POST   | /logstores                               | {"logstoreName":"STORE","ttl":1,"shardCount":1} | 400 LogStoreAlreadyExist
            GET    | /logstores?offset=0&size=500             |                                    | 200
            GET    | /logstores?logstoreName=&offset=&size=   |                                    | 200
            GET    | /logstores/no-store                      |                                    | 404 LogStoreNotExist
            PUT    | /logstores/no-store                      | {"ttl":1}                          | 404 LogStoreNotExist
            PUT    | /logstores/STORE                         | {"ttl":-1}                         | 400 LogStoreInfoInvalid
            DELETE | /logstores/no-store                      |                                    | 404 LogStoreNotExist
            GET    | /logstores/no-store/shards               |                                    | 404 LogStoreNotExist
            POST   | /logstores/STORE/shards/9?action=split   |                                    | 400 ShardNotExist
            POST   | /logstores/STORE/shards/0?action=split&key=00 |                               | 400 ParameterInvalid
            POST   | /logstores/STORE/shards/0?action=split&key=00000000000000000000000000000000 | | 400 ParameterInvalid
            POST   | /logstores/STORE/shards/0?action=split&key=80000000000000000000000000000000 | | 400 ParameterInvalid
            POST   | /logstores/STORE/shards/0?action=split&shardCount=1 |                         | 400 ParameterInvalid
            POST   | /logstores/STORE/shards/1?action=merge   |                                    | 400 ParameterInvalid
            POST   | /logstores/STORE/shards/x?action=merge   |                                    | 400 ParameterInvalid
            GET    | /logstores/STORE/shards/9?type=cursor&from=begin |                            | 400 ShardNotExist
            GET    | /logstores/STORE/shards/0?type=cursor    |                                    | 400 ParameterInvalid
            GET    | /logstores/STORE/shards/0?type=cursor&from=-5 |                               | 400 ParameterInvalid
            GET    | /logstores/STORE/shards/0?type=cursor&from=soon |                             | 400 ParameterInvalid
            GET    | /logstores/STORE/shards/0?type=cursor_time&cursor=MTY%3D |                    | 400 InvalidCursor
            GET    | /logstores/STORE/shards/0?type=cursor_time&cursor=%25 |                       | 400 ParameterInvalid
            GET    | /logstores/STORE/shards/9?type=log&cursor=MTY%3D&count=1 |                    | 400 ShardNotExist
            GET    | /logstores/STORE/shards/0?type=log&cursor=MTY%3D&count=1 |                    | 400 InvalidCursor
            GET    | /logstores/STORE/shards/0?type=log&cursor=OTIyMzM3MjAzNjg1NDc3NTgwNw%3D%3D&count=1 | | 400 InvalidCursor
            GET    | /logstores/STORE/shards/0?type=log&cursor=OTk5OTk5OTk5OTk5OTk5OTk5OTk%3D&count=1 | | 400 ParameterInvalid
            GET    | /logstores/STORE/shards/0?type=log&cursor=abc%21&count=1 |                    | 400 ParameterInvalid
            GET    | /logstores/STORE/shards/0?type=log&count=1 |                                  | 400 ParameterInvalid
            GET    | /logstores/STORE/shards/0?type=log&cursor=MTY%3D |                            | 400 ParameterInvalid
            GET    | /logstores/STORE/shards/0?type=log&cursor=MTY%3D&count=0 |                    | 400 ParameterInvalid
            GET    | /logstores/STORE/shards/0?type=log&cursor=MTY%3D&count=1001 |                 | 400 ParameterInvalid
            GET    | /logstores/STORE/shards/0?type=log&cursor=MTY%3D&count=many |                 | 400 ParameterInvalid
            GET    | /logstores/STORE/shards/0?type=log&cursor=MTY%3D&count= |                     | 400 ParameterInvalid
            GET    | /logstores/STORE/consumergroups          |                                    | 200
            POST   | /logstores/STORE/consumergroups          | {"consumerGroup":"a b","timeout":9,"order":false} | 400 ParameterInvalid
            POST   | /logstores/STORE/consumergroups          | {"consumerGroup":"g","timeout":0,"order":false} | 400 ParameterInvalid
            POST   | /logstores/STORE/consumergroups          | {"timeout":9}                      | 400 PostBodyInvalid
            PUT    | /logstores/STORE/consumergroups/none     | {"timeout":9}                      | 404 ConsumerGroupNotExist
            DELETE | /logstores/STORE/consumergroups/none     |                                    | 404 ConsumerGroupNotExist
            GET    | /logstores/STORE/consumergroups/none     |                                    | 404 ConsumerGroupNotExist
            POST   | /logstores/STORE/consumergroups/none?type=heartbeat&consumer=c | []           | 404 ConsumerGroupNotExist
            POST   | /logstores/STORE/consumergroups/none?type=checkpoint&consumer=c | {"shard":0,"checkpoint":""} | 404 ConsumerGroupNotExist
            POST   | /logstores/STORE/unknown                 |                                    | 400 NotSupported
            PATCH  | /logstores/STORE                         |                                    | 400 NotSupported
            """)
    void answersWithTheServicesStatusAndCode(String verb, String target, String body, String result)
            throws IOException {
        String text = body == null ? "" : body.replace("STORE", store);
        assertThat(wire.send(
                                verb,
                                target.replace("STORE", store),
                                Map.of("Content-Type", "application/json"),
                                text.getBytes(StandardCharsets.UTF_8))
                        .result())
                .isEqualTo(result);
    }

    // PutLogs

    private static byte[] compressed(byte[] raw, String type) {
        return switch (type) {
            case "lz4" -> LZ4Factory.fastestInstance().fastCompressor().compress(raw);
            case "zstd" -> Zstd.compress(raw);
            case "deflate" -> {
                Deflater deflater = new Deflater();
                deflater.setInput(raw);
                deflater.finish();
                byte[] out = new byte[raw.length + 100];
                byte[] body = Arrays.copyOf(out, deflater.deflate(out));
                yield Arrays.copyOf(out, body.length);
            }
            default -> raw;
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"lz4", "zstd", "deflate", ""})
    void takesEveryCompressionAndRefusesWhatIsNotThatOrNotOfThatSize(String type) throws IOException {
        byte[] raw = group("t", "some text, some text, some text");
        byte[] body = compressed(raw, type);
        String size = Integer.toString(raw.length);
        String lb = path + "/shards/lb";
        assertThat(putTo(lb, body, "x-log-compresstype", type, "x-log-bodyrawsize", size)
                        .status())
                .isEqualTo(200);
        String wrongSize = type.isEmpty() ? "400 InvalidBodyRawSize" : "400 PostBodyUncompressError";
        for (int wrong : new int[] {raw.length + 1, raw.length - 1, 0}) {
            assertThat(putTo(lb, body, "x-log-compresstype", type, "x-log-bodyrawsize", "" + wrong)
                            .result())
                    .isEqualTo(wrongSize);
        }
        if (!type.isEmpty()) {
            assertThat(putTo(lb, new byte[] {9, 9, 9}, "x-log-compresstype", type, "x-log-bodyrawsize", size)
                            .result())
                    .isEqualTo("400 PostBodyUncompressError");
            assertThat(putTo(lb, body, "x-log-compresstype", type, "x-log-bodyrawsize", "")
                            .result())
                    .isEqualTo("400 MissingBodyRawSize");
        }
    }

    @Test
    void refusesPutsThatAreNotWhatTheyShouldBe() throws IOException {
        byte[] group = group("t", "x");
        String lb = path + "/shards/lb";
        assertThat(putTo(lb, group, "Content-Type", "").result()).isEqualTo("400 MissingContentType");
        assertThat(putTo(lb, group, "Content-Type", "text/plain").result()).isEqualTo("400 InvalidContentType");
        assertThat(putTo(lb, group, "x-log-compresstype", "gzip").result()).isEqualTo("400 InvalidCompressType");
        assertThat(putTo(lb, group, "x-log-bodyrawsize", "much").result()).isEqualTo("400 InvalidBodyRawSize");
        assertThat(putTo(lb, group, "x-log-bodyrawsize", "-1").result()).isEqualTo("400 InvalidBodyRawSize");
        assertThat(putTo(lb, Arrays.copyOf(group, group.length - 1)).result()).isEqualTo("400 PostBodyInvalid");
        assertThat(putTo("/logstores/no-store/shards/lb", group).result()).isEqualTo("404 LogStoreNotExist");
        assertThat(putTo(path + "/shards/route", group).result()).isEqualTo("400 ParameterInvalid");
        for (String key : List.of("", "0x", "g".repeat(32), "0".repeat(33))) {
            assertThat(putTo(path + "/shards/route?key=" + key, group).result()).isEqualTo("400 ParameterInvalid");
        }
        assertThat(putTo(path + "/shards/route?key=" + LAST_KEY + "&seqid=one", group)
                        .result())
                .isEqualTo("400 ParameterInvalid");
        assertThat(server.ledger(PROJECT, store).entries()).isExhausted();
    }

    @Test
    void takesTenMebibytesAndNotMore() throws IOException {
        int limit = 10 * 1024 * 1024;
        byte[] largest = Groups.groupOfSize("t", limit - 100);
        byte[] exact = Groups.groupOfSize("t", limit - 100 + limit - largest.length);
        assertThat(exact).hasSize(limit);
        byte[] tooLarge = Groups.groupOfSize("t", limit - 100 + limit - largest.length + 1);
        String lb = path + "/shards/lb";
        String type = "x-log-compresstype";
        assertThat(putTo(lb, compressed(exact, "lz4"), type, "lz4", "x-log-bodyrawsize", "" + limit)
                        .status())
                .isEqualTo(200);
        Wire.Answer refused =
                putTo(lb, compressed(tooLarge, "lz4"), type, "lz4", "x-log-bodyrawsize", "" + tooLarge.length);
        assertThat(refused.result()).isEqualTo("400 PostBodyTooLarge");
        assertThat(refused.text()).contains("Body size " + tooLarge.length + " must little than 10485760.");
        String begin = cursor(0, "begin") + cursor(1, "begin");
        assertThat(begin).isNotEmpty();
    }

    /** {@code BatchPutLogsTest} of the Java SDK writes with key {@code a}. */
    @Test
    void takesHashKeysOfFewerThan32Digits() throws IOException {
        for (String key : List.of("a", "00", "f".repeat(31))) {
            assertThat(putTo(path + "/shards/route?key=" + key, group("t", key)).status())
                    .isEqualTo(200);
        }
        assertThat(pull(0, cursor(0, "begin"), Map.of()).header("x-log-count")).isEqualTo("3");
        assertThat(wire.post(path + "/shards/1?action=split&key=" + "c".repeat(31), "")
                        .result())
                .as("a key of shard 0")
                .isEqualTo("400 ParameterInvalid");
        assertThat(wire.post(path + "/shards/0?action=split&key=" + "c".repeat(31), "")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void routesShortPathsLikeTheLongOnes() throws IOException {
        assertThat(putTo(path, group("t", "balanced")).status()).isEqualTo(200);
        assertThat(putTo(path, group("t", "last"), "x-log-hashkey", LAST_KEY).status())
                .isEqualTo(200);
        assertThat(putTo(path + "/shards/route?key=" + LAST_KEY.toUpperCase(Locale.ROOT), group("t", "x"))
                        .status())
                .isEqualTo(200);
        assertThat(pull(1, cursor(1, "begin"), Map.of()).header("x-log-count")).isIn("2", "3");
    }

    private static byte[] packages(byte[]... datas) {
        ByteArrayOutputStream list = new ByteArrayOutputStream();
        for (byte[] data : datas) {
            ByteArrayOutputStream one = new ByteArrayOutputStream();
            one.write(0x0a);
            one.write(data.length);
            one.writeBytes(data);
            one.writeBytes(new byte[] {0x10, (byte) data.length, 0x18, 0});
            list.write(0x0a);
            list.write(one.size());
            list.writeBytes(one.toByteArray());
        }
        return list.toByteArray();
    }

    @Test
    void takesABatchWholeOrNotAtAll() throws IOException {
        byte[] a = group("a", "1");
        byte[] b = group("b", "2");
        String route = path + "/shards/route?key=" + LAST_KEY;
        assertThat(putTo(route, packages(a, b), "x-log-mode", "batch_group").status())
                .isEqualTo(200);
        assertThat(putTo(route, packages(a, new byte[] {1}), "x-log-mode", "batch_group")
                        .result())
                .isEqualTo("400 PostBodyInvalid");
        assertThat(putTo(route, packages(a), "x-log-mode", "batch_group", "x-log-bodyrawsize", "1")
                        .result())
                .isEqualTo("400 InvalidBodyRawSize");
        assertThat(putTo(route, new byte[0], "x-log-mode", "batch_group").result())
                .isEqualTo("400 PostBodyInvalid");
        assertThat(putTo(route + "&seqid=1", packages(a), "x-log-mode", "batch_group")
                        .result())
                .isEqualTo("400 ParameterInvalid");
        assertThat(pull(1, cursor(1, "begin"), Map.of()).header("x-log-count")).isEqualTo("2");
    }

    @Test
    void writesASequenceIdOnceAndUsesNoneUpOnARefusedPut() throws IOException {
        String route = path + "/shards/route?key=" + LAST_KEY + "&seqid=";
        assertThat(putTo(route + 5, new byte[] {1}).result()).isEqualTo("400 PostBodyInvalid");
        assertThat(putTo(route + 5, group("t", "x")).status()).isEqualTo(200);
        assertThat(putTo(route + 5, group("t", "x")).result()).isEqualTo("400 InvalidSequenceId");
        server.split(PROJECT, store, 1);
        assertThat(putTo(route + 5, group("t", "x")).result()).isEqualTo("400 InvalidSequenceId");
        assertThat(putTo(route + 6, group("t", "x")).status()).isEqualTo(200);
        assertThat(putTo(path + "/shards/lb?seqid=1", group("t", "x")).result()).isEqualTo("400 ParameterInvalid");
    }

    // Cursors and PullLogs

    @Test
    void cursorsAreTheDecimalPositionInBase64AndGrowByOne() throws IOException {
        long begin = Cursors.decode(cursor(0, "begin"));
        long createdSeconds = server.shards(PROJECT, store).get(0).createdMillis() / 1000;
        assertThat(begin / 1_000_000_000L).isEqualTo(createdSeconds);
        assertThat(cursor(1, "begin")).isNotEqualTo(cursor(0, "begin"));
        server.put(PROJECT, store, 0, group("t", "x"));
        server.put(PROJECT, store, 0, group("t", "y"));
        assertThat(Cursors.decode(cursor(0, "end"))).isEqualTo(begin + 2);
        Wire.Answer page = pull(0, cursor(0, "begin"), Map.of());
        assertThat(page.header("x-log-read-last-cursor")).isEqualTo("" + (begin + 1));
        assertThat(page.header("x-log-cursor")).isEqualTo(Cursors.encode(begin + 2));
        assertThat(page.header("x-log-cursor-time")).matches("\\d{10}");
    }

    @Test
    void takesCursorsWithoutPaddingAndWithALineBreakAndBothNamesOfTheType() throws IOException {
        server.put(PROJECT, store, 0, group("t", "x"));
        String cursor = cursor(0, "begin");
        String bare = cursor.replace("=", "");
        for (String form : List.of(cursor, bare, bare + "%0A", cursor.replace("=", "%3D"))) {
            assertThat(pull(0, form, Map.of()).header("x-log-count")).isEqualTo("1");
        }
        assertThat(wire.get(path + "/shards/0?type=logs&count=10&cursor=" + cursor)
                        .header("x-log-count"))
                .isEqualTo("1");
    }

    @Test
    void theEndOfAShardIsAnEmptyPageWithTheSameCursorReadOnlyOrNot() throws IOException {
        server.put(PROJECT, store, 0, group("t", "x"));
        server.split(PROJECT, store, 0);
        for (int shard : new int[] {0, 1}) {
            String end = cursor(shard, "end");
            Wire.Answer page = pull(shard, end, Map.of("Accept-Encoding", "lz4"));
            assertThat(page.status()).isEqualTo(200);
            assertThat(page.body()).isEmpty();
            assertThat(page.header("x-log-count")).isEqualTo("0");
            assertThat(page.header("x-log-bodyrawsize")).isEqualTo("0");
            assertThat(page.header("x-log-cursor")).isEqualTo(end);
            assertThat(page.header("x-log-end-of-cursor")).isEqualTo("1");
            assertThat(page.headers()).doesNotContainKeys("x-log-cursor-time", "x-log-compresstype");
        }
    }

    @ParameterizedTest
    @CsvSource({"lz4, lz4", "zstd, zstd", "deflate, deflate", "'gzip, lz4', lz4", "gzip,", "'',"})
    void answersAPullInACompressionThatTheClientNames(String accepted, String type) throws IOException {
        byte[] group = group("t", "some text, some text, some text, some text");
        server.put(PROJECT, store, 0, group);
        Wire.Answer page = pull(0, cursor(0, "begin"), Map.of("Accept-Encoding", accepted));
        assertThat(page.headers()).doesNotContainKey("content-encoding");
        assertThat(page.header("x-log-compresstype")).isEqualTo(type == null ? "(none)" : type);
        int rawSize = Integer.parseInt(page.header("x-log-bodyrawsize"));
        byte[] list = Compression.ofRequest(type).decompress(page.body(), 0, page.body().length, rawSize);
        assertThat(list)
                .hasSize(group.length + 2)
                .startsWith(0x0a, group.length)
                .endsWith(group);
    }

    @Test
    void aPageHasAtMostTenMebibytesButAtLeastOneGroup() throws IOException {
        for (int i = 0; i < 4; i++) {
            server.put(PROJECT, store, 0, Groups.groupOfSize("t", 4 * 1024 * 1024));
        }
        Wire.Answer first = pull(0, cursor(0, "begin"), Map.of("Accept-Encoding", "lz4"));
        assertThat(first.header("x-log-count")).isEqualTo("2");
        assertThat(first.header("x-log-end-of-cursor")).isEqualTo("0");
        assertThat(pull(0, first.header("x-log-cursor"), Map.of()).header("x-log-count"))
                .isEqualTo("2");
    }

    // Consumer groups

    private String checkpoints(String query) throws IOException {
        return wire.get(path + "/consumergroups/g" + query).text();
    }

    private Wire.Answer heartbeat(String consumer, String held) throws IOException {
        return wire.post(path + "/consumergroups/g?type=heartbeat&consumer=" + consumer, held);
    }

    private Wire.Answer commit(String consumer, String force, String body) throws IOException {
        return wire.post(
                path + "/consumergroups/g?type=checkpoint&consumer=" + consumer + "&forceSuccess=" + force, body);
    }

    private void makeGroup() throws IOException {
        assertThat(wire.post(path + "/consumergroups", "{\"consumerGroup\":\"g\",\"timeout\":60,\"order\":false}")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aShardWithoutCheckpointHasAnEmptyOneAndAnUnknownShardHasNone() throws IOException {
        makeGroup();
        assertThat(checkpoints("?shard=1"))
                .startsWith("[{\"shard\":1,\"checkpoint\":\"\"")
                .endsWith("}]");
        assertThat(checkpoints("?shard=9")).isEqualTo("[]");
        assertThat(checkpoints("")).contains("\"shard\":0", "\"shard\":1");
    }

    @Test
    void shardsMoveOnlyWhenTheirHolderListsThemNoMore() throws IOException {
        makeGroup();
        assertThat(heartbeat("a", "[]").text()).isEqualTo("[0,1]");
        assertThat(heartbeat("b", "[]").text()).isEqualTo("[]");
        assertThat(heartbeat("a", "[0, 1]").text()).isEqualTo("[0]");
        assertThat(heartbeat("b", "[]").text()).isEqualTo("[]");
        assertThat(heartbeat("a", "[0]").text()).isEqualTo("[0]");
        assertThat(heartbeat("b", "[]").text()).isEqualTo("[1]");
        assertThat(heartbeat("c", "[1]").result()).isEqualTo("400 NotExistConsumerWithBody");
        assertThat(heartbeat("", "[]").result()).isEqualTo("400 ParameterInvalid");
        assertThat(heartbeat("a", "{}").result()).isEqualTo("400 PostBodyInvalid");
    }

    @Test
    void aCheckpointNeedsItsHolderUnlessItIsForced() throws IOException {
        makeGroup();
        String first = "{\"shard\": 0, \"checkpoint\": \"MTY=\"}";
        assertThat(commit("a", "false", first).result()).isEqualTo("404 ConsumerNotExist");
        heartbeat("a", "[]");
        heartbeat("b", "[]");
        assertThat(commit("a", "false", first).status()).isEqualTo(200);
        assertThat(commit("b", "false", first).result()).isEqualTo("404 ConsumerNotMatch");
        assertThat(commit("b", "TRUE", first).status()).isEqualTo(200);
        assertThat(commit("a", "true", "{\"shard\": 0, \"checkpoint\": \"%\"}").result())
                .isEqualTo("400 InvalidShardCheckPoint");
        assertThat(commit("a", "true", "{\"shard\": 9, \"checkpoint\": \"MTY=\"}")
                        .result())
                .isEqualTo("404 ShardNotExist");
        assertThat(commit("a", "true", "{\"checkpoint\": \"MTY=\"}").result()).isEqualTo("400 PostBodyInvalid");
        assertThat(checkpoints("?shard=0"))
                .contains("\"checkpoint\":\"MTY=\"")
                .containsPattern("\"updateTime\":\\d{16}");
    }

    @Test
    void aLogstoreHasThirtyGroupsAtMost() throws IOException {
        for (int i = 0; i < 30; i++) {
            assertThat(wire.post(
                                    path + "/consumergroups",
                                    "{\"consumerGroup\":\"g" + i + "\",\"timeout\":60,\"order\":false}")
                            .status())
                    .isEqualTo(200);
        }
        assertThat(wire.post(path + "/consumergroups", "{\"consumerGroup\":\"g\",\"timeout\":60,\"order\":false}")
                        .result())
                .isEqualTo("403 ConsumerGroupQuotaExceed");
    }

    // What is no request of this API

    @Test
    void aPutWithoutLengthIsRefused() throws IOException {
        Map<String, String> noLength = Map.of("Content-Length", "", "Content-Type", "application/x-protobuf");
        Wire.Answer answer = wire.send("POST", path + "/shards/lb", noLength, new byte[0]);
        assertThat(answer.result()).isEqualTo("411 MissingContentLength");
    }

    @Test
    void takesABodyInChunksUpToTheLargestSizeAndKeepsTheConnection() throws IOException {
        byte[] group = group("t", "some text");
        assertThat(putTo(path + "/shards/lb", chunks(group, 7), inChunks(group.length))
                        .status())
                .isEqualTo(200);
        byte[] large = Groups.groupOfSize("t", 3 * 1024 * 1024);
        assertThat(putTo(path + "/shards/lb", chunks(large, 100_000), inChunks(large.length))
                        .status())
                .isEqualTo(200);
        assertThat(server.ledger(PROJECT, store).entries())
                .toIterable()
                .extracting(LedgerEntry::digest)
                .containsExactlyInAnyOrder(GroupDigest.of(group), GroupDigest.of(large));

        byte[] tooLarge = new byte[33 * 1024 * 1024];
        try (Socket socket = wire.open(
                "POST", path + "/shards/lb", headers(inChunks(tooLarge.length)), chunks(tooLarge, 1_000_000))) {
            assertThat(Wire.read(socket).result()).isEqualTo("413 PostBodyTooLarge");
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: " + PROJECT + ".x\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(Wire.read(socket).status()).isEqualTo(200);
        }
    }

    private static String[] inChunks(int rawSize) {
        return new String[] {
            "Content-Length", "", "Transfer-Encoding", "chunked", "x-log-bodyrawsize", Integer.toString(rawSize)
        };
    }

    private static byte[] chunks(byte[] body, int size) {
        ByteArrayOutputStream chunks = new ByteArrayOutputStream();
        for (int from = 0; from < body.length; from += size) {
            int length = Math.min(size, body.length - from);
            chunks.writeBytes((Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
            chunks.write(body, from, length);
            chunks.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        chunks.writeBytes("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        return chunks.toByteArray();
    }

    @Test
    void aTargetThatIsBadlyEncodedIsRefused() throws IOException {
        assertThat(wire.get("/logstores/%zz").result()).isEqualTo("400 ParameterInvalid");
        assertThat(wire.get("nonsense").result()).isEqualTo("400 ParameterInvalid");
    }
}
