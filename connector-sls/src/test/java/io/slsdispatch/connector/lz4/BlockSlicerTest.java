package io.slsdispatch.connector.lz4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class BlockSlicerTest {

    private static final List<LZ4Compressor> COMPRESSORS = List.of(
            LZ4Factory.safeInstance().fastCompressor(),
            LZ4Factory.safeInstance().highCompressor(),
            LZ4Factory.fastestInstance().fastCompressor(),
            LZ4Factory.fastestInstance().highCompressor(17));

    private static final List<LZ4SafeDecompressor> DECOMPRESSORS = List.of(
            LZ4Factory.safeInstance().safeDecompressor(),
            LZ4Factory.fastestInstance().safeDecompressor());

    @Property(tries = 1000)
    void everySliceOfAnyBlockHoldsItsBytes(
            @ForAll long seed, @ForAll @IntRange(max = 5) int texture, @ForAll @IntRange(max = 3) int compressor) {
        Random random = new Random(seed);
        byte[] raw = bytes(random, texture, random.nextInt(random.nextBoolean() ? 300 : 200_000));
        check(raw, COMPRESSORS.get(compressor).compress(raw), random);
    }

    /** The whole, nothing, single bytes, neighbours, and gaps in between. */
    private static void check(byte[] raw, byte[] block, Random random) {
        int longest = 1 + random.nextInt(raw.length + 1);
        BlockSlicer slicer = new BlockSlicer();
        slicer.reset(block, block.length, raw);
        int from = 0;
        while (from < raw.length) {
            int to = Math.min(raw.length, from + random.nextInt(longest + 1));
            byte[] expected = Arrays.copyOfRange(raw, from, to);
            assertThat(restored(cut(slicer, from, to), expected.length))
                    .as("slice from %d to %d of %d", from, to, raw.length)
                    .allSatisfy(slice -> assertThat(slice).isEqualTo(expected));
            from = random.nextInt(3) == 0 ? Math.min(raw.length, to + random.nextInt(20)) : to + (to == from ? 1 : 0);
        }
    }

    /** Cuts into a place that is just large enough and surrounded by what must not be touched. */
    private static byte[] cut(BlockSlicer slicer, int from, int to) {
        int room = Lz4.maxLength(to - from);
        byte[] place = new byte[room + 14];
        Arrays.fill(place, (byte) 0x5a);
        int length = slicer.slice(from, to, place, 7);
        assertThat(Arrays.copyOf(place, 7)).containsOnly(0x5a);
        assertThat(Arrays.copyOfRange(place, 7 + room, place.length)).containsOnly(0x5a);
        return Arrays.copyOfRange(place, 7, 7 + length);
    }

    private static List<byte[]> restored(byte[] block, int length) {
        return DECOMPRESSORS.stream()
                .map(decompressor -> decompressor.decompress(block, length))
                .toList();
    }

    private static byte[] bytes(Random random, int texture, int length) {
        byte[] bytes = new byte[length];
        switch (texture) {
            case 0 -> random.nextBytes(bytes);
            case 1 -> Arrays.fill(bytes, (byte) 7);
            case 2 -> {
                for (int i = 0; i < length; i++) {
                    bytes[i] = (byte) random.nextInt(3);
                }
            }
            case 3 -> {
                int period = 1 + random.nextInt(70_000);
                for (int i = 0; i < length; i++) {
                    bytes[i] = i < period ? (byte) random.nextInt() : bytes[i - period];
                }
            }
            default -> {
                StringBuilder text = new StringBuilder();
                while (text.length() < length) {
                    text.append("level=INFO path=/api/v")
                            .append(random.nextInt(3))
                            .append("/orders/")
                            .append(texture == 4 ? random.nextInt(1000) : random.nextLong())
                            .append(random.nextInt(50) == 0 ? "x".repeat(random.nextInt(2000)) : "")
                            .append('\n');
                }
                System.arraycopy(text.toString().getBytes(StandardCharsets.US_ASCII), 0, bytes, 0, length);
            }
        }
        return bytes;
    }

    @Test
    void copiesWhatIsBeyondTheReachOfAMatch() {
        byte[] raw = bytes(new Random(1), 4, 600_000);
        byte[] block = LZ4Factory.safeInstance().fastCompressor().compress(raw);
        BlockSlicer slicer = new BlockSlicer();
        slicer.reset(block, block.length, raw);

        byte[] cut = cut(slicer, 200_000, raw.length);
        int copied = cut.length / 2;
        assertThat(Arrays.copyOfRange(cut, cut.length - copied, cut.length))
                .isEqualTo(Arrays.copyOfRange(block, block.length - copied, block.length));
    }

    @Test
    void canBeUsedForOneBlockAfterAnother() {
        BlockSlicer slicer = new BlockSlicer();
        for (int i = 0; i < 50; i++) {
            byte[] raw = bytes(new Random(i), 4, 1000 + 100 * (50 - i));
            byte[] block = LZ4Factory.safeInstance().fastCompressor().compress(raw);
            byte[] longer = Arrays.copyOf(block, block.length + 30);
            slicer.reset(longer, block.length, raw);

            byte[] expected = Arrays.copyOfRange(raw, 500, raw.length);
            assertThat(restored(cut(slicer, 500, raw.length), expected.length)).containsOnly(expected, expected);
        }
    }

    @Test
    void makesBlocksThatAreHardlyLargerThanCompressedOnes() {
        byte[] raw = bytes(new Random(1), 4, 600_000);
        LZ4Compressor compressor = LZ4Factory.safeInstance().fastCompressor();
        byte[] block = compressor.compress(raw);
        BlockSlicer slicer = new BlockSlicer();
        slicer.reset(block, block.length, raw);

        int cut = cut(slicer, 200_000, 500_000).length;
        int compressed = compressor.compress(raw, 200_000, 300_000).length;
        assertThat(cut).isLessThan(compressed + compressed / 10);
    }

    @Test
    void refusesSlicesThatAreNotInOrder() {
        byte[] raw = new byte[100];
        byte[] block = LZ4Factory.safeInstance().fastCompressor().compress(raw);
        BlockSlicer slicer = new BlockSlicer();
        slicer.reset(block, block.length, raw);
        slicer.slice(10, 20, new byte[100], 0);

        assertThatThrownBy(() -> slicer.slice(19, 30, new byte[100], 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("slice from 19 to 30 after one to 20");
    }

    @Test
    void restoresOnlyABlockOfTheExpectedSize() {
        byte[] raw = bytes(new Random(1), 4, 5000);
        byte[] block = LZ4Factory.safeInstance().fastCompressor().compress(raw);

        assertThat(Lz4.decompress(block, 0, block.length, raw.length)).isEqualTo(raw);
        assertThatThrownBy(() -> Lz4.decompress(block, 0, block.length, raw.length + 1))
                .isInstanceOf(LZ4Exception.class);
        assertThatThrownBy(() -> Lz4.decompress(block, 0, block.length, raw.length - 1))
                .isInstanceOf(LZ4Exception.class);
    }
}
