package io.slsdispatch.connector.source.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.FakeSls;
import io.slsdispatch.connector.client.FakeSls.Call;
import io.slsdispatch.connector.client.TestGroups;
import io.slsdispatch.connector.config.StoppingPosition;
import io.slsdispatch.connector.config.TestConfigs;
import io.slsdispatch.connector.model.KeyRange;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.Position;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.model.Shard;
import io.slsdispatch.connector.source.split.ShardEvent.FinishesCheckpointed;
import io.slsdispatch.connector.source.split.ShardEvent.RestoredShards;
import io.slsdispatch.connector.source.split.ShardEvent.ShardsFinished;
import io.slsdispatch.connector.source.split.ShardEvent.ShardsReadOnly;
import io.slsdispatch.connector.source.split.ShardSplit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.base.source.reader.fetcher.SplitFetcher;
import org.apache.flink.connector.testutils.source.reader.TestingReaderContext;
import org.apache.flink.connector.testutils.source.reader.TestingReaderOutput;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.runtime.metrics.groups.InternalSourceReaderMetricGroup;
import org.apache.flink.runtime.metrics.groups.UnregisteredMetricGroups;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 2, unit = TimeUnit.MINUTES)
class SlsSourceReaderTest {

    private static final Duration LONG = Duration.ofMinutes(1);

    /** Collects groups with their times, and notes which outputs were released. */
    private static final class Output extends TestingReaderOutput<RawLogGroup> {
        final List<Long> times = new ArrayList<>();
        final List<String> released = new ArrayList<>();

        @Override
        public void collect(RawLogGroup group, long timestamp) {
            times.add(timestamp);
            super.collect(group, timestamp);
        }

        @Override
        public void releaseOutputForSplit(String splitId) {
            released.add(splitId);
        }
    }

    private final FakeSls service = new FakeSls(2);
    private final TestConfigs plain = TestConfigs.of(service.logstore());
    private final TestingReaderContext context = new TestingReaderContext(
            new Configuration(),
            InternalSourceReaderMetricGroup.wrap(UnregisteredMetricGroups.createUnregisteredOperatorMetricGroup()));
    private final Output output = new Output();
    private SlsSourceReader reader;

    private void open(TestConfigs configs, ShardSplit... restored) {
        reader = SlsSourceReader.create(configs.config(), service.clients(), context);
        if (restored.length > 0) {
            reader.addSplits(List.of(restored));
        }
        reader.start();
    }

    @AfterEach
    void close() throws Exception {
        reader.close();
        service.close();
    }

    private ShardSplit split(int shard, int group) {
        return new ShardSplit(
                service.logstore(), shard, KeyRange.RING, 5, Position.at(FakeSls.cursorOf(group)), 0, null, false);
    }

    private ShardSplit finished(int shard, int group) {
        return split(shard, group).at(Position.at(FakeSls.cursorOf(group)), true);
    }

    private void pollUntil(Callable<Boolean> done) {
        await("what is polled for")
                .atMost(LONG)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> {
                    reader.pollNext(output);
                    return done.call();
                });
    }

    private List<String> emitted() {
        return output.getEmittedRecords().stream().map(TestGroups::content).toList();
    }

    @Test
    void saysWhatItRestoredWhenItStarts() {
        open(plain, split(0, 0), finished(1, 0));

        assertThat(context.getSentEvents())
                .containsExactly(new RestoredShards(List.of(new Shard(0, KeyRange.RING, true, 5)), List.of(1)));
    }

    @Test
    void saysSoEvenWhenItRestoredNothing() {
        open(plain);

        assertThat(context.getSentEvents()).containsExactly(new RestoredShards(List.of(), List.of()));
    }

    @Test
    void emitsGroupsWithTheTimeAtWhichTheServiceReceivedThem() {
        service.writeMany(0, "g", 3);
        open(plain);
        reader.addSplits(List.of(split(0, 0)));
        pollUntil(() -> emitted().size() == 3);

        assertThat(emitted()).containsExactly("g0", "g1", "g2");
        assertThat(output.times).containsOnly(service.now().toEpochMilli());
    }

    @Test
    void keepsInStateWhatWasEmittedAndNotWhatWasPulled() throws Exception {
        service.writeMany(0, "g", 5);
        open(plain, split(0, 0));
        pollUntil(() -> emitted().size() == 2);

        List<ShardSplit> state = reader.snapshotState(1);
        assertThat(state)
                .containsExactly(split(0, 0)
                        .at(new Position(FakeSls.cursorOf(0), 2), service.now().getEpochSecond(), false));

        reader.close();
        output.clearEmittedRecords();
        open(plain, state.get(0));
        pollUntil(() -> emitted().size() == 3);
        assertThat(emitted()).containsExactly("g2", "g3", "g4");
    }

    @Test
    void keepsAFinishedShardInStateUntilTheFinishIsRecorded() {
        service.writeMany(0, "g", 2);
        open(plain, split(0, 0), split(1, 0));
        reader.handleSourceEvents(new ShardsReadOnly(Map.of(0, 0L)));
        context.clearSentEvents();
        pollUntil(() -> !context.getSentEvents().isEmpty());

        assertThat(context.getSentEvents()).containsExactly(new ShardsFinished(List.of(0)));
        assertThat(reader.snapshotState(1))
                .containsExactlyInAnyOrder(
                        split(1, 0),
                        finished(0, 2)
                                .at(
                                        Position.at(FakeSls.cursorOf(2)),
                                        service.now().getEpochSecond(),
                                        true));
        assertThat(reader.snapshotState(2)).hasSize(2);

        reader.handleSourceEvents(new FinishesCheckpointed(List.of(0)));
        assertThat(reader.snapshotState(3)).containsExactly(split(1, 0));
    }

    @Test
    void readsNothingOfARestoredFinishedShardAndKeepsIt() throws Exception {
        service.writeMany(0, "g", 2);
        service.writeMany(1, "h", 2);
        open(plain, finished(0, 0), split(1, 0));
        pollUntil(() -> emitted().size() == 2);

        assertThat(emitted()).containsExactly("h0", "h1");
        assertThat(service.calls("PullLogs")).noneMatch(call -> call.shard() == 0);
        assertThat(reader.snapshotState(1)).contains(finished(0, 0));
        assertThat(output.released).containsExactly("0");
    }

    @Test
    void refusesTheStateOfAnotherLogstore() {
        LogstoreId other = new LogstoreId("fake-project", "other");
        ShardSplit foreign =
                new ShardSplit(other, 0, KeyRange.RING, 0, Position.at(FakeSls.cursorOf(0)), 0, null, false);

        assertThatThrownBy(() -> open(plain, foreign))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("fake-project/other")
                .hasMessageContaining("fake-project/source");
    }

    @Test
    void readsAgainAfterItHadNothingToRead() {
        open(plain, split(0, 0));
        reader.handleSourceEvents(new ShardsReadOnly(Map.of(0, 0L)));
        pollUntil(() -> context.getSentEvents().contains(new ShardsFinished(List.of(0))));

        service.writeMany(1, "h", 2);
        reader.addSplits(List.of(split(1, 0)));
        pollUntil(() -> emitted().size() == 2);
    }

    @Test
    void endsWhenNoMoreShardsComeAndAllAreFinished() throws Exception {
        open(plain, split(0, 0));
        reader.handleSourceEvents(new ShardsReadOnly(Map.of(0, 0L)));
        reader.notifyNoMoreSplits();

        await("the end").atMost(LONG).until(() -> reader.pollNext(output) == InputStatus.END_OF_INPUT);
        assertThat(context.getSentEvents()).contains(new ShardsFinished(List.of(0)));
    }

    @Test
    void commitsThePositionsOfTheCompletedCheckpoint() throws Exception {
        service.commit("progress", 1, FakeSls.cursorOf(0));
        service.writeMany(0, "g", 4);
        open(plain.consumerGroup("progress"), split(0, 0));
        pollUntil(() -> emitted().size() == 4);
        reader.snapshotState(1);
        service.writeMany(0, "more", 4);
        pollUntil(() -> emitted().size() == 8);
        reader.notifyCheckpointComplete(1);

        await("the commit").atMost(LONG).untilAsserted(() -> assertThat(service.committed("progress"))
                .containsEntry(0, FakeSls.cursorOf(4)));
    }

    /** The last commit is for the orderly end alone; a cancelled or failed task waits for nothing. */
    @Test
    void doesNotWaitForTheLastCommitBeforeTheOrderlyEnd() throws Exception {
        service.commit("progress", 1, FakeSls.cursorOf(0));
        service.refuse(ErrorKind.UNAVAILABLE, 1, call -> call.operation().equals("UpdateCheckPoint"));
        open(plain.consumerGroup("progress"), split(0, 0));
        reader.snapshotState(1);
        reader.notifyCheckpointComplete(1);
        await("the commit").atMost(LONG).until(() -> !service.calls("UpdateCheckPoint")
                .isEmpty());

        reader.close();
        // Who waits for a commit repeats it until it succeeds.
        assertThat(service.calls("UpdateCheckPoint")).hasSize(1);
    }

    @Test
    void waitsForTheLastCommitAtTheOrderlyEnd() throws Exception {
        service.commit("progress", 1, FakeSls.cursorOf(0));
        service.writeMany(0, "g", 4);
        service.refuse(ErrorKind.UNAVAILABLE, 1, call -> call.operation().equals("UpdateCheckPoint"));
        open(plain.consumerGroup("progress").stop(new StoppingPosition.Now()), split(0, 0));
        reader.notifyNoMoreSplits();
        await("the end").atMost(LONG).until(() -> reader.pollNext(output) == InputStatus.END_OF_INPUT);
        reader.snapshotState(1);
        reader.notifyCheckpointComplete(1);

        reader.close();
        assertThat(service.committed("progress")).containsEntry(0, FakeSls.cursorOf(4));
    }

    @Test
    void countsBytesOfGroups() {
        int bytes = service.write(0, "t", "content").length;
        open(plain, split(0, 0));
        pollUntil(() -> emitted().size() == 1);

        assertThat(context.metricGroup()
                        .getIOMetricGroup()
                        .getNumBytesInCounter()
                        .getCount())
                .isEqualTo(bytes);
    }

    @Test
    void closesAtOnceWhileTheServiceHangs() throws Exception {
        service.hang(call -> true);
        open(plain, split(0, 0), split(1, 0));
        await("pulls").atMost(LONG).until(() -> service.calls("PullLogs").size() == 2);

        closesWithoutLeavingThreads();
    }

    @Test
    void closesAtOnceWhileNobodyTakesWhatItPulls() throws Exception {
        service.writeMany(0, "g", 100);
        service.maxGroupsPerAnswer(1);
        open(plain, split(0, 0));
        await("a full queue").atMost(LONG).until(() -> service.calls("PullLogs").stream()
                .map(Call::detail)
                .anyMatch(FakeSls.cursorOf(3)::equals));

        closesWithoutLeavingThreads();
    }

    /** Closing gives up after some seconds; then a thread is left that has not come to its end. */
    private void closesWithoutLeavingThreads() throws Exception {
        reader.close();
        assertThat(service.openClients()).isZero();
        String fetcher = "Source Data Fetcher for " + Thread.currentThread().getName();
        assertThat(Thread.getAllStackTraces().entrySet().stream()
                        .filter(thread -> thread.getKey().getName().equals(fetcher))
                        .flatMap(thread -> Arrays.stream(thread.getValue())))
                .noneMatch(frame -> frame.getClassName().equals(SplitFetcher.class.getName()));
    }
}
