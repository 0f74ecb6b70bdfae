package io.slsdispatch.connector.client.exchange;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.client.credentials.Credentials;
import io.slsdispatch.connector.client.credentials.RequestCredentials;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Error bodies as nobody should send them; {@code -Dfuzz.inputs=N} says how many. */
class AnswersFuzzTest {

    private static final int INPUTS = Integer.getInteger("fuzz.inputs", 20_000);
    private static final long SEED = Long.getLong("fuzz.seed", System.nanoTime());

    private static final List<String> BODIES = List.of(
            "{\"errorCode\":\"InvalidCursor\",\"errorMessage\":\"the cursor \\u12ab\\n is \\\"gone\\\"\"}",
            "{\"errorCode\":\"Unauthorized\",\"errorMessage\":\"no\",\"accessDeniedDetail\":{\"a\":[1,2.5e7,null,true]}}",
            "{\"errorCode\":\"\\u12\"}",
            "<html><body>502 Bad Gateway</body></html>",
            "{\"$ref\":\"$\",\"@type\":\"java.lang.Class\"}",
            "{'errorCode':'x'}",
            "{\"errorCode\":\"\\ud83d\\ude00\",\"errorMessage\":\"\u4e0d\"}");

    private static final List<String> PIECES = List.of(
            "{",
            "}",
            "[",
            "]",
            "\"",
            "\\",
            "\\u",
            "\\u12",
            ":",
            ",",
            "null",
            "1e999999999",
            "-",
            "0x",
            "//",
            "/*",
            "\u0000",
            "\ufeff",
            "\"errorCode\":",
            "\"errorMessage\":",
            "NaN",
            "true",
            "'",
            "=",
            ";",
            "#",
            "{\"a\":".repeat(500),
            "[".repeat(500),
            "9".repeat(500),
            "\\\\".repeat(500));

    private final Random random = new Random(SEED);
    private final Failures failures = new Failures(
            "PullLogs",
            "project/store shard 0",
            new RequestCredentials(() -> Credentials.lasting("id", "secret"), Runnable::run));

    @Test
    void everyErrorBodyIsOneFailure() {
        for (int i = 0; i < INPUTS; i++) {
            byte[] body = mutated(BODIES.get(random.nextInt(BODIES.size())).getBytes(UTF_8));
            HttpHeaders headers = new DefaultHttpHeaders().set(Answer.REQUEST_ID, "R");
            try {
                SlsException failure = new Answer(400, headers, Unpooled.wrappedBuffer(body)).failure(failures);

                assertThat(failure.httpStatus()).isEqualTo(400);
                assertThat(failure.getMessage()).hasSizeLessThan(1200);
                assertThat(failure.errorCode()).isNotBlank().hasSizeLessThan(120);
            } catch (Throwable e) {
                fail("seed " + SEED + ", input " + i + ": " + new String(body, ISO_8859_1), e);
            }
        }
    }

    private byte[] mutated(byte[] bytes) {
        String text = new String(bytes, ISO_8859_1);
        for (int change = random.nextInt(4); change >= 0; change--) {
            int at = random.nextInt(text.length() + 1);
            text = switch (random.nextInt(5)) {
                case 0 -> text.substring(0, at);
                case 1 -> text.substring(0, at) + PIECES.get(random.nextInt(PIECES.size())) + text.substring(at);
                case 2 -> text.substring(0, at) + (char) random.nextInt(256) + text.substring(at);
                case 3 -> at == text.length() ? text : text.substring(0, at) + text.substring(at + 1);
                default -> text.substring(0, at) + text.substring(random.nextInt(at + 1));
            };
        }
        return text.getBytes(ISO_8859_1);
    }
}
