package io.slsdispatch.connector.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slsdispatch.connector.wire.BlockSlicer.Sequences;
import java.io.ByteArrayOutputStream;
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

    private static final int LONGEST = 2000;
    private static final int MOST_OF_SEQUENCES = 301 * (2 * LONGEST + 20);

    @Property(tries = 1000)
    void everySliceOfAnyBlockHoldsItsBytes(
            @ForAll long seed, @ForAll @IntRange(max = 5) int texture, @ForAll @IntRange(max = 3) int compressor) {
        Random random = new Random(seed);
        byte[] raw = bytes(random, texture, random.nextInt(random.nextBoolean() ? 300 : 200_000));
        check(raw, COMPRESSORS.get(compressor).compress(raw), random);
    }

    /** Compressors make few of the lengths and distances that the format allows; the service's may be any of them. */
    @Property(tries = 300)
    void everySliceOfABlockOfAnySequencesHoldsItsBytes(
            @ForAll long seed, @ForAll @IntRange(max = 300) int sequences, @ForAll Reach reach) {
        Random random = new Random(seed);
        byte[] block = block(random, sequences, reach);
        byte[] raw = DECOMPRESSORS.get(0).decompress(block, MOST_OF_SEQUENCES);
        check(raw, block, random);
    }

    /** From where matches repeat. */
    private enum Reach {
        NEAR,
        ANYWHERE,
        FAR;

        int distance(Random random, int position) {
            int most = Math.min(position, 0xffff);
            return switch (this) {
                case NEAR -> 1 + random.nextInt(Math.min(most, 8));
                case ANYWHERE -> 1 + random.nextInt(most);
                case FAR -> most - random.nextInt(Math.min(most, 5));
            };
        }
    }

    private static byte[] block(Random random, int sequences, Reach reach) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        int position = 0;
        for (int i = 0; i < sequences; i++) {
            int literals = position == 0 ? 1 : length(random);
            int match = length(random);
            writeLiterals(random, literals, match, block);
            position += literals;
            int distance = reach.distance(random, position);
            block.write(distance);
            block.write(distance >>> 8);
            writeLength(match, block);
            position += match + Sequences.MIN_MATCH;
        }
        writeLiterals(random, (sequences == 0 ? 1 : 12) + length(random), 0, block);
        return block.toByteArray();
    }

    /** Most often short; else where another byte of length is needed, or long. */
    private static int length(Random random) {
        return switch (random.nextInt(8)) {
            case 0 -> 0;
            case 1 -> 14 + random.nextInt(3);
            case 2 -> 15 + 254 + random.nextInt(3);
            case 3 -> random.nextInt(LONGEST);
            default -> random.nextInt(20);
        };
    }

    private static void writeLiterals(Random random, int count, int match, ByteArrayOutputStream block) {
        block.write(Math.min(count, Sequences.LONG) << 4 | Math.min(match, Sequences.LONG));
        writeLength(count, block);
        for (int i = 0; i < count; i++) {
            block.write(random.nextInt(4));
        }
    }

    private static void writeLength(int length, ByteArrayOutputStream block) {
        if (length >= Sequences.LONG) {
            int rest = length - Sequences.LONG;
            for (; rest >= 0xff; rest -= 0xff) {
                block.write(0xff);
            }
            block.write(rest);
        }
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
        assertEndsAsTheFormatAsks(place, 7, 7 + length, to - from);
        return Arrays.copyOfRange(place, 7, 7 + length);
    }

    /** Decompressors that copy in steps may rely on it, though those of the test do not. */
    private static void assertEndsAsTheFormatAsks(byte[] block, int from, int to, int size) {
        Sequences sequences = new Sequences();
        sequences.reset(block, from, to);
        while (sequences.hasNext()) {
            assertThat(sequences.distance()).isBetween(1, sequences.matchBegin());
            assertThat(sequences.matchBegin()).isLessThanOrEqualTo(size - 12);
            assertThat(sequences.end()).isLessThanOrEqualTo(size - 5);
            sequences.next();
        }
        assertThat(sequences.end()).isEqualTo(size);
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
