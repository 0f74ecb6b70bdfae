package io.slsdispatch.connector.source.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.FakeSls;
import io.slsdispatch.connector.client.FakeSls.AtExpired;
import io.slsdispatch.connector.config.StoppingPosition;
import io.slsdispatch.connector.config.TestConfigs;
import io.slsdispatch.connector.metrics.SourceMetricNames;
import io.slsdispatch.connector.model.Position;
import io.slsdispatch.connector.model.PulledBatch;
import io.slsdispatch.connector.wire.LogGroupListWalker;
import io.slsdispatch.connector.wire.MalformedLogGroupException;
import io.slsdispatch.connector.wire.WireBytes;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers in cursors that no group ever had: nothing is lost, repeated or failed by them. */
class EmptyRangeTest {

    private static final long HUGE = 1_000_000_000_000_000L;

    /** A shard with empty ranges. */
    private static final class Layout {

        final FakeSls service = new FakeSls(1);
        final TestConfigs plain = TestConfigs.of(service.logstore());
        final List<String> all = new ArrayList<>();

        /** Writes groups and leaves out numbers in turn, groups first. */
        void add(long... lengths) {
            for (int i = 0; i < lengths.length; i++) {
                if (i % 2 == 1) {
                    service.skipNumbers(0, lengths[i]);
                    continue;
                }
                for (long group = 0; group < lengths[i]; group++) {
                    String content = "g" + all.size();
                    service.write(0, "t", content);
                    all.add(content);
                }
            }
        }

        ReadingRig rig(TestConfigs configs) {
            return new ReadingRig(service, configs.config());
        }
    }

    private final Layout layout = new Layout();
    private final FakeSls service = layout.service;
    private final TestConfigs plain = layout.plain;

    private void layOut(long... lengths) {
        layout.add(lengths);
    }

    private List<String> all() {
        return layout.all;
    }

    private ReadingRig rig(TestConfigs configs) {
        return layout.rig(configs);
    }

    private void readsAllAndJumps(int jumps) throws IOException {
        try (ReadingRig rig = rig(plain)) {
            rig.reading(0).steps(300);

            assertThat(rig.emitted).isEqualTo(all());
            assertThat(rig.gauge(SourceMetricNames.CURSOR_JUMPS)).isEqualTo(jumps);
            assertThat(rig.gauge(SourceMetricNames.DATA_GAPS)).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 7, HUGE})
    void jumpsOverAHoleBetweenPulls(long size) throws IOException {
        service.maxGroupsPerAnswer(5);
        layOut(5, size, 5);

        readsAllAndJumps(1);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 7, HUGE})
    void jumpsOverAHoleInsideAPull(long size) throws IOException {
        layOut(2, size, 1);

        readsAllAndJumps(1);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 7, HUGE})
    void jumpsOverAHoleInTheMiddleOfALargePullWithFewRequests(long size) throws IOException {
        layOut(500, size, 400);

        readsAllAndJumps(1);
        assertThat(service.calls("GetCursor")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 7, HUGE})
    void jumpsOverAHoleBeforeTheFirstGroup(long size) throws IOException {
        layOut(0, size, 3);

        readsAllAndJumps(1);
    }

    @Test
    void jumpsOverSeveralHolesInOnePull() throws IOException {
        layOut(2, 3, 1, 1, 4, HUGE, 2, 2, 1);

        readsAllAndJumps(4);
    }

    @Test
    void finishesAReadOnlyShardWithHoles() throws IOException {
        layOut(2, 3, 1, HUGE, 2);
        service.split(0, 2);
        try (ReadingRig rig = rig(plain)) {
            rig.reading(0);
            rig.env.readOnly().add(0);

            rig.toTheEnd();

            assertThat(rig.emitted).isEqualTo(all());
        }
    }

    @Test
    void stopsAtACursorInsideAHole() throws IOException {
        layOut(2, 6, 3);
        try (ReadingRig rig = rig(plain.stop(new StoppingPosition.Now()))) {
            rig.reading(0, Position.at(FakeSls.cursorOf(0)), FakeSls.cursorOf(5))
                    .toTheEnd();

            assertThat(rig.emitted).containsExactly("g0", "g1");
            assertThat(rig.gauge(SourceMetricNames.DATA_GAPS)).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6})
    void continuesFromAPositionInTheMiddleOfABatchWithAHole(int emitted) throws IOException {
        layOut(2, 3, 1, 2, 3);
        try (ReadingRig rig = rig(plain)) {
            rig.reading(0, new Position(FakeSls.cursorOf(0), emitted), null).steps(200);

            assertThat(rig.emitted).isEqualTo(all().subList(emitted, all().size()));
        }
    }

    // ---- what is no hole

    @Test
    void takesAHoleAfterAnOldGroupForPossiblyGone() throws IOException {
        service.retention(Duration.ofDays(2));
        layOut(2, 3, 0);
        service.advanceSeconds(Duration.ofHours(25).toSeconds());
        layOut(1);
        service.maxGroupsPerAnswer(2);
        try (ReadingRig rig = rig(plain)) {
            rig.reading(0);

            assertThatThrownBy(() -> rig.steps(100))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("or retention removed them")
                    .hasMessageContaining("on-expired-cursor");
            assertThat(rig.emitted).containsExactly("g0", "g1");
        }
    }

    @Test
    void takesAHoleForPossiblyGoneWhenTheRetentionIsNotKnown() throws IOException {
        layOut(2, 3, 1);
        service.refuse(ErrorKind.UNAUTHORIZED, "GetLogStore");
        try (ReadingRig rig = rig(plain.skippingGaps())) {
            rig.reading(0).steps(100);

            assertThat(rig.emitted).isEqualTo(all());
            assertThat(rig.gauge(SourceMetricNames.DATA_GAPS)).isEqualTo(1);
            assertThat(rig.gauge(SourceMetricNames.CURSOR_JUMPS)).isZero();
        }
    }

    @Test
    void takesAHoleBeforeTheFirstGroupForPossiblyGoneWhenTheShardIsNotKnownToBeYoung() throws IOException {
        service.retention(Duration.ofDays(2));
        layOut(0, 3, 1);
        try (ReadingRig rig = rig(plain)) {
            rig.reading(0);

            assertThatThrownBy(() -> rig.steps(100)).hasMessageContaining("or retention removed them");
        }
    }

    @Test
    void asksForTheBeginningOnlyAfterTheRangeWasFoundEmpty() throws IOException {
        layOut(5, 0, 0);
        service.atExpiredCursors(AtExpired.OLDEST);
        service.trim(0, 3);
        try (ReadingRig rig = rig(plain.skippingGaps())) {
            rig.reading(0).steps(100);

            assertThat(rig.emitted).containsExactly("g3", "g4");
            assertThat(rig.gauge(SourceMetricNames.DATA_GAP_GROUPS)).isEqualTo(3);
            assertThat(rig.gauge(SourceMetricNames.CURSOR_JUMPS)).isZero();
        }
        List<String> operations =
                service.calls().stream().map(FakeSls.Call::operation).toList();
        assertThat(operations.indexOf("GetCursor")).isGreaterThan(2);
    }

    /** The same as a hole, but that the oldest data left is behind it. */
    @Test
    void doesNotTakeExpiryInsideABatchForAHole() throws IOException {
        layOut(6);
        service.atExpiredCursors(AtExpired.OLDEST);
        service.trim(0, 4);
        try (ReadingRig rig = rig(plain)) {
            rig.reading(0, new Position(FakeSls.cursorOf(0), 2), null);

            assertThatThrownBy(() -> rig.steps(100))
                    .hasMessageContaining("older than the oldest available data")
                    .hasMessageContaining("Skipped unread: 2 groups");
            assertThat(rig.emitted).isEmpty();
        }
    }

    @Test
    void waitsForGroupsWhichAMachineThatIsBehindDoesNotShowYet() throws IOException {
        layOut(4);
        service.corruptNext(batch -> without(batch, 1, 2));
        service.corruptNext(batch -> without(batch, 0, 2));
        try (ReadingRig rig = rig(plain)) {
            rig.reading(0).steps(100);

            assertThat(rig.emitted).isEqualTo(all());
            assertThat(rig.gauge(SourceMetricNames.CURSOR_JUMPS)).isZero();
        }
    }

    // ---- at random

    /** A batch without some of its groups, but with the same next cursor. */
    private static PulledBatch without(PulledBatch batch, int from, int to) {
        WireBytes list = WireBytes.message();
        LogGroupListWalker walker = new LogGroupListWalker();
        walker.reset(batch.data(), batch.length());
        int left = 0;
        try {
            for (int i = 0; walker.next(); i++) {
                if (i < from || i >= to) {
                    list.bytes(1, Arrays.copyOfRange(batch.data(), walker.offset(), walker.offset() + walker.length()));
                    left++;
                }
            }
        } catch (MalformedLogGroupException e) {
            throw new AssertionError(e);
        }
        byte[] data = list.toBytes();
        return new PulledBatch(
                data,
                data.length,
                left,
                batch.nextCursor(),
                batch.endOfShard(),
                batch.receivedAtSeconds(),
                batch.serverTimeSeconds());
    }

    @Property(tries = 500, shrinking = ShrinkingMode.OFF)
    void everyGroupIsEmittedOnceInOrderWhateverTheHolesFaultsAndRestores(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        Layout shard = new Layout();
        long[] lengths = new long[1 + 2 * random.nextInt(8)];
        for (int i = 0; i < lengths.length; i++) {
            lengths[i] = i % 2 == 0 ? random.nextInt(30) : random.nextInt(4) == 0 ? HUGE : 1L + random.nextInt(5);
        }
        lengths[lengths.length - 1] = 1L + random.nextInt(5);
        shard.add(lengths);
        shard.service.maxGroupsPerAnswer(1 + random.nextInt(40));
        shard.service.split(0, 2);
        try (ReadingRig rig = shard.rig(shard.plain)) {
            rig.reading(0);
            rig.env.readOnly().add(0);
            for (int restores = 0; restores < 4; restores++) {
                rig.crashAt(rig.emitted.size() + 1 + random.nextInt(20));
                for (int i = 0; i < 40 && !rig.hasCrashed(); i++) {
                    if (random.nextInt(5) == 0) {
                        shard.service.corruptNext(batch -> {
                            int from = random.nextInt(batch.groups());
                            int to = from + 1 + random.nextInt(3);
                            // An answer that says again and again that there is nothing is believed in the end.
                            return from == 0 && to >= batch.groups() ? batch : without(batch, from, to);
                        });
                    }
                    rig.steps(1 + random.nextInt(4));
                }
                rig.restore();
            }
            shard.service.heal();
            rig.steps(3000);

            assertThat(rig.isFinished()).isTrue();
            assertThat(rig.emitted).isEqualTo(shard.all);
            assertThat(rig.gauge(SourceMetricNames.DATA_GAPS)).isZero();
        }
    }
}
