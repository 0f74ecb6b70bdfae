package io.slsdispatch.connector.client;

import io.slsdispatch.connector.client.connection.SlsClients;
import io.slsdispatch.connector.config.ConnectionConfig;
import io.slsdispatch.connector.config.CredentialsConfig;
import io.slsdispatch.connector.config.Endpoint;
import io.slsdispatch.connector.fuzz.Fuzz;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.RawLogGroup;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Answers to pulls, puts and control calls as nobody meant them: their heads, their bodies and those of errors. */
class AnswersFuzzTest {

    private static final LogstoreId LOGSTORE = new LogstoreId("project", "store");
    private static final String HEAD = """
            HTTP/1.1 200 OK
            Server: AliyunSLS
            Content-Type: application/json
            Connection: close
            Date: Mon, 30 Nov 2026 12:00:00 GMT
            x-log-requestid: 6565A0F0F0F0F0F0F0F0F0F0
            x-log-time: 1796040000
            """;
    private static final String PULL = HEAD.replace("json", "x-protobuf") + """
            x-log-count: 0
            x-log-cursor: MTc5NjA0MDAwMA==
            x-log-bodyrawsize: 0
            x-log-end-of-cursor: 1
            """;

    private static final List<byte[]> VALID = Stream.of(
                    HEAD + "\n",
                    PULL + "\n",
                    PULL.replace("count: 0", "count: 1").replace("rawsize: 0", "rawsize: 6")
                            + "x-log-cursor-time: 1796040000\nx-log-read-last-cursor: 1796039999\n\n"
                            + "BODY\n\u0004\u001a\u0002ab",
                    PULL.replace("count: 0", "count: 1").replace("rawsize: 0", "rawsize: 6")
                            + "x-log-compresstype: lz4\n\nBODY`\n\u0004\u001a\u0002ab",
                    HEAD.replace("200 OK", "400 Bad Request")
                            + "\n{\"errorCode\":\"PostBodyInvalid\",\"errorMessage\":\"text \\u00e9 of it\"}",
                    HEAD.replace("200 OK", "503 Service Unavailable")
                            + "\n{\"Error\":{\"Code\":\"ServerBusy\",\"Message\":\"m\",\"RequestId\":\"r\"}}",
                    HEAD.replace("200 OK", "502 Bad Gateway").replace("json", "html")
                            + "\n<html><body>Bad</body></html>",
                    HEAD + "\n[{\"shardID\":0,\"status\":\"readwrite\",\"inclusiveBeginKey\":"
                            + "\"00000000000000000000000000000000\",\"exclusiveEndKey\":"
                            + "\"ffffffffffffffffffffffffffffffff\",\"createTime\":1796040000}]",
                    HEAD + "\n{\"cursor\":\"MTc5NjA0MDAwMA==\"}",
                    HEAD + "\n{\"cursor_time\":1796040000}",
                    HEAD + "\n[{\"name\":\"group\",\"order\":false,\"timeout\":60}]",
                    HEAD + "\n[{\"shard\":0,\"checkpoint\":\"MTc5NjA0MDAwMA==\",\"updateTime\":1796040000000000,"
                            + "\"consumer\":\"c\"}]",
                    HEAD + "\n{\"logstoreName\":\"store\",\"ttl\":30,\"shardCount\":2,\"createTime\":1796040000}",
                    HEAD + "transfer-encoding: chunked\nTrailer: x-more\n\n2;extension=1\n{}\n0\nx-more: 1\n\n",
                    "HTTP/1.1 100 Continue\n\n" + HEAD + "\n[]")
            .map(AnswersFuzzTest::bytes)
            .toList();

    private volatile byte[] answer = new byte[0];
    private int calls;

    /** Lines end as HTTP ends them, but for those of a body that says that it is one. */
    private static byte[] bytes(String answer) {
        int body = answer.indexOf("BODY");
        String head = body < 0 ? answer : answer.substring(0, body);
        String rest = body < 0 ? "" : answer.substring(body + 4);
        return (head.replace("\n", "\r\n") + rest).getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void everyCallEndsWithAValueOrAnSlsException(@TempDir Path directory) throws Exception {
        Path key = directory.resolve("credentials");
        Files.writeString(key, "access-key-id=id\naccess-key-secret=secret\n");
        try (ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                SlsClient client = new SlsClients(ConnectionConfig.of(
                                Endpoint.parse("http://127.0.0.1:" + listening.getLocalPort()),
                                new CredentialsConfig.File(key.toString())))
                        .create()) {
            Thread server = new Thread(() -> serve(listening), "fuzz-server");
            server.setDaemon(true);
            server.start();
            Fuzz.run(VALID, input -> {
                answer = calls % 2 == 0 ? input : withRightLength(input);
                call(client, calls);
                calls++;
            });
        }
    }

    private static void call(SlsClient client, int number) throws InterruptedException, ExecutionException {
        try {
            switch (number / 2 % 8) {
                case 0 ->
                    client.pull(new PullRequest(LOGSTORE, 0, "MQ==", 10, null)).get();
                case 1 ->
                    client.pullPacked(new PullRequest(LOGSTORE, 0, "MQ==", 10, "Mg=="))
                            .get();
                case 2 -> put(client).get();
                case 3 -> client.listShards(LOGSTORE);
                case 4 -> client.cursor(LOGSTORE, 0, new CursorOrigin.End());
                case 5 -> client.consumerGroupCursors(LOGSTORE, "group");
                case 6 -> client.consumerGroups(LOGSTORE);
                default -> client.retention(LOGSTORE);
            }
        } catch (SlsException failed) {
            // What it says it throws.
        } catch (ExecutionException failed) {
            if (!(failed.getCause() instanceof SlsException)) {
                throw failed;
            }
        }
    }

    private static CompletableFuture<Void> put(SlsClient client) {
        byte[] group = {0x1a, 0x02, 'a', 'b'};
        return client.put(
                new PutRequest(LOGSTORE, List.of(new RawLogGroup(group, 0, group.length, "ab", 0, "MQ==", 0)), null));
    }

    /** Else nearly every changed body would be one that is cut short. */
    private static byte[] withRightLength(byte[] input) {
        String text = new String(input, StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\r\n\r\n");
        if (end < 0 || text.contains("chunked")) {
            return input;
        }
        int length = input.length - end - 4;
        return (text.substring(0, end) + "\r\ncontent-length: " + length + text.substring(end))
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    private void serve(ServerSocket listening) {
        while (!listening.isClosed()) {
            try (Socket socket = listening.accept()) {
                readRequest(socket.getInputStream());
                socket.getOutputStream().write(answer);
            } catch (IOException gone) {
                // The client has had enough.
            }
        }
    }

    private static void readRequest(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        String text = "";
        while (!text.endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                return;
            }
            head.write(next);
            text = next == '\n' ? head.toString(StandardCharsets.ISO_8859_1) : "";
        }
        String lower = head.toString(StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
        int at = lower.indexOf("content-length:");
        if (at >= 0) {
            int line = lower.indexOf("\r\n", at);
            in.skipNBytes(Long.parseLong(lower.substring(at + 15, line).strip()));
        }
    }
}
