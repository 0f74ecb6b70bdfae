package io.slsdispatch.job.rules;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.job.template.KnownTargets;
import io.slsdispatch.job.yaml.InvalidConfigException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is said of the answers of a server of rules is harmless. */
@Timeout(120)
class HostileRulesServerTest {

    private static final String KEY = "the+key/of=the%20rules".replace("%20", "_");
    private static final Pattern UNSEEN = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}&&[^\n]]");

    private static final List<String> TEXTS = List.of(
            "\u001b[2J",
            "\u202eabc",
            "\u2028ok",
            "x".repeat(50_000),
            "it was " + KEY,
            "it was " + URLEncoder.encode(KEY, UTF_8));

    private static final List<String> ANSWERS = List.of(
            "@\r\n\r\n",
            "HTTP/1.1 @\r\n\r\n",
            "HTTP/1.1 404 @\r\ncontent-length: 0\r\n\r\n",
            "HTTP/1.1 200 OK\r\ncontent-length: @\r\n\r\n",
            "HTTP/1.1 200 OK\r\n@: 1\r\n\r\n",
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n@\r\n",
            "HTTP/1.1 302 OK\r\nlocation: http://@/\r\ncontent-length: 0\r\n\r\n",
            "HTTP/1.1 200 OK\r\n\r\n@\n...\n",
            "HTTP/1.1 200 OK\r\n\r\nroutes: [{topic: \"@\", to: \"@\"}]\ndefault-route: \"@\"\n...\n",
            "HTTP/1.1 200 OK\r\n\r\n\"@\": {\"@\": 1}\n...\n");

    private volatile byte[] answer = new byte[0];

    @Test
    void theTextsOfAServerAreCutAndVisibleAndHaveNoKey() throws Exception {
        try (ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread server = new Thread(() -> serve(listening), "hostile-server");
            server.setDaemon(true);
            server.start();
            URI address = URI.create("http://127.0.0.1:" + listening.getLocalPort() + "/r?key=" + KEY);
            for (String form : ANSWERS) {
                for (String text : TEXTS) {
                    answer = form.replace("@", text).getBytes(UTF_8);
                    check(form, text, address);
                }
            }
        }
    }

    private static void check(String form, String text, URI address) throws InterruptedException {
        RulesLocation location = new RulesLocation(address.toString());
        try {
            RulesReader.read(RulesLoader.onceWith(location, pause -> {}), KnownTargets.named("a"));
        } catch (IOException | InvalidConfigException e) {
            for (Throwable each = e; each != null; each = each.getCause()) {
                assertThat(each.toString())
                        .as("answer " + form + " with " + text.substring(0, Math.min(40, text.length())))
                        .hasSizeLessThan(6_000)
                        .doesNotContainPattern(UNSEEN)
                        .doesNotContain(KEY)
                        .doesNotContain(URLEncoder.encode(KEY, UTF_8));
            }
        }
    }

    private void serve(ServerSocket listening) {
        while (!listening.isClosed()) {
            try (Socket socket = listening.accept()) {
                StringBuilder head = new StringBuilder();
                while (head.indexOf("\r\n\r\n", Math.max(0, head.length() - 4)) < 0) {
                    head.append((char) socket.getInputStream().read());
                }
                socket.getOutputStream().write(answer);
            } catch (IOException gone) {
                // The client has had enough.
            }
        }
    }
}
