package io.slsdispatch.connector.client.data;

import static org.assertj.core.api.Assertions.assertThat;

import com.aliyun.openservices.log.common.Logs;
import com.github.luben.zstd.Zstd;
import io.slsdispatch.connector.config.CompressionConfig;
import io.slsdispatch.connector.model.ByteSlice;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.wire.Codec;
import io.slsdispatch.connector.wire.Codecs;
import io.slsdispatch.connector.wire.Compression;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jpountz.lz4.LZ4Factory;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.WithNull;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against the schema of the official SDK. */
class LogPackagesTest {

    /** Lengths around those at which a varint grows, of the group and of what it is compressed to. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 15, 120, 125, 126, 127, 128, 129, 16_250, 16_383, 16_384, 16_400, 300_000, 2_100_000})
    void holdEachGroupCompressedWithItsSize(int length) throws Exception {
        List<RawLogGroup> groups = IntStream.range(0, 3)
                .mapToObj(i -> group(new Random(i), length, i == 1))
                .toList();
        ByteBuffer list = ByteBuffer.allocateDirect(groups.stream()
                .mapToInt(group -> LogPackages.maxLength(group, Compression.LZ4))
                .sum());

        groups.forEach(group -> LogPackages.write(group, CompressionConfig.LZ4, list));

        var packages = Logs.SlsLogPackageList.parseFrom(written(list)).getPackagesList();
        assertThat(packages).hasSize(3);
        for (int i = 0; i < 3; i++) {
            byte[] block = packages.get(i).getData().toByteArray();
            assertThat(packages.get(i).getUncompressSize()).isEqualTo(length);
            assertThat(packages.get(i).getCompressType()).isEqualTo(Logs.SlsCompressType.SLS_CMP_LZ4);
            byte[] restored = new byte[length];
            int size = LZ4Factory.safeInstance().safeDecompressor().decompress(block, 0, block.length, restored, 0);
            assertThat(size).isEqualTo(length);
            assertThat(restored).isEqualTo(bytes(groups.get(i)));
        }
    }

    /** Every pair of compressions, as a list and alone. */
    @Property(tries = 300)
    void holdTheSameBytesHoweverGroupsArePackedAndSent(
            @ForAll byte[] content,
            @ForAll @IntRange(max = 2000) int repeats,
            @ForAll @WithNull(0.3) Compression packing,
            @ForAll Compression sentAs,
            @ForAll @IntRange(min = 1, max = 9) int level)
            throws Exception {
        byte[] bytes = new byte[content.length * repeats];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = content[i % content.length];
        }
        RawLogGroup group = packed(bytes, packing);
        CompressionConfig compression =
                sentAs == Compression.LZ4 ? CompressionConfig.LZ4 : CompressionConfig.zstd(level);
        ByteBuffer list = ByteBuffer.allocateDirect(LogPackages.maxLength(group, sentAs) * 2);
        ByteBuffer single = ByteBuffer.allocateDirect(3 + LogPackages.maxBlockLength(group, sentAs));

        LogPackages.write(group, compression, list);
        LogPackages.write(group, compression, list);
        int length = LogPackages.writeBlock(group, compression, single, 3);

        for (var one : Logs.SlsLogPackageList.parseFrom(written(list)).getPackagesList()) {
            assertThat(one.getCompressType())
                    .isEqualTo(
                            sentAs == Compression.LZ4
                                    ? Logs.SlsCompressType.SLS_CMP_LZ4
                                    : Logs.SlsCompressType.SLS_CMP_ZSTD);
            assertThat(decompressed(one.getData().toByteArray(), sentAs, bytes.length))
                    .isEqualTo(bytes);
        }
        byte[] body = new byte[length];
        single.get(3, body);
        assertThat(decompressed(body, sentAs, bytes.length)).isEqualTo(bytes);
        if (packing == sentAs) {
            assertThat(body)
                    .as("copied as it is packed")
                    .isEqualTo(group.block().toArray());
        }
    }

    private static RawLogGroup packed(byte[] bytes, Compression packing) {
        if (packing == null) {
            return new RawLogGroup(bytes, 0, bytes.length, "t", 0, "c", 0);
        }
        byte[] block = new byte[packing.maxLength(bytes.length) + 5];
        try (Codec codec = Codecs.borrow()) {
            int length = codec.compress(packing, 3, bytes, 0, bytes.length, block, 5);
            return RawLogGroup.packed(packing, new ByteSlice(block, 5, length), bytes.length, "t", 0, "c", 0, false);
        }
    }

    /** By the libraries, as the service does. */
    private static byte[] decompressed(byte[] body, Compression kind, int length) {
        byte[] raw = new byte[Math.max(1, length)];
        long size = kind == Compression.LZ4
                ? LZ4Factory.safeInstance().safeDecompressor().decompress(body, raw)
                : Zstd.decompressByteArray(raw, 0, raw.length, body, 0, body.length);
        assertThat(size).isEqualTo(length);
        return Arrays.copyOf(raw, length);
    }

    @Test
    void takeTheBlockOfAPackedGroupAsItIs() throws Exception {
        byte[] array = {9, 9, 0x50, 'b', 'l', 'o', 'c', 'k', 9};
        RawLogGroup packed = RawLogGroup.packed(new ByteSlice(array, 2, 6), 5, "t", 0, "c", 0);
        ByteBuffer list = ByteBuffer.allocateDirect(LogPackages.maxLength(packed, Compression.LZ4));

        LogPackages.write(packed, CompressionConfig.LZ4, list);

        var read = Logs.SlsLogPackageList.parseFrom(written(list)).getPackages(0);
        assertThat(read.getData().toByteArray()).isEqualTo(Arrays.copyOfRange(array, 2, 8));
        assertThat(read.getUncompressSize()).isEqualTo(5);
    }

    /** Recorded of the official client. */
    @Test
    void areWrittenAsTheSdkDoes() {
        byte[] bytes = HexFormat.of().parseHex("0a0a080112060a016b1201761a0174");
        ByteBuffer list = ByteBuffer.allocateDirect(100);

        LogPackages.write(new RawLogGroup(bytes, 0, bytes.length, "t", 0, "c", 0), CompressionConfig.LZ4, list);

        assertThat(HexFormat.of().formatHex(written(list)))
                .isEqualTo("0a170a11f0000a0a080112060a016b1201761a0174100f1802");
    }

    private static byte[] written(ByteBuffer list) {
        byte[] written = new byte[list.flip().remaining()];
        list.get(written);
        return written;
    }

    private static RawLogGroup group(Random random, int length, boolean compressible) {
        byte[] array = new byte[length + 10];
        if (!compressible) {
            random.nextBytes(array);
        }
        return new RawLogGroup(array, 7, length, "t", 0, "c", 0);
    }

    private static byte[] bytes(RawLogGroup group) {
        return group.bytes().toArray();
    }
}
