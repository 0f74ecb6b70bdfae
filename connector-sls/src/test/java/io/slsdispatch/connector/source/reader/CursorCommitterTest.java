package io.slsdispatch.connector.source.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.FakeSls;
import io.slsdispatch.connector.client.FakeSls.Call;
import io.slsdispatch.connector.config.TestConfigs;
import io.slsdispatch.connector.metrics.SourceMetricNames;
import io.slsdispatch.connector.model.Position;
import io.slsdispatch.connector.source.split.ShardSplit;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CursorCommitterTest {

    private static final Duration LONG = Duration.ofMinutes(1);

    private final FakeSls service = new FakeSls(4);
    private final ReadingRig rig =
            new ReadingRig(service, TestConfigs.of(service.logstore()).config());
    private final AtomicLong nanos = new AtomicLong();
    private final CursorCommitter committer = new CursorCommitter(
            rig.env.client(), service.logstore(), "progress", rig.env.metrics(), "test", nanos::get);

    @BeforeEach
    void makeGroup() {
        service.commit("progress", 9, FakeSls.cursorOf(0));
    }

    @AfterEach
    void close() {
        rig.close();
        committer.close();
    }

    private static List<ShardSplit> at(FakeSls service, int... groups) {
        return java.util.stream.IntStream.range(0, groups.length)
                .mapToObj(shard -> ReadingRig.split(service, shard, Position.at(FakeSls.cursorOf(groups[shard])), null))
                .toList();
    }

    private void awaitCommitted(int shard, int group) {
        await("commit of shard " + shard).atMost(LONG).untilAsserted(() -> assertThat(service.committed("progress"))
                .containsEntry(shard, FakeSls.cursorOf(group)));
    }

    @Test
    void commitsWhatTheCompletedCheckpointHoldsAndNothingNewer() {
        committer.snapshot(1, at(service, 10, 20));
        committer.snapshot(2, at(service, 30, 40));
        committer.completed(1);

        awaitCommitted(0, 10);
        awaitCommitted(1, 20);
        assertThat(service.calls("UpdateCheckPoint")).hasSize(2);
    }

    @Test
    void commitsTheCursorOfTheBatchThatIsBeingEmitted() {
        committer.snapshot(1, List.of(ReadingRig.split(service, 0, new Position(FakeSls.cursorOf(10), 7), null)));
        committer.completed(1);

        awaitCommitted(0, 10);
    }

    @Test
    void commitsNothingOfAnAbortedCheckpoint() {
        committer.snapshot(1, at(service, 10));
        committer.aborted(1);
        committer.completed(1);
        committer.snapshot(2, at(service, 11));
        committer.completed(2);

        awaitCommitted(0, 11);
        assertThat(service.calls("UpdateCheckPoint")).hasSize(1);
    }

    @Test
    void toleratesNotificationsThatWereSkipped() {
        committer.snapshot(1, at(service, 10));
        committer.snapshot(2, at(service, 11));
        committer.completed(2);
        committer.completed(1);

        awaitCommitted(0, 11);
        assertThat(service.calls("UpdateCheckPoint")).hasSize(1);
    }

    @Test
    void neverGoesBackWhenAnOlderCheckpointIsConfirmedLate() {
        committer.snapshot(1, at(service, 10));
        committer.snapshot(2, at(service, 20));
        committer.completed(2);
        awaitCommitted(0, 20);
        committer.completed(1);
        committer.snapshot(3, at(service, 20, 5));
        committer.completed(3);
        awaitCommitted(1, 5);

        assertThat(commitsOf(0)).containsExactly(FakeSls.cursorOf(20));
    }

    /** The cursors of a shard that were committed, in order. */
    private List<String> commitsOf(int shard) {
        return service.calls("UpdateCheckPoint").stream()
                .filter(call -> call.shard() == shard)
                .map(Call::detail)
                .toList();
    }

    /** The next checkpoint does not have the shard any more, as its end is recorded. */
    @Test
    void commitsTheEndOfAFinishedShardThoughItsCommitFailedAtFirst() {
        service.refuse(ErrorKind.UNAVAILABLE, 1, call -> call.operation().equals("UpdateCheckPoint"));
        committer.snapshot(1, at(service, 10, 20));
        committer.completed(1);
        await("failure").atMost(LONG).until(() -> rig.gauge(SourceMetricNames.GROUP_COMMIT_FAILURES) == 1);

        committer.snapshot(2, at(service, 11));
        committer.completed(2);
        awaitCommitted(0, 11);
        awaitCommitted(1, 20);
    }

    @Test
    void createsAGroupAgainThatWasDeletedAndCommitsEveryShardToIt() {
        committer.snapshot(1, at(service, 10, 20, 30));
        committer.completed(1);
        awaitCommitted(2, 30);
        service.deleteConsumerGroup("progress");

        // Only one of them has moved.
        letTimePass();
        committer.snapshot(2, at(service, 10, 21, 30));
        committer.completed(2);
        awaitCommitted(0, 10);
        awaitCommitted(1, 21);
        awaitCommitted(2, 30);
        assertThat(rig.gauge(SourceMetricNames.GROUP_COMMIT_FAILURES)).isEqualTo(1);
    }

    /** Nothing moves, so no commit meets the deleted group. */
    @Test
    void noticesInTimeThatTheGroupOfAnIdleLogstoreWasDeleted() {
        committer.snapshot(1, at(service, 10, 20));
        committer.completed(1);
        awaitCommitted(1, 20);
        service.deleteConsumerGroup("progress");
        nanos.addAndGet(Duration.ofMinutes(2).toNanos());

        committer.snapshot(2, at(service, 10, 20));
        committer.completed(2);
        awaitCommitted(0, 10);
        awaitCommitted(1, 20);
    }

    @Test
    void countsEachFailureToCreateTheGroupAndTriesAgainWithTheNextCheckpoint() {
        service.deleteConsumerGroup("progress");
        service.refuse(ErrorKind.QUOTA_EXCEEDED, 1, call -> call.operation().equals("CreateConsumerGroup"));
        committer.snapshot(1, at(service, 10));
        committer.completed(1);
        await("failures").atMost(LONG).until(() -> rig.gauge(SourceMetricNames.GROUP_COMMIT_FAILURES) == 2);

        committer.snapshot(2, at(service, 10));
        committer.completed(2);
        awaitCommitted(0, 10);
    }

    @Test
    void waitsForCommitsInFlightAndRepeatsThoseThatFail() throws Exception {
        service.refuse(ErrorKind.UNAVAILABLE, 1, call -> call.operation().equals("UpdateCheckPoint"));
        committer.snapshot(1, at(service, 10, 20));
        committer.completed(1);

        assertThat(committer.await(LONG)).isTrue();
        assertThat(service.committed("progress"))
                .containsEntry(0, FakeSls.cursorOf(10))
                .containsEntry(1, FakeSls.cursorOf(20));
    }

    @Test
    void doesNotWaitLongerThanItIsAllowedTo() throws Exception {
        service.hang(call -> call.operation().equals("UpdateCheckPoint"));
        committer.snapshot(1, at(service, 10));
        committer.completed(1);

        assertThat(committer.await(Duration.ofMillis(1))).isFalse();
    }

    @Test
    void endsToWaitWhenTheTaskIsCancelled() {
        service.hang(call -> call.operation().equals("UpdateCheckPoint"));
        committer.snapshot(1, at(service, 10));
        committer.completed(1);

        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> committer.await(Duration.ofDays(1))).isInstanceOf(InterruptedException.class);
    }

    @Test
    void noticesThatSomebodyElseCommitsToTheGroup() {
        committer.snapshot(1, at(service, 10, 20));
        committer.completed(1);
        awaitCommitted(1, 20);
        service.commit("progress", 0, FakeSls.cursorOf(7));
        nanos.addAndGet(Duration.ofMinutes(2).toNanos());
        committer.snapshot(2, at(service, 11, 21));
        committer.completed(2);
        awaitCommitted(1, 21);

        assertThat(rig.gauge(SourceMetricNames.FOREIGN_COMMITS)).isEqualTo(1);
    }

    @Test
    void takesItsOwnCursorInAnotherSpellingForItsOwn() {
        committer.snapshot(1, at(service, 10, 20));
        committer.completed(1);
        awaitCommitted(1, 20);
        service.commit("progress", 0, FakeSls.cursorOf(10).replace("=", "") + "\n");
        nanos.addAndGet(Duration.ofMinutes(2).toNanos());
        committer.snapshot(2, at(service, 11, 21));
        committer.completed(2);
        awaitCommitted(1, 21);

        assertThat(service.calls("GetCheckPoint")).isNotEmpty();
        assertThat(rig.gauge(SourceMetricNames.FOREIGN_COMMITS)).isZero();
    }

    @Test
    void doesNotTakeItsOwnCommitsForThoseOfOthers() {
        committer.snapshot(1, at(service, 10, 20));
        committer.completed(1);
        awaitCommitted(1, 20);
        // Written, although the answer did not come.
        letTimePass();
        service.refuse(ErrorKind.UNAVAILABLE, 1, call -> call.operation().equals("UpdateCheckPoint"));
        committer.snapshot(2, at(service, 11, 20));
        committer.completed(2);
        await("failure").atMost(LONG).until(() -> rig.gauge(SourceMetricNames.GROUP_COMMIT_FAILURES) == 1);
        service.commit("progress", 0, FakeSls.cursorOf(11));
        nanos.addAndGet(Duration.ofMinutes(2).toNanos());
        committer.snapshot(3, at(service, 12, 22));
        committer.completed(3);
        awaitCommitted(1, 22);

        assertThat(service.calls("GetCheckPoint")).isNotEmpty();
        assertThat(rig.gauge(SourceMetricNames.FOREIGN_COMMITS)).isZero();
    }

    @Test
    void doesNotRepeatACursorThatDidNotMove() {
        committer.snapshot(1, at(service, 10, 20));
        committer.completed(1);
        awaitCommitted(1, 20);
        letTimePass();
        committer.snapshot(2, at(service, 10, 21));
        committer.completed(2);
        awaitCommitted(1, 21);

        assertThat(service.calls("UpdateCheckPoint").stream().filter(call -> call.shard() == 0))
                .hasSize(1);
    }

    @Test
    void letsTheNewestCheckpointWinWhileTheServiceIsSlow() {
        service.hang(call -> call.operation().equals("UpdateCheckPoint"));
        for (int checkpoint = 1; checkpoint <= 50; checkpoint++) {
            committer.snapshot(checkpoint, at(service, checkpoint, checkpoint));
            committer.completed(checkpoint);
        }
        service.heal();
        awaitCommitted(1, 50);
        letTimePass();
        committer.snapshot(51, at(service, 50, 50));
        committer.completed(51);

        awaitCommitted(0, 50);
        awaitCommitted(1, 50);
        assertThat(service.calls("UpdateCheckPoint")).hasSizeLessThanOrEqualTo(4);
    }

    @Test
    void countsAFailureAndTriesAgainWithTheNextCheckpoint() {
        service.refuse(ErrorKind.UNAVAILABLE, 1, call -> call.operation().equals("UpdateCheckPoint"));
        committer.snapshot(1, at(service, 10));
        committer.completed(1);
        await("failure").atMost(LONG).until(() -> rig.gauge(SourceMetricNames.GROUP_COMMIT_FAILURES) == 1);

        committer.snapshot(2, at(service, 10));
        committer.completed(2);
        awaitCommitted(0, 10);
    }

    /** With a checkpoint every second; each commit is a request to the service. */
    @Test
    void commitsAShardAtMostEveryTenSeconds() {
        for (int second = 0; second <= 25; second++) {
            committer.snapshot(second, at(service, second, 7));
            committer.completed(second);
            // Only here, so that the shard is committed while the clock shows this second.
            if (second % 10 == 0) {
                awaitCommitted(0, second);
            }
            nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        }

        assertThat(commitsOf(0)).containsExactly(FakeSls.cursorOf(0), FakeSls.cursorOf(10), FakeSls.cursorOf(20));
        assertThat(commitsOf(1)).as("does not move").containsExactly(FakeSls.cursorOf(7));
    }

    /** No later checkpoint has to complete. */
    @Test
    void commitsWhatWasNotDueWhenItIs() {
        committer.snapshot(1, at(service, 10));
        committer.completed(1);
        awaitCommitted(0, 10);
        nanos.addAndGet(CursorCommitter.BETWEEN_COMMITS.minusNanos(1).toNanos());
        committer.snapshot(2, at(service, 11, 20));
        committer.completed(2);
        awaitCommitted(1, 20);
        assertThat(commitsOf(0)).containsExactly(FakeSls.cursorOf(10));

        nanos.addAndGet(1);

        awaitCommitted(0, 11);
    }

    @Test
    void commitsAtOnceWhatTheEndOfTheRunWaitsFor() throws Exception {
        committer.snapshot(1, at(service, 10));
        committer.completed(1);
        awaitCommitted(0, 10);
        committer.snapshot(2, at(service, 11));
        committer.completed(2);

        assertThat(committer.await(LONG)).isTrue();
        assertThat(service.committed("progress")).containsEntry(0, FakeSls.cursorOf(11));
    }

    private void letTimePass() {
        nanos.addAndGet(CursorCommitter.BETWEEN_COMMITS.toNanos());
    }

    @Test
    void goesOnWithOtherShardsWhenOneIsGone() {
        service.refuse(ErrorKind.SHARD_NOT_FOUND, Integer.MAX_VALUE, (Call call) -> call.shard() == 0);
        committer.snapshot(1, at(service, 10, 20));
        committer.completed(1);

        awaitCommitted(1, 20);
    }
}
