package io.slsdispatch.connector.source.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.FakeSls;
import io.slsdispatch.connector.client.FakeSls.Call;
import io.slsdispatch.connector.client.TestGroups;
import io.slsdispatch.connector.config.PullConfig;
import io.slsdispatch.connector.config.TestConfigs;
import io.slsdispatch.connector.model.Position;
import io.slsdispatch.connector.source.reader.PulledRecords.PulledGroup;
import io.slsdispatch.connector.source.split.ShardSplit;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.flink.connector.base.source.reader.RecordsWithSplitIds;
import org.apache.flink.connector.base.source.reader.splitreader.SplitsAddition;
import org.apache.flink.connector.base.source.reader.splitreader.SplitsRemoval;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ShardSplitReaderTest {

    private static final Duration LONG = Duration.ofMinutes(1);

    private FakeSls service = new FakeSls(16);
    private ReadingRig rig;
    private ShardSplitReader reader;
    private final List<String> emitted = new ArrayList<>();
    private final Set<String> finished = new HashSet<>();

    private void open(PullConfig pulls, int... shards) {
        rig = new ReadingRig(
                service, TestConfigs.of(service.logstore()).pulls(pulls).config());
        reader = new ShardSplitReader(rig.env);
        List<ShardSplit> splits = IntStream.of(shards)
                .mapToObj(shard -> ReadingRig.split(service, shard, Position.at(FakeSls.cursorOf(0)), null))
                .toList();
        splits.forEach(split -> rig.env.metrics().begin(split.shard(), 0));
        reader.handleSplitsChanges(new SplitsAddition<>(splits));
    }

    private static PullConfig pulls(long bytes, int concurrent) {
        return new PullConfig(bytes, concurrent, 1000, Duration.ofMillis(1), Duration.ofMillis(2));
    }

    private static final PullConfig PLENTY = pulls(1 << 26, 4);

    @AfterEach
    void close() {
        reader.close();
        rig.close();
    }

    /** Takes what one fetch brings, as the task thread does. */
    private void consume(RecordsWithSplitIds<PulledGroup> records) {
        while (records.nextSplit() != null) {
            PulledGroup pulled = records.nextRecordFromSplit();
            while (pulled != null) {
                emitted.add(TestGroups.content(pulled.group()));
                pulled = records.nextRecordFromSplit();
            }
        }
        finished.addAll(records.finishedSplits());
        records.recycle();
    }

    private CompletableFuture<RecordsWithSplitIds<PulledGroup>> fetchElsewhere() {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return reader.fetch();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void readsManyShardsWithOneThread() throws IOException {
        int[] all = IntStream.range(0, 16).toArray();
        for (int shard : all) {
            service.writeMany(shard, "s" + shard + "-", 20);
        }
        open(PLENTY, all);
        while (emitted.size() < 320) {
            consume(reader.fetch());
        }
        assertThat(emitted).hasSize(320).doesNotHaveDuplicates();
    }

    @Test
    void asksAgainForABatchThatCannotBeRestored() throws IOException {
        service.writeMany(0, "a-", 20);
        service.split(0, 2);
        service.refuse(ErrorKind.UNAVAILABLE, 2, call -> call.operation().equals("Unpack"));
        open(PLENTY, 0);
        rig.env.readOnly().add(0);
        while (finished.isEmpty()) {
            consume(reader.fetch());
        }
        assertThat(emitted).hasSize(20).doesNotHaveDuplicates();
        assertThat(service.calls("PullLogs")).hasSizeGreaterThanOrEqualTo(3);
        assertThat(rig.env.budget().taken()).isZero();
    }

    @Test
    void readsHundredsOfShardsWithOneThread() throws IOException {
        service.close();
        service = new FakeSls(500);
        int[] all = IntStream.range(0, 500).toArray();
        for (int shard : all) {
            service.writeMany(shard, shard + "-", 4);
        }
        service.maxGroupsPerAnswer(2);
        open(PLENTY, all);
        while (emitted.size() < 2000) {
            consume(reader.fetch());
        }
        assertThat(emitted).hasSize(2000).doesNotHaveDuplicates();
    }

    @Test
    void hasNoMorePullsUnderWayThanAllowed() throws IOException {
        service.hang(call -> true);
        open(pulls(1 << 26, 3), IntStream.range(0, 16).toArray());
        CompletableFuture<?> fetch = fetchElsewhere();
        await("pulls").atMost(LONG).until(() -> service.calls("PullLogs").size() == 3);

        reader.wakeUp();
        fetch.join();
        consume(fetchAfterWakeUp());
        assertThat(service.calls("PullLogs")).hasSize(3);
    }

    private RecordsWithSplitIds<PulledGroup> fetchAfterWakeUp() throws IOException {
        reader.wakeUp();
        return reader.fetch();
    }

    @Test
    void sendsNoPullForWhichThereIsNoRoom() throws IOException {
        service.writeMany(0, "a", 5);
        service.writeMany(1, "b", 5);
        open(pulls(100, 4), 0, 1);
        RecordsWithSplitIds<PulledGroup> first = reader.fetch();
        RecordsWithSplitIds<PulledGroup> second = reader.fetch();
        assertThat(rig.env.budget().taken()).isGreaterThan(100);
        consume(fetchAfterWakeUp());
        assertThat(service.calls("PullLogs")).hasSize(2);

        consume(first);
        consume(second);
        assertThat(emitted).hasSize(10);
        await("another pull").atMost(LONG).until(() -> {
            consume(fetchAfterWakeUp());
            return service.calls("PullLogs").size() > 2;
        });
    }

    @Test
    void givesAllRoomBackWhenEverythingIsEmitted() throws IOException {
        service.writeMany(0, "a", 50);
        service.split(0, 2);
        open(PLENTY, 0);
        rig.env.readOnly().add(0);
        while (finished.isEmpty()) {
            consume(reader.fetch());
        }
        assertThat(emitted).hasSize(50);
        assertThat(rig.env.budget().taken()).isZero();
    }

    @Test
    void sendsTheNextPullBeforeItHandsABatchOver() throws IOException {
        service.writeMany(0, "a", 10);
        service.maxGroupsPerAnswer(5);
        open(PLENTY, 0);
        RecordsWithSplitIds<PulledGroup> first = reader.fetch();

        await("the next pull").atMost(LONG).until(() -> service.calls("PullLogs").stream()
                .map(Call::detail)
                .anyMatch(FakeSls.cursorOf(5)::equals));
        consume(first);
        assertThat(emitted).hasSize(5);
    }

    @Test
    void readsOtherShardsWhileOneHangs() throws IOException {
        service.hang(call -> call.shard() == 0);
        service.writeMany(1, "b", 5);
        open(PLENTY, 0, 1);
        while (emitted.size() < 5) {
            consume(reader.fetch());
        }
        assertThat(emitted).hasSize(5);
    }

    @Test
    void finishesAShardOnce() throws IOException {
        service.split(0, 2);
        open(PLENTY, 0, 1);
        rig.env.readOnly().add(0);
        while (finished.isEmpty()) {
            consume(reader.fetch());
        }
        assertThat(finished).containsExactly("0");
        finished.clear();
        consume(fetchAfterWakeUp());
        assertThat(finished).isEmpty();
    }

    @Test
    void isWokenWhileItWaits() {
        service.hang(call -> true);
        open(PLENTY, 0);
        CompletableFuture<RecordsWithSplitIds<PulledGroup>> fetch = fetchElsewhere();
        await("the pull").atMost(LONG).until(() -> !service.calls("PullLogs").isEmpty());
        assertThat(fetch).isNotDone();

        reader.wakeUp();
        assertThat(fetch.join().nextSplit()).isNull();
    }

    @Test
    void keepsAWakeUpThatComesBeforeTheFetch() throws IOException {
        service.hang(call -> true);
        open(PLENTY, 0);
        reader.wakeUp();

        assertThat(reader.fetch().nextSplit()).isNull();
    }

    @Test
    void pullsNothingForAPausedShardAndLosesNothingWhenItIsResumed() throws IOException {
        service.writeMany(0, "a", 5);
        service.writeMany(1, "b", 5);
        open(PLENTY, 0, 1);
        reader.pauseOrResumeSplits(List.of(splitOf(0)), List.of());
        while (emitted.size() < 5) {
            consume(reader.fetch());
        }
        assertThat(emitted).allMatch(content -> content.startsWith("b"));
        assertThat(service.calls("PullLogs")).noneMatch(call -> call.shard() == 0);

        reader.pauseOrResumeSplits(List.of(), List.of(splitOf(0)));
        while (emitted.size() < 10) {
            consume(reader.fetch());
        }
        assertThat(emitted).hasSize(10).doesNotHaveDuplicates();
    }

    @Test
    void holdsNoRoomForAShardThatIsPausedDuringItsPull() throws IOException {
        service.writeMany(0, "a", 5);
        service.hang(call -> call.shard() == 0);
        open(PLENTY, 0);
        CompletableFuture<RecordsWithSplitIds<PulledGroup>> fetch = fetchElsewhere();
        await("the pull").atMost(LONG).until(() -> !service.calls("PullLogs").isEmpty());
        reader.wakeUp();
        fetch.join();
        reader.pauseOrResumeSplits(List.of(splitOf(0)), List.of());
        service.heal();
        await("room").atMost(LONG).until(() -> {
            consume(fetchAfterWakeUp());
            return rig.env.budget().taken() == 0;
        });
        assertThat(emitted).isEmpty();

        reader.pauseOrResumeSplits(List.of(), List.of(splitOf(0)));
        while (emitted.size() < 5) {
            consume(reader.fetch());
        }
        assertThat(emitted).hasSize(5);
    }

    @Test
    void forgetsARemovedShard() throws IOException {
        service.writeMany(0, "a", 5);
        service.writeMany(1, "b", 5);
        open(PLENTY, 0, 1);
        reader.handleSplitsChanges(new SplitsRemoval<>(List.of(splitOf(0))));
        while (emitted.size() < 5) {
            consume(reader.fetch());
        }
        consume(fetchAfterWakeUp());
        assertThat(emitted).allMatch(content -> content.startsWith("b"));
    }

    private ShardSplit splitOf(int shard) {
        return ReadingRig.split(service, shard, Position.at(FakeSls.cursorOf(0)), null);
    }
}
