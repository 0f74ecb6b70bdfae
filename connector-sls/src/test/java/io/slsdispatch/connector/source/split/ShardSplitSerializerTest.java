package io.slsdispatch.connector.source.split;

import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.connector.model.KeyRange;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.Position;
import java.io.IOException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import net.jqwik.api.constraints.WithNull;
import org.junit.jupiter.api.Test;

class ShardSplitSerializerTest {

    private static final ShardSplit SPLIT = new ShardSplit(
            new LogstoreId("my-project", "my_store"),
            17,
            KeyRange.ofHex("40000000000000000000000000000000", "80000000000000000000000000000000"),
            1_524_222_931L,
            new Position("MTQ0NzI5OTYwNjg5NjYzMjM1Ng==", 42),
            1_700_000_123L,
            "MTQ0NzI5OTYwNjg5NjYzMjM5OQ==",
            true);

    private final ShardSplitSerializer serializer = new ShardSplitSerializer();

    @Test
    void readsWhatVersion1Wrote() throws IOException {
        assertThat(serializer.deserialize(1, StateAssertions.golden("shard-split-v1.bin")))
                .isEqualTo(SPLIT.at(SPLIT.position(), 0, SPLIT.finished()));
    }

    @Test
    void readsWhatVersion2Wrote() throws IOException {
        assertThat(serializer.deserialize(2, StateAssertions.golden("shard-split-v2.bin")))
                .isEqualTo(SPLIT);
    }

    @Test
    void writesWhatVersion2Wrote() throws IOException {
        assertThat(serializer.serialize(SPLIT)).isEqualTo(StateAssertions.golden("shard-split-v2.bin"));
    }

    @Test
    void refusesWhatItDidNotWrite() throws IOException {
        StateAssertions.refusesWhatItDidNotWrite(serializer, SPLIT);
    }

    @Property
    void readsWhatItWrote(
            @ForAll @IntRange(max = Integer.MAX_VALUE) int shard,
            @ForAll long createdAt,
            @ForAll long receivedAt,
            @ForAll @StringLength(min = 1, max = 60) String cursor,
            @ForAll @IntRange(max = 1000) int emitted,
            @ForAll @WithNull @StringLength(max = 60) String stopCursor)
            throws IOException {
        ShardSplit split = new ShardSplit(
                SPLIT.logstore(),
                shard,
                KeyRange.RING,
                createdAt,
                new Position(cursor, emitted),
                receivedAt,
                stopCursor,
                emitted % 2 == 0);

        assertThat(serializer.deserialize(serializer.getVersion(), serializer.serialize(split)))
                .isEqualTo(split);
    }
}
