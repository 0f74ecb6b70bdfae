package io.slsdispatch.connector.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZstdFramesTest {

    private static final byte[] RAW = "text ".repeat(1_000).getBytes(StandardCharsets.UTF_8);

    @Test
    void decompressesAFrame() throws Exception {
        byte[] frame = Zstd.compress(RAW);
        byte[] to = new byte[RAW.length + 3];

        try (Codec codec = Codecs.borrow()) {
            assertThat(codec.decompressFrames(frame, 0, frame.length, to, to.length))
                    .isEqualTo(RAW.length);
            assertThat(to).startsWith(RAW);
            assertThatThrownBy(() -> codec.decompressFrames(frame, 1, frame.length - 1, to, to.length))
                    .isInstanceOf(ZstdFrames.UnreadableFrameException.class)
                    .hasMessage("not a valid zstd frame");
            assertThat(codec.decompressFrames(frame, 0, frame.length, to, to.length))
                    .as("the next frame")
                    .isEqualTo(RAW.length);
        }
    }

    @Test
    void allowsTheSmallestFrameOfAnyContent() {
        for (int size : new int[] {1, 100, 128 << 10, (128 << 10) + 1, 10 << 20}) {
            byte[] frame = Zstd.compress(new byte[size], 22);

            assertThat(ZstdFrames.mostDecompressed(frame.length)).isGreaterThanOrEqualTo(size);
        }
    }

    /** As where the temporary folder is mounted without the right to execute. The second call must say it, too. */
    @Test
    void saysWhyThereIsNoNativeCodeAndLz4DoesWithoutIt(@TempDir Path directory) throws Exception {
        Path missing = directory.resolve("no-such-folder");
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djava.io.tmpdir=" + missing,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Child.class.getName(),
                        HexFormat.of().formatHex(Zstd.compress(RAW)))
                .redirectErrorStream(true)
                .start();
        String output = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(output.lines().filter(line -> line.startsWith("zstd: ")))
                .hasSize(2)
                .allSatisfy(line -> assertThat(line)
                        .contains(
                                "native library cannot be loaded in this process: ", "No such file", "java.io.tmpdir"));
        assertThat(output)
                .containsPattern("missing: the native zstd library cannot be loaded in this process: .*java.io.tmpdir")
                .containsPattern("compression: .*No such file.*java.io.tmpdir")
                .contains("lz4: " + RAW.length);
    }

    /** Runs in a process without a temporary folder. */
    static final class Child {

        public static void main(String[] arguments) {
            byte[] frame = HexFormat.of().parseHex(arguments[0]);
            for (int call = 0; call < 2; call++) {
                try (Codec codec = Codecs.borrow()) {
                    codec.decompressFrames(frame, 0, frame.length, new byte[RAW.length], RAW.length);
                    System.out.println("no error");
                } catch (ZstdFrames.UnreadableFrameException e) {
                    System.out.println("zstd: " + e.getMessage());
                }
            }
            System.out.println("missing: " + ZstdFrames.reasonMissing());
            try (Codec codec = Codecs.borrow()) {
                codec.compress(Compression.ZSTD, 1, RAW, 0, RAW.length, new byte[2 * RAW.length], 0);
                System.out.println("no error");
            } catch (IllegalStateException e) {
                System.out.println("compression: " + e.getMessage());
            }
            byte[] block = new byte[Lz4.maxLength(RAW.length)];
            int length = Lz4.compress(RAW, 0, RAW.length, block, 0);
            System.out.println("lz4: " + Lz4.decompress(block, 0, length, RAW.length).length);
        }
    }
}
