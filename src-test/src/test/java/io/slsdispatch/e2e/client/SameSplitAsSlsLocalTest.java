package io.slsdispatch.e2e.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.aliyun.openservices.log.common.Logs;
import com.google.protobuf.ByteString;
import io.slsdispatch.connector.wire.LogGroupSplitter;
import io.slsdispatch.local.wire.GroupParts;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** SLS Local and the connector split a group into the same parts, by two codes that share nothing. */
class SameSplitAsSlsLocalTest {

    private static final int PART_BYTES = 5_000_000;

    private final ByteArrayOutputStream group = new ByteArrayOutputStream();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void makesTheSameParts(long seed) throws Exception {
        Random random = new Random(seed);
        while (group.size() <= 2 * GroupParts.MAX_WHOLE_BYTES) {
            switch (random.nextInt(8)) {
                case 0 -> add(Logs.LogGroup.newBuilder().setTopic("topic " + random.nextInt()));
                case 1 ->
                    add(Logs.LogGroup.newBuilder()
                            .addLogTags(Logs.LogTag.newBuilder().setKey("key").setValue("value")));
                case 2 -> group.writeBytes(new byte[] {(byte) 0xFA, 0x01, 0x03, 'a', 'b', 'c'});
                case 3 -> log(5_100_000 + random.nextInt(1_000_000));
                default -> log(random.nextInt(1_200_000));
            }
        }
        List<byte[]> parts = new ArrayList<>();
        new LogGroupSplitter(group.toByteArray(), 0, group.size(), PART_BYTES).forEachRemaining(parts::add);

        assertThat(GroupParts.of(group.toByteArray()))
                .hasSizeGreaterThan(3)
                .usingElementComparator(Arrays::compare)
                .isEqualTo(parts);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void makesTheSameHalves(long seed) throws Exception {
        Random random = new Random(seed);
        add(Logs.LogGroup.newBuilder().setTopic("topic " + random.nextInt()));
        for (int logs = 0; logs < 20; logs++) {
            log(1_000 + random.nextInt(3_000));
        }
        List<byte[]> halves = new ArrayList<>();
        new LogGroupSplitter(group.toByteArray(), 0, group.size(), (group.size() + 1) / 2)
                .forEachRemaining(halves::add);

        assertThat(GroupParts.ofRefused(group.toByteArray()))
                .hasSizeBetween(2, 3)
                .usingElementComparator(Arrays::compare)
                .isEqualTo(halves);
    }

    private void log(int bytes) {
        add(Logs.LogGroup.newBuilder()
                .addLogs(Logs.Log.newBuilder()
                        .setTime(1_700_000_000)
                        .addContents(Logs.Log.Content.newBuilder()
                                .setKey("text")
                                .setValueBytes(ByteString.copyFrom(new byte[bytes])))));
    }

    private void add(Logs.LogGroup.Builder fields) {
        group.writeBytes(fields.buildPartial().toByteArray());
    }
}
