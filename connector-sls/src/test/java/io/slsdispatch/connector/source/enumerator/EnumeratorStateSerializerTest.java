package io.slsdispatch.connector.source.enumerator;

import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.connector.config.StartingPosition;
import io.slsdispatch.connector.config.StoppingPosition;
import io.slsdispatch.connector.model.KeyRange;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.Position;
import io.slsdispatch.connector.model.Shard;
import io.slsdispatch.connector.source.enumerator.EnumeratorState.StopNowCutoff;
import io.slsdispatch.connector.source.split.StateAssertions;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EnumeratorStateSerializerTest {

    private static final LogstoreId LOGSTORE = new LogstoreId("my-project", "my_store");
    private static final KeyRange LEFT = KeyRange.ofHex("0", "80000000000000000000000000000000");
    private static final KeyRange RIGHT =
            KeyRange.ofHex("80000000000000000000000000000000", "ffffffffffffffffffffffffffffffff");

    private final EnumeratorStateSerializer serializer = new EnumeratorStateSerializer();

    /** One shard of each kind, and a start of which everything is known. */
    private static EnumeratorState state() {
        StartingPosition start = new StartingPosition.Committed(
                "script", new StartingPosition.At(Instant.parse("2026-11-21T10:00:00Z")));
        return state(
                new ResolvedStart(start, Map.of(10, "MTQ0NzI5OTYwNjg5NjYzMjM1Ng==", 3, "MTAw")),
                new StopNowCutoff(1_600_000_003L, true));
    }

    /** The same as version 1 knew it. */
    private static EnumeratorState stateOfVersion1() {
        return state(null, StopNowCutoff.OF_VERSION_1);
    }

    private static EnumeratorState state(@Nullable ResolvedStart start, StopNowCutoff stopNow) {
        FinishedShards finished = new FinishedShards();
        finished.add(new Shard(0, LEFT, false, 1_524_222_931L));
        finished.add(new Shard(9, RIGHT, false, 1_524_222_000L));
        Shard unresolved = new Shard(10, LEFT, true, 1_600_000_000L);
        Shard waiting = new Shard(11, RIGHT, false, 0);
        Shard assigned = new Shard(12, RIGHT, true, 1_600_000_002L);
        return new EnumeratorState(
                LOGSTORE,
                new StoppingPosition.At(Instant.parse("2026-11-22T00:00:00Z")),
                true,
                List.of(
                        TrackedShard.discovered(unresolved, true),
                        TrackedShard.discovered(waiting, false)
                                .waitingAt(new Position("MTQ0NzI5OTYwNjg5NjYzMjM1Ng==", 0), "MTQ0"),
                        TrackedShard.heldByReader(assigned)),
                finished,
                start,
                stopNow);
    }

    @Test
    void readsWhatVersion1Wrote() throws IOException {
        assertThat(serializer.deserialize(1, StateAssertions.golden("enumerator-state-v1.bin")))
                .isEqualTo(stateOfVersion1());
    }

    @Test
    void readsWhatVersion2Wrote() throws IOException {
        assertThat(serializer.deserialize(2, StateAssertions.golden("enumerator-state-v2.bin")))
                .isEqualTo(state());
    }

    @Test
    void writesWhatVersion2Wrote() throws IOException {
        assertThat(serializer.serialize(state())).isEqualTo(StateAssertions.golden("enumerator-state-v2.bin"));
    }

    @Test
    void refusesWhatItDidNotWrite() throws IOException {
        StateAssertions.refusesWhatItDidNotWrite(serializer, state());
    }

    static Stream<ResolvedStart> starts() {
        StartingPosition at = new StartingPosition.At(Instant.ofEpochSecond(5));
        return Stream.of(
                ResolvedStart.of(new StartingPosition.Begin()),
                ResolvedStart.of(at),
                ResolvedStart.of(new StartingPosition.Submission(Instant.ofEpochSecond(1_700_000_000))),
                ResolvedStart.of(new StartingPosition.Committed("g", new StartingPosition.Begin())),
                new ResolvedStart(new StartingPosition.Committed("g", at), Map.of()),
                new ResolvedStart(new StartingPosition.Committed("g", at), Map.of(0, "MTAw", 7, "opaque")));
    }

    @ParameterizedTest
    @MethodSource("starts")
    void readsEachKindOfStart(ResolvedStart start) throws IOException {
        EnumeratorState written = state(start, StopNowCutoff.NONE);

        assertThat(serializer.deserialize(serializer.getVersion(), serializer.serialize(written)))
                .isEqualTo(written);
    }

    @Property
    void readsWhatItWrote(
            @ForAll @Size(max = 20) List<@IntRange(max = 5000) Integer> finishedIds,
            @ForAll @Size(max = 20) List<@IntRange(max = 100_000) Integer> openIds,
            @ForAll boolean initialDiscoveryDone)
            throws IOException {
        FinishedShards finished = new FinishedShards();
        finishedIds.forEach(finished::add);
        List<TrackedShard> open = new ArrayList<>();
        openIds.forEach(id -> open.add(TrackedShard.heldByReader(new Shard(id, RIGHT, id % 2 == 0, id))));
        EnumeratorState state = new EnumeratorState(
                LOGSTORE,
                new StoppingPosition.Now(),
                initialDiscoveryDone,
                open,
                finished,
                null,
                new StopNowCutoff(initialDiscoveryDone ? 1 : 0, false));

        assertThat(serializer.deserialize(serializer.getVersion(), serializer.serialize(state)))
                .isEqualTo(state);
    }

    /** Each split adds shards for ever; what is kept of them must stay small. */
    @Test
    void keepsYearsOfSplitsInLittleSpace() throws IOException {
        FinishedShards finished = new FinishedShards();
        for (int id = 0; id < 100_000; id++) {
            finished.add(new Shard(id, RIGHT, false, id));
        }
        EnumeratorState state = new EnumeratorState(
                LOGSTORE,
                new StoppingPosition.Never(),
                true,
                List.of(),
                finished,
                ResolvedStart.of(new StartingPosition.Begin()),
                StopNowCutoff.NONE);

        assertThat(serializer.serialize(state)).hasSizeLessThan(13_000);
    }
}
