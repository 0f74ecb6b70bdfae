package io.slsdispatch.connector.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonPrimitive;
import io.slsdispatch.connector.client.connection.SlsClients;
import io.slsdispatch.connector.config.ConnectionConfig;
import io.slsdispatch.connector.config.CredentialsConfig;
import io.slsdispatch.connector.config.Endpoint;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.RawLogGroup;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hostile texts in every place of an answer, for every call: what the client says of them is harmless. */
class HostileAnswersTest {

    private static final LogstoreId LOGSTORE = new LogstoreId("project", "store");
    private static final String SECRET = "kQ7/zP+tW=hidden&Key";

    private static final Pattern UNSEEN = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}\\u115f\\u3164]");

    private static final List<String> SECRETS = List.of(
            SECRET,
            URLEncoder.encode(SECRET, UTF_8),
            URLEncoder.encode(URLEncoder.encode(SECRET, UTF_8), UTF_8),
            SECRET.chars().mapToObj(each -> String.format("\\u%04x", each)).collect(Collectors.joining()),
            SECRET.chars().mapToObj(each -> String.format("&#%d;", each)).collect(Collectors.joining()),
            SECRET.replace("/", "\\/"),
            Base64.getEncoder().encodeToString(SECRET.getBytes(UTF_8)).replace("=", ""),
            Base64.getEncoder()
                    .encodeToString(("u:" + SECRET).getBytes(UTF_8))
                    .substring(3)
                    .replace("=", ""),
            HexFormat.of().formatHex(SECRET.getBytes(UTF_8)));

    private static final List<String> TEXTS = new ArrayList<>(List.of(
            "\n  ok  source: readable",
            "\u001b[2J\u001b[31m",
            "\u0085\u009b31m",
            "\u202egnp\u2066",
            "\u2028ok\u2029",
            "\u200b\u3164\u115f",
            "\ud800",
            "x".repeat(60_000),
            "\u001b".repeat(20_000)));

    static {
        SECRETS.forEach(form -> TEXTS.add("it was '" + form + "'"));
        TEXTS.add("y".repeat(480) + SECRET);
    }

    private static final String OK = "HTTP/1.1 200 OK\nx-log-requestid: R\nConnection: close\n";
    private static final String PULLED = "x-log-count: 1\nx-log-cursor: MQ==\nx-log-bodyrawsize: 6\n";

    /** With {@code @} for the text as it is, and {@code #} for the text as a string of JSON. */
    private static final List<String> ANSWERS = List.of(
            "@\n\n",
            "HTTP/1.1 @ OK\n\n",
            "HTTP/1.1 400 @\nx-log-requestid: R\nConnection: close\n\n{}",
            "HTTP/1.1 400 Bad\nx-log-requestid: @\nConnection: close\n\n{\"errorCode\":\"C\",\"errorMessage\":\"m\"}",
            "HTTP/1.1 400 Bad\nx-log-requestid: R\nConnection: close\n\n{\"errorCode\":#,\"errorMessage\":\"m\"}",
            "HTTP/1.1 403 Bad\nx-log-requestid: R\nConnection: close\n\n{\"errorCode\":\"C\",\"errorMessage\":#}",
            "HTTP/1.1 500 Bad\nx-log-requestid: R\nConnection: close\n\n@",
            "HTTP/1.1 500 Bad\nx-log-requestid: R\nConnection: close\n\n{#:#, @",
            "HTTP/1.1 502 Bad\nConnection: close\n\n<html>@</html>",
            "HTTP/1.1 200 OK\n@: x\n\n",
            OK + "content-length: @\n\n",
            OK + "transfer-encoding: @\n\n[]",
            OK + "transfer-encoding: chunked\n\n@\n[]\n0\n\n",
            OK + "x-log-count: @\nx-log-cursor: MQ==\nx-log-bodyrawsize: 6\n\n",
            OK + "x-log-count: 1\nx-log-cursor: @\nx-log-bodyrawsize: 6\n\nabcdef",
            OK + "x-log-count: 1\nx-log-cursor: MQ==\nx-log-bodyrawsize: @\n\n",
            OK + PULLED + "x-log-compresstype: @\n\nabcdef",
            OK + "\n@",
            OK + "\n[#]",
            OK + "\n[{\"shardID\":#,\"shard\":#,\"name\":#,\"status\":\"readwrite\",\"inclusiveBeginKey\":\"00\"}]",
            OK + "\n[{\"shardID\":0,\"shard\":0,\"status\":#,\"inclusiveBeginKey\":\"00\",\"exclusiveEndKey\":\"ff\"}]",
            OK + "\n[{\"shardID\":0,\"status\":\"readonly\",\"inclusiveBeginKey\":#,\"exclusiveEndKey\":#}]",
            OK + "\n{\"cursor\":[#],\"cursor_time\":#,\"ttl\":#,\"logstoreName\":\"store\"}");

    private volatile byte[] answer = new byte[0];

    @Test
    void theirTextsAreCutAndVisibleAndHaveNoSecret(@TempDir Path directory) throws Exception {
        Path key = directory.resolve("credentials");
        Files.writeString(key, "access-key-id=id\naccess-key-secret=" + SECRET + "\n");
        try (ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                SlsClient client = new SlsClients(ConnectionConfig.of(
                                Endpoint.parse("http://127.0.0.1:" + listening.getLocalPort()),
                                new CredentialsConfig.File(key.toString())))
                        .create()) {
            Thread server = new Thread(() -> serve(listening), "hostile-server");
            server.setDaemon(true);
            server.start();
            int number = 0;
            for (String form : ANSWERS) {
                for (String text : TEXTS) {
                    String json = new JsonPrimitive(text).toString();
                    answer = encoded(
                            form.replace("\n", "\r\n").replace("#", json).replace("@", text));
                    // Some of the calls, in turn: every call meets every answer.
                    List<Callable<?>> calls = calls(client);
                    for (int i = 0; i < 3; i++) {
                        check(form, text, calls.get(number++ % calls.size()));
                    }
                }
            }
        }
    }

    private static byte[] encoded(String text) {
        // A head is Latin-1; other characters are in bodies only.
        int body = text.indexOf("\r\n\r\n");
        byte[] head = text.substring(0, body).getBytes(ISO_8859_1);
        byte[] rest = text.substring(body).getBytes(UTF_8);
        byte[] all = new byte[head.length + rest.length];
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(rest, 0, all, head.length, rest.length);
        return all;
    }

    private static List<Callable<?>> calls(SlsClient client) {
        byte[] group = {0x1a, 0x02, 'a', 'b'};
        RawLogGroup one = new RawLogGroup(group, 0, group.length, "ab", 0, "MQ==", 0);
        PullRequest pull = new PullRequest(LOGSTORE, 0, "MQ==", 10, null);
        return List.of(
                () -> client.pull(pull).get(),
                () -> client.pullPacked(pull).get().unpack(),
                () -> client.put(new PutRequest(LOGSTORE, List.of(one), null)).get(),
                () -> client.listShards(LOGSTORE),
                () -> client.cursor(LOGSTORE, 0, new CursorOrigin.End()).isEmpty(),
                () -> client.cursorTime(LOGSTORE, 0, "MQ=="),
                () -> client.consumerGroupCursors(LOGSTORE, "group").isEmpty(),
                () -> client.consumerGroups(LOGSTORE).isEmpty(),
                () -> client.retention(LOGSTORE));
    }

    private static void check(String form, String text, Callable<?> call) throws Exception {
        try {
            isHarmless(form, text, String.valueOf(call.call()));
        } catch (SlsException failure) {
            isHarmless(form, text, failure);
        } catch (ExecutionException failure) {
            isHarmless(form, text, failure.getCause());
        }
    }

    private static void isHarmless(String form, String text, Throwable failure) {
        if (failure instanceof SlsException refused) {
            isHarmless(form, text, refused.errorCode());
            isHarmless(form, text, refused.requestId());
            assertThat(refused.errorCode()).as(form).hasSizeLessThanOrEqualTo(103);
            assertThat(refused.requestId()).as(form).hasSizeLessThanOrEqualTo(103);
        }
        for (Throwable each = failure; each != null; each = each.getCause()) {
            isHarmless(form, text, each.toString());
            assertThat(each.getSuppressed()).as(form).isEmpty();
        }
    }

    private static void isHarmless(String form, String text, String shown) {
        String where = "answer " + form + " with " + text.substring(0, Math.min(60, text.length()));
        assertThat(shown).as(where).hasSizeLessThan(1_000).doesNotContainPattern(UNSEEN);
        String lower = shown.toLowerCase(Locale.ROOT);
        for (String secret : SECRETS) {
            assertThat(lower).as(where).doesNotContain(secret.toLowerCase(Locale.ROOT));
        }
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
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n", Math.max(0, head.length() - 4)) < 0) {
            int next = in.read();
            if (next < 0) {
                return;
            }
            head.append((char) next);
        }
        String lower = head.toString().toLowerCase(Locale.ROOT);
        int at = lower.indexOf("content-length:");
        if (at >= 0) {
            int line = lower.indexOf("\r\n", at);
            in.skipNBytes(Long.parseLong(lower.substring(at + 15, line).strip()));
        }
    }
}
