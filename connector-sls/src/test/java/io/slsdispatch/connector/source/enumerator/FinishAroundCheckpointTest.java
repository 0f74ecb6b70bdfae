package io.slsdispatch.connector.source.enumerator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slsdispatch.connector.client.FakeSls;
import io.slsdispatch.connector.client.TestGroups;
import io.slsdispatch.connector.config.ShardOrder;
import io.slsdispatch.connector.config.SourceConfig;
import io.slsdispatch.connector.config.TestConfigs;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.source.reader.SlsSourceReader;
import io.slsdispatch.connector.source.split.ShardEvent.ShardsFinished;
import io.slsdispatch.connector.source.split.ShardSplit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.connector.testutils.source.reader.TestingReaderContext;
import org.apache.flink.connector.testutils.source.reader.TestingReaderOutput;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A shard that is read to its end around a checkpoint, with the real enumerator and the real reader. The Kinesis
 * connector lost the shard, or its children, when the event that says so fell between the parts of a checkpoint
 * (FLINK-37416, FLINK-37627). Here the shard is read to its end, and the event arrives, at every moment of a checkpoint;
 * then everything is restored from it.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class FinishAroundCheckpointTest {

    /** The moments of a checkpoint, in order. */
    enum Moment {
        BEFORE,
        BETWEEN_ENUMERATOR_AND_READER,
        AFTER_BOTH,
        AFTER_COMPLETION,
        NEVER
    }

    private final FakeSls service = new FakeSls(1);
    private SourceConfig config = TestConfigs.of(service.logstore()).config();
    private final TestingReaderOutput<RawLogGroup> output = new TestingReaderOutput<>();
    private final List<SlsSourceReader> readers = new ArrayList<>();
    private EnumeratorRig rig;
    private TestingReaderContext context;
    private SlsSourceReader reader;
    private int delivered;
    private int heard;

    @AfterEach
    void close() throws Exception {
        for (SlsSourceReader opened : readers) {
            opened.close();
        }
        service.close();
    }

    private void start(EnumeratorState enumerator, List<ShardSplit> splits) throws Exception {
        rig = enumerator == null
                ? new EnumeratorRig(service, config, 1)
                : new EnumeratorRig(service, config, 1, enumerator);
        context = new TestingReaderContext();
        reader = SlsSourceReader.create(config, service.clients(), context);
        readers.add(reader);
        delivered = 0;
        heard = 0;
        if (!splits.isEmpty()) {
            reader.addSplits(splits);
        }
        rig.register(0);
        reader.start();
    }

    /** What the enumerator sent arrives at the reader. */
    private void deliver() {
        List<EnumeratorRig.Message> sent = rig.sent.getOrDefault(0, List.of());
        while (delivered < sent.size()) {
            EnumeratorRig.Message message = sent.get(delivered++);
            if (message instanceof EnumeratorRig.Message.Assign assign) {
                reader.addSplits(assign.splits());
            } else if (message instanceof EnumeratorRig.Message.Event event) {
                reader.handleSourceEvents(event.event());
            }
        }
    }

    /** What the reader sent arrives at the enumerator. */
    private void hear() {
        List<SourceEvent> events = context.getSentEvents();
        while (heard < events.size()) {
            rig.enumerator().handleSourceEvent(0, events.get(heard++));
        }
    }

    private void pollUntil(Callable<Boolean> done) {
        await("what is polled for")
                .atMost(Duration.ofMinutes(1))
                .pollInterval(Duration.ofMillis(1))
                .until(() -> {
                    reader.pollNext(output);
                    return done.call();
                });
    }

    private List<String> emitted() {
        return output.getEmittedRecords().stream().map(TestGroups::content).toList();
    }

    private void finishShard() {
        pollUntil(() -> context.getSentEvents().stream().anyMatch(ShardsFinished.class::isInstance));
    }

    /** Reads shard 0, which was split, up to where only its end is missing. */
    private List<Integer> readUpToTheEnd() throws Exception {
        service.writeMany(0, "parent-", 3);
        start(null, List.of());
        hear();
        rig.discover();
        deliver();
        pollUntil(() -> emitted().size() == 3);
        List<Integer> children = service.split(0, 2);
        children.forEach(child -> service.writeMany(child, "child-" + child + "-", 2));
        rig.discover();
        return children;
    }

    @ParameterizedTest
    @CsvSource({
        "BEFORE, BEFORE",
        "BEFORE, BETWEEN_ENUMERATOR_AND_READER",
        "BEFORE, AFTER_BOTH",
        "BEFORE, AFTER_COMPLETION",
        "BEFORE, NEVER",
        "BETWEEN_ENUMERATOR_AND_READER, BETWEEN_ENUMERATOR_AND_READER",
        "BETWEEN_ENUMERATOR_AND_READER, AFTER_BOTH",
        "BETWEEN_ENUMERATOR_AND_READER, AFTER_COMPLETION",
        "BETWEEN_ENUMERATOR_AND_READER, NEVER",
        "AFTER_BOTH, AFTER_BOTH",
        "AFTER_BOTH, AFTER_COMPLETION",
        "AFTER_BOTH, NEVER",
        "AFTER_COMPLETION, AFTER_COMPLETION",
        "NEVER, NEVER"
    })
    void everyGroupIsReadOnceWhateverTheMoment(Moment finishes, Moment isHeard) throws Exception {
        readUpToTheEnd();
        EnumeratorState enumerator = null;
        List<ShardSplit> splits = List.of();
        for (Moment moment : Moment.values()) {
            // What was sent before the enumerator's part arrives before the reader's part, and what was sent after it
            // arrives after that.
            if (moment == Moment.BEFORE || moment == Moment.AFTER_BOTH) {
                deliver();
            }
            if (finishes == moment && moment != Moment.NEVER) {
                finishShard();
            }
            if (isHeard == moment && moment != Moment.NEVER) {
                hear();
            }
            switch (moment) {
                case BEFORE -> {
                    deliver();
                    enumerator = rig.snapshot(1);
                }
                case BETWEEN_ENUMERATOR_AND_READER -> splits = new ArrayList<>(reader.snapshotState(1));
                case AFTER_BOTH -> rig.complete(1);
                default -> {}
            }
        }

        start(enumerator, splits);
        readEverything();

        assertThat(emitted())
                .containsExactlyInAnyOrder(
                        "parent-0", "parent-1", "parent-2", "child-1-0", "child-1-1", "child-2-0", "child-2-1");
    }

    /** FLINK-37627: the finish is in the first checkpoint's reader part only; the next checkpoint must have it too. */
    @ParameterizedTest
    @EnumSource(names = {"AFTER_COMPLETION", "NEVER"})
    void theNextCheckpointHoldsAFinishThatWasNotHeardBeforeIt(Moment isHeard) throws Exception {
        readUpToTheEnd();
        deliver();
        rig.snapshot(1);
        finishShard();
        reader.snapshotState(1);
        rig.complete(1);
        reader.notifyCheckpointComplete(1);
        EnumeratorState enumerator = rig.snapshot(2);
        if (isHeard == Moment.AFTER_COMPLETION) {
            hear();
        }
        List<ShardSplit> splits = new ArrayList<>(reader.snapshotState(2));

        start(enumerator, splits);
        readEverything();

        assertThat(emitted()).hasSize(7).doesNotHaveDuplicates();
    }

    /** Forgotten earlier, it could be in nobody's state when a checkpoint is restored. */
    @Test
    void aFinishedShardStaysInTheStateOfItsReaderUntilACompletedCheckpointHoldsIt() throws Exception {
        readUpToTheEnd();
        deliver();
        finishShard();
        hear();
        deliver();
        rig.snapshot(1);
        deliver();
        assertThat(finishedInState(1)).containsExactly(0);

        rig.complete(1);
        deliver();
        assertThat(finishedInState(2)).isEmpty();
    }

    private List<Integer> finishedInState(long checkpoint) {
        return reader.snapshotState(checkpoint).stream()
                .filter(ShardSplit::finished)
                .map(ShardSplit::shard)
                .toList();
    }

    /** FLINK-37416: after a restore the finish is said before anything is assigned to the reader. */
    @Test
    void childrenAreReadThoughNothingWasAssignedSinceTheRestoreAndNothingIsListed() throws Exception {
        readUpToTheEnd();
        deliver();
        EnumeratorState enumerator = rig.snapshot(1);
        finishShard();
        List<ShardSplit> splits = new ArrayList<>(reader.snapshotState(1));
        service.refuse(io.slsdispatch.connector.client.ErrorKind.UNAVAILABLE, "ListShards");

        start(enumerator, splits);
        hear();
        deliver();
        pollUntil(() -> emitted().size() == 7);

        assertThat(emitted()).doesNotHaveDuplicates();
    }

    /** A shard that never held anything ends at once; its end must reach state and release the children as any other. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void childrenOfAShardThatNeverHeldAnythingAreRead(boolean restoredInBetween) throws Exception {
        config = config.withOrder(ShardOrder.AFTER_DELIVERY);
        service.split(0, 2).forEach(child -> service.writeMany(child, "child-" + child + "-", 2));
        start(null, List.of());
        hear();
        rig.discover();
        deliver();
        finishShard();
        hear();
        EnumeratorState enumerator = rig.snapshot(1);
        List<ShardSplit> splits = new ArrayList<>(reader.snapshotState(1));
        if (restoredInBetween) {
            start(enumerator, splits);
            hear();
        } else {
            rig.complete(1);
        }
        deliver();
        pollUntil(() -> emitted().size() == 4);

        assertThat(emitted()).containsExactlyInAnyOrder("child-1-0", "child-1-1", "child-2-0", "child-2-1");
    }

    /** The finish leaves the reader's state in the end, and with it the last trace of the shard but one bit. */
    @Test
    void aFinishLeavesTheReadersStateOnceACompletedCheckpointOfTheEnumeratorHoldsIt() throws Exception {
        readUpToTheEnd();
        deliver();
        finishShard();
        hear();
        deliver();
        assertThat(reader.snapshotState(1)).as("heard of").anyMatch(ShardSplit::finished);
        rig.snapshot(2);
        deliver();
        assertThat(reader.snapshotState(2)).as("in a checkpoint").anyMatch(ShardSplit::finished);
        assertThat(reader.snapshotState(3)).as("in a later one").anyMatch(ShardSplit::finished);
        rig.complete(2);
        assertThat(reader.snapshotState(4)).as("not acknowledged yet").anyMatch(ShardSplit::finished);
        deliver();

        assertThat(reader.snapshotState(5)).noneMatch(ShardSplit::finished);
    }

    private void readEverything() {
        hear();
        rig.discover();
        pollUntil(() -> {
            hear();
            deliver();
            return emitted().size() >= 7;
        });
    }
}
