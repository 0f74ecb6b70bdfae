package io.slsdispatch.local.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.aliyun.openservices.log.common.Logs;
import com.google.protobuf.ByteString;
import java.io.ByteArrayOutputStream;
import org.junit.jupiter.api.Test;

class GroupPartsTest {

    private static final int PART_BYTES = 5_000_000;

    private final ByteArrayOutputStream group = new ByteArrayOutputStream();

    @Test
    void takesLogsUpToTheVeryByte() {
        // The first two logs fill a part; one byte more and the second has one of its own.
        log(2_000_000);
        int first = group.size();
        log(PART_BYTES - first - 20);
        int spare = PART_BYTES - group.size();
        group.reset();
        log(2_000_000);
        log(PART_BYTES - first - 20 + spare);
        assertThat(group.size()).isEqualTo(PART_BYTES);
        log(6_000_000);

        assertThat(GroupParts.of(group.toByteArray()))
                .extracting(part -> part.length)
                .startsWith(PART_BYTES)
                .hasSize(2);
    }

    @Test
    void makesNoPartsOfWhatTheServiceTakes() {
        log(5_000_000);
        log(GroupParts.MAX_WHOLE_BYTES - 5_000_100);

        assertThat(group.size()).isLessThanOrEqualTo(GroupParts.MAX_WHOLE_BYTES);
        assertThat(GroupParts.of(group.toByteArray())).isEmpty();
    }

    @Test
    void makesNoPartsOfWhatCannotBeSplit() {
        log(GroupParts.MAX_WHOLE_BYTES);
        assertThat(GroupParts.of(group.toByteArray())).as("one log").isEmpty();

        add(Logs.LogGroup.newBuilder()
                .addLogTags(Logs.LogTag.newBuilder().setKey("key").setValue("v".repeat(2_600_000))));
        log(10);
        assertThat(GroupParts.of(group.toByteArray())).as("tags").isEmpty();
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
