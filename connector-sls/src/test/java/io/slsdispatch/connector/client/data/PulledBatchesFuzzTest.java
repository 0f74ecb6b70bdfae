package io.slsdispatch.connector.client.data;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.slsdispatch.connector.client.exchange.Answer;
import io.slsdispatch.connector.client.exchange.ArrayPool;
import io.slsdispatch.connector.client.exchange.TestAnswers;
import io.slsdispatch.connector.model.PulledBatch;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jpountz.lz4.LZ4Factory;
import org.junit.jupiter.api.Test;

/** Heads of pulls as nobody should send them; {@code -Dfuzz.inputs=N} says how many. */
class PulledBatchesFuzzTest {

    private static final int INPUTS = Integer.getInteger("fuzz.inputs", 20_000);
    private static final long SEED = Long.getLong("fuzz.seed", System.nanoTime());

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

    private static final List<String> VALUES = List.of(
            "",
            "0",
            "1",
            "7",
            "-1",
            "+1",
            "x",
            "99999999999",
            "9223372036854775808",
            "2147483647",
            "2147483648",
            "1.0",
            "1e3",
            " 7 ",
            "0x10",
            "MTY=",
            "MTY=\n",
            "1000",
            "67108864",
            "67108865",
            "lz4",
            "zstd",
            "LZ4",
            "deflate");

    private static final List<String> HEADERS = List.of(
            "x-log-count",
            "x-log-bodyrawsize",
            "x-log-cursor",
            "x-log-compresstype",
            "x-log-cursor-time",
            "x-log-time",
            "x-log-end-of-cursor");

    private final Random random = new Random(SEED);

    @Test
    void everyHeadOfAPullIsReadOrUnreadable() {
        byte[] data = new byte[1000];
        byte[] block = LZ4Factory.fastestInstance().fastCompressor().compress(data);
        PulledBatches batches = new PulledBatches(new ArrayPool(1 << 20));
        for (int i = 0; i < INPUTS; i++) {
            Map<String, String> headers = new TreeMap<>(Map.of(
                    "x-log-count", "7",
                    "x-log-bodyrawsize", "1000",
                    "x-log-cursor", "MTc=",
                    "x-log-compresstype", "lz4"));
            for (int change = random.nextInt(3); change >= 0; change--) {
                String name = HEADERS.get(random.nextInt(HEADERS.size()));
                if (random.nextInt(5) == 0) {
                    headers.remove(name);
                } else {
                    headers.put(name, value());
                }
            }
            byte[] body = random.nextInt(3) == 0 ? mutated(block) : block;
            try {
                PulledBatch batch = batches.packed(TestAnswers.of(200, headers, body), "MTY=")
                        .unpack();

                assertThat(batch.length()).isLessThanOrEqualTo(batch.data().length);
                assertThat(batch.groups()).isNotNegative();
                assertThat(batch.nextCursor()).isNotEmpty();
            } catch (Answer.UnreadableException | Answer.TooLargeException e) {
                // What else could be said of it.
            } catch (Throwable e) {
                fail("seed " + SEED + ", input " + i + ": " + headers, e);
            }
        }
    }

    private String value() {
        String value = VALUES.get(random.nextInt(VALUES.size()));
        return random.nextInt(4) == 0 ? new String(mutated(value.getBytes(UTF_8)), ISO_8859_1) : value;
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
