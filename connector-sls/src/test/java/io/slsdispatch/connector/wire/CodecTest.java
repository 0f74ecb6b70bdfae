package io.slsdispatch.connector.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CodecTest {

    private static final byte[] RAW = "GET /orders/4711 200 ".repeat(20_000).getBytes(StandardCharsets.US_ASCII);

    /** A skippable frame (RFC 8878, 3.1.2) of five bytes. */
    private static final byte[] SKIPPABLE = HexFormat.of().parseHex("502a4d18050000000102030405");

    /** Makes frames as others may make them. */
    private record Maker(String name, Function<byte[], byte[]> frame) {

        @Override
        public String toString() {
            return name;
        }
    }

    static List<Maker> makers() {
        return List.of(
                new Maker("with size", Zstd::compress),
                new Maker("level 19", raw -> Zstd.compress(raw, 19)),
                new Maker("without size", CodecTest::streamed),
                new Maker("with checksum", raw -> {
                    try (ZstdCompressCtx context = new ZstdCompressCtx()) {
                        return context.setChecksum(true).compress(raw);
                    }
                }),
                new Maker("without size, with checksum", raw -> {
                    try (ZstdCompressCtx context = new ZstdCompressCtx()) {
                        return context.setChecksum(true).setContentSize(false).compress(raw);
                    }
                }),
                new Maker("several frames", raw -> {
                    int middle = raw.length / 3;
                    return joined(
                            Zstd.compress(Arrays.copyOf(raw, middle)),
                            streamed(Arrays.copyOfRange(raw, middle, raw.length)));
                }),
                new Maker("skippable before, between and after", raw -> {
                    int middle = raw.length / 2;
                    return joined(
                            SKIPPABLE,
                            Zstd.compress(Arrays.copyOf(raw, middle)),
                            SKIPPABLE,
                            SKIPPABLE,
                            Zstd.compress(Arrays.copyOfRange(raw, middle, raw.length)),
                            SKIPPABLE);
                }),
                new Maker("an empty frame before", raw -> joined(Zstd.compress(new byte[0]), Zstd.compress(raw))),
                new Maker("a long window", raw -> {
                    try (ZstdCompressCtx context = new ZstdCompressCtx()) {
                        return context.setWindowLog(27).compress(raw);
                    }
                }));
    }

    @ParameterizedTest
    @MethodSource("makers")
    void readsFramesOfOtherMakers(Maker maker) throws Exception {
        byte[] frame = joined(new byte[3], maker.frame.apply(RAW), new byte[2]);
        byte[] to = new byte[RAW.length];

        try (Codec codec = Codecs.borrow()) {
            assertThat(codec.decompressFrames(frame, 3, frame.length - 5, to, to.length))
                    .isEqualTo(RAW.length);
            assertThat(to).isEqualTo(RAW);
            assertThat(codec.decompress(Compression.ZSTD, frame, 3, frame.length - 5, RAW.length))
                    .isEqualTo(RAW);
            assertThat(frame.length - 5).isLessThanOrEqualTo(ZstdFrames.maxLength(RAW.length) + 64);
        }
    }

    @ParameterizedTest
    @MethodSource("makers")
    void refusesAFrameThatIsCutDamagedOrOfAnotherSize(Maker maker) {
        byte[] frame = maker.frame.apply(RAW);

        try (Codec codec = Codecs.borrow()) {
            byte[] to = new byte[RAW.length];
            for (int cut : new int[] {1, 5, frame.length / 2, frame.length - 1}) {
                assertThatThrownBy(() -> codec.decompress(Compression.ZSTD, frame, 0, cut, RAW.length))
                        .as("cut to %d", cut)
                        .isInstanceOf(IllegalStateException.class);
            }
            assertThatThrownBy(() -> codec.decompressFrames(frame, 0, frame.length, to, RAW.length - 1))
                    .isInstanceOf(ZstdFrames.UnreadableFrameException.class);
            assertThatThrownBy(() -> codec.decompress(Compression.ZSTD, frame, 0, frame.length, RAW.length + 1))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    /** What a codec did before, also in vain, makes no difference. */
    @Property(tries = 200)
    void everyPairOfCompressionsKeepsTheBytes(
            @ForAll Compression from,
            @ForAll Compression to,
            @ForAll @IntRange(min = 1, max = 9) int level,
            @ForAll @IntRange(max = 200_000) int length,
            @ForAll int seed) {
        byte[] raw = new byte[length];
        Random random = new Random(seed);
        for (int i = 0; i < length; i++) {
            raw[i] = (byte) (random.nextInt(8) == 0 ? random.nextInt() : i >> 3);
        }
        try (Codec codec = Codecs.borrow()) {
            byte[] packed = new byte[from.maxLength(length)];
            int packedLength = codec.compress(from, level, raw, 0, length, packed, 0);
            assertThatThrownBy(() -> codec.decompress(from, packed, 0, packedLength / 2, length + 1))
                    .isInstanceOf(RuntimeException.class);
            ByteBuffer sent = ByteBuffer.allocateDirect(to.maxLength(length) + 7);

            int sentLength = codec.recompress(from, packed, 0, packedLength, length, to, level, sent, 7);

            byte[] received = new byte[sentLength];
            sent.get(7, received);
            assertThat(codec.decompress(to, received, 0, sentLength, length)).isEqualTo(raw);
            assertThat(sentLength).isLessThanOrEqualTo(to.maxLength(length));
        }
    }

    @Test
    void theLimitOfAFrameIsThatOfTheLibrary() {
        for (int length : new int[] {0, 1, 127, 128, 5_000, 131_071, 131_072, 131_073, 10 << 20}) {
            assertThat(ZstdFrames.maxLength(length)).isEqualTo((int) Zstd.compressBound(length));
        }
    }

    @Test
    void codecsAreKeptOnlyAsLongAsTheyHaveAUser() {
        int before = Codecs.kept();
        Codecs.acquire();
        Codec codec = Codecs.borrow();
        codec.close();
        assertThat(Codecs.kept()).isPositive();
        try (Codec again = Codecs.borrow()) {
            assertThat(again).isSameAs(codec);
        }
        Codecs.release();

        assertThat(Codecs.kept()).isEqualTo(before);
    }

    @Test
    void nothingIsAllocatedForAGroup() throws Exception {
        byte[] raw = Arrays.copyOf(RAW, 5_000);
        byte[] packed = new byte[Compression.ZSTD.maxLength(raw.length)];
        ByteBuffer to = ByteBuffer.allocateDirect(packed.length);
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        Codecs.acquire();
        try {
            long allocated = 0;
            for (int round = 0; round < 20; round++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                for (int group = 0; group < 100; group++) {
                    try (Codec codec = Codecs.borrow()) {
                        int length = codec.compress(Compression.ZSTD, 1, raw, 0, raw.length, packed, 0);
                        codec.recompress(Compression.ZSTD, packed, 0, length, raw.length, Compression.LZ4, 0, to, 0);
                        codec.recompress(Compression.ZSTD, packed, 0, length, raw.length, Compression.ZSTD, 1, to, 0);
                    }
                }
                allocated = threads.getCurrentThreadAllocatedBytes() - before;
            }
            assertThat(allocated / 100).as("bytes for each group").isLessThan(300);
        } finally {
            Codecs.release();
        }
    }

    private static byte[] streamed(byte[] raw) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZstdOutputStream out = new ZstdOutputStream(bytes, 3)) {
            out.write(raw);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return bytes.toByteArray();
    }

    private static byte[] joined(byte[]... parts) {
        ByteBuffer all = ByteBuffer.allocate(
                Stream.of(parts).mapToInt(part -> part.length).sum());
        Stream.of(parts).forEach(all::put);
        return all.array();
    }
}
