package io.slsdispatch.connector.source.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.connector.model.PulledBatch;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.wire.FieldWriter;
import io.slsdispatch.connector.wire.LogGroupFields;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import net.jpountz.lz4.LZ4Factory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PackedGroupsTest {

    private final Random random = new Random(5);

    @Test
    void largeGroupsArePackedAndSmallOnesAreNot() throws IOException {
        byte[][] groups = {text(100_000), text(2_000), text(70_000), text(300_000), text(1)};
        GroupIndex index = index(groups, true);

        for (int i = 0; i < groups.length; i++) {
            RawLogGroup group = index.group(i, 3, "cursor");
            assertThat(group.block() != null).isEqualTo(groups[i].length > 65_536);
            assertThat(group.bytes().toArray()).isEqualTo(groups[i]);
            assertThat(group.length()).isEqualTo(groups[i].length);
            assertThat(group.topic()).isEqualTo("t");
            assertThat(group.index()).isEqualTo(i);
        }
    }

    @Test
    void blocksAreSmall() throws IOException {
        byte[] text = text(300_000);
        RawLogGroup group = index(new byte[][] {text, text(300_000)}, true).group(0, 0, "cursor");

        int compressed = LZ4Factory.fastestInstance().fastCompressor().compress(text).length;
        assertThat(group.block().length()).isLessThan(compressed + compressed / 10);
    }

    @Test
    void groupsThatWouldGrowTooMuchAreNotPacked() throws IOException {
        byte[] noise = new byte[30_000];
        random.nextBytes(noise);
        byte[] first = group(noise, noise, noise);
        byte[] second = group(text(100), noise, noise);
        GroupIndex index = index(new byte[][] {first, second, first}, true);

        assertThat(index.group(1, 0, "cursor").block()).isNull();
        assertThat(index.group(1, 0, "cursor").bytes().toArray()).isEqualTo(second);
        assertThat(index.group(2, 0, "cursor").bytes().toArray()).isEqualTo(first);
    }

    @Test
    void nothingIsPackedOfABatchThatCameOtherwise() throws IOException {
        byte[] text = text(300_000);
        RawLogGroup group = index(new byte[][] {text}, false).group(0, 0, "cursor");

        assertThat(group.block()).isNull();
        assertThat(group.bytes().toArray()).isEqualTo(text);
    }

    private static GroupIndex index(byte[][] groups, boolean lz4) throws IOException {
        FieldWriter list = new FieldWriter(100);
        for (byte[] group : groups) {
            list.bytes(LogGroupFields.GROUP, group);
        }
        byte[] data = list.toBytes();
        byte @Nullable [] block =
                lz4 ? LZ4Factory.fastestInstance().fastCompressor().compress(data) : null;
        return new GroupIndex.Builder()
                .index(new PulledBatch(data, data.length, block, groups.length, "next", true, 0, 0));
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
