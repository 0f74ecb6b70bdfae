package io.slsdispatch.connector.source.reader;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import io.slsdispatch.connector.config.CompressionConfig;
import io.slsdispatch.connector.model.ByteSlice;
import io.slsdispatch.connector.model.PulledBatch;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.wire.Compression;
import io.slsdispatch.connector.wire.FieldWriter;
import io.slsdispatch.connector.wire.LogGroupFields;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import net.jpountz.lz4.LZ4Factory;
import org.junit.jupiter.api.Test;

class PackedGroupsTest {

    private final Random random = new Random(5);

    private CompressionConfig packing = CompressionConfig.LZ4;
    private int released;

    @Test
    void groupsOfAnySizeHoldTheirBytes() throws IOException {
        byte[][] groups = {text(100_000), text(2_000), new byte[0], text(70_000), text(300_000), text(1)};

        assertHolds(groups, index(groups, true));
        assertHolds(groups, index(groups, false));
    }

    @Test
    void groupsForZstdTargetsArePackedAsFramesWhateverTheyWerePulledAs() throws IOException {
        packing = CompressionConfig.zstd(3);
        byte[][] groups = {text(100_000), text(2_000), new byte[0], text(70_000), text(300_000), text(1)};

        for (boolean lz4 : new boolean[] {true, false}) {
            GroupIndex index = index(groups, lz4);

            assertHolds(groups, index);
            for (int i = 0; i < groups.length; i++) {
                assertThat(index.group(i, 0, "cursor", false).packing()).isEqualTo(Compression.ZSTD);
                assertThat(Zstd.decompress(blockOf(index, i).toArray(), Math.max(1, groups[i].length)))
                        .isEqualTo(groups[i]);
            }
        }
    }

    @Test
    void theBatchIsReleasedOnceAndNothingOfItIsKept() throws IOException {
        byte[][] groups = {text(100_000), text(2_000)};

        GroupIndex index = index(groups, true);

        assertThat(released).isEqualTo(1);
        assertHolds(groups, index);
    }

    @Test
    void groupsShareArraysOnlyUntilTheseAreOfAFairSize() throws IOException {
        byte[][] groups = new byte[400][];
        Arrays.setAll(groups, group -> text(group % 100 == 99 ? 300_000 : 3_000));
        GroupIndex index = index(groups, true);

        assertHolds(groups, index);
        assertThat(blockOf(index, 0).array()).isSameAs(blockOf(index, 1).array());
        int largest = blockOf(index, 99).length();
        for (int i = 0; i < groups.length; i++) {
            assertThat(blockOf(index, i).array().length).isLessThan(64 * 1024 + largest + largest / 8);
        }
        assertThat(blockOf(index, 0).array()).isNotSameAs(blockOf(index, 399).array());
    }

    @Test
    void blocksAreHardlyLargerThanCompressedGroups() throws IOException {
        byte[][] groups = {text(300_000), text(300_000), text(70_000), text(5_000), text(300_000)};
        GroupIndex index = index(groups, true);

        for (int i = 0; i < groups.length; i++) {
            int compressed = LZ4Factory.fastestInstance().fastCompressor().compress(groups[i]).length;
            assertThat(blockOf(index, i).length()).isLessThan(compressed + compressed / 8);
        }
    }

    @Test
    void aGroupThatRepeatsMuchOfTheOneBeforeIsCompressed() throws IOException {
        byte[] noise = new byte[50_000];
        random.nextBytes(noise);
        byte[] first = group(noise);
        byte[] second = group(noise, text(1_000), text(20_000));
        byte[][] groups = {text(300_000), first, second};
        GroupIndex index = index(groups, true);

        assertHolds(groups, index);
        int compressed = LZ4Factory.fastestInstance().fastCompressor().compress(second).length;
        assertThat(blockOf(index, 2).length()).isLessThan(compressed + compressed / 8);
    }

    private static ByteSlice blockOf(GroupIndex index, int group) {
        return Objects.requireNonNull(index.group(group, 0, "cursor", false).block());
    }

    private static void assertHolds(byte[][] groups, GroupIndex index) {
        assertThat(index.groups()).isEqualTo(groups.length);
        for (int i = 0; i < groups.length; i++) {
            RawLogGroup group = index.group(i, 3, "cursor", false);
            assertThat(group.bytes().toArray()).isEqualTo(groups[i]);
            assertThat(group.length()).isEqualTo(groups[i].length);
            assertThat(group.topic()).isEqualTo(groups[i].length == 0 ? "" : "t");
            assertThat(group.index()).isEqualTo(i);
        }
    }

    /** Overwrites what the batch came in as soon as it is released. */
    private GroupIndex index(byte[][] groups, boolean lz4) throws IOException {
        FieldWriter list = new FieldWriter(100);
        for (byte[] group : groups) {
            list.bytes(LogGroupFields.GROUP, group);
        }
        byte[] data = list.toBytes();
        byte[] block = LZ4Factory.fastestInstance().fastCompressor().compress(data);
        return new GroupIndex.Builder(packing)
                .index(new PulledBatch(
                        data, data.length, lz4 ? ByteSlice.of(block) : null, groups.length, "next", true, 0, 0, () -> {
                            released++;
                            Arrays.fill(data, (byte) 0);
                            Arrays.fill(block, (byte) 0);
                        }));
    }

    private byte[] text(int bytes) {
        StringBuilder text = new StringBuilder();
        while (text.length() < bytes) {
            text.append("GET /orders/")
                    .append(random.nextInt(10_000))
                    .append(" 200 ")
                    .append(random.nextInt());
        }
        return group(text.toString().getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] group(byte[]... logs) {
        FieldWriter group = new FieldWriter(100);
        for (byte[] log : logs) {
            group.bytes(LogGroupFields.LOGS, log);
        }
        return group.text(LogGroupFields.TOPIC, "t").toBytes();
    }
}
