package io.slsdispatch.connector.client.data;

import static org.assertj.core.api.Assertions.assertThat;

import com.aliyun.openservices.log.common.Logs;
import io.slsdispatch.connector.model.ByteSlice;
import io.slsdispatch.connector.model.RawLogGroup;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jpountz.lz4.LZ4Factory;
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
        ByteBuffer list = ByteBuffer.allocateDirect(
                groups.stream().mapToInt(LogPackages::maxLength).sum());

        groups.forEach(group -> LogPackages.write(group, list));

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

    @Test
    void takeTheBlockOfAPackedGroupAsItIs() throws Exception {
        byte[] array = {9, 9, 0x50, 'b', 'l', 'o', 'c', 'k', 9};
        RawLogGroup packed = RawLogGroup.packed(new ByteSlice(array, 2, 6), 5, "t", 0, "c", 0);
        ByteBuffer list = ByteBuffer.allocateDirect(LogPackages.maxLength(packed));

        LogPackages.write(packed, list);

        var read = Logs.SlsLogPackageList.parseFrom(written(list)).getPackages(0);
        assertThat(read.getData().toByteArray()).isEqualTo(Arrays.copyOfRange(array, 2, 8));
        assertThat(read.getUncompressSize()).isEqualTo(5);
    }

    /** Recorded of the official client. */
    @Test
    void areWrittenAsTheSdkDoes() {
        byte[] bytes = HexFormat.of().parseHex("0a0a080112060a016b1201761a0174");
        ByteBuffer list = ByteBuffer.allocateDirect(100);

        LogPackages.write(new RawLogGroup(bytes, 0, bytes.length, "t", 0, "c", 0), list);

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
