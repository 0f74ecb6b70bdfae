package io.slsdispatch.job.rules.reload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slsdispatch.job.rules.RuleSet;
import io.slsdispatch.job.rules.RuleTable;
import io.slsdispatch.job.rules.RuleTable.DefaultRule;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.runtime.executiongraph.ExecutionAttemptID;
import org.apache.flink.runtime.executiongraph.ExecutionGraphTestUtils;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.messages.Acknowledge;
import org.apache.flink.runtime.operators.coordination.MockOperatorCoordinatorContext;
import org.apache.flink.runtime.operators.coordination.OperatorCoordinator;
import org.apache.flink.runtime.operators.coordination.OperatorEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RulesCoordinatorTest {

    private static final Duration GENEROUS = Duration.ofMinutes(1);
    private static final RuleSet ONE = RuleSet.first(table("a"));
    private static final RuleTable NEW = table("b");

    private final MockOperatorCoordinatorContext context = new MockOperatorCoordinatorContext(new OperatorID(), 2);
    private final List<List<RulesEvent.Proposed>> sent = List.of(new ArrayList<>(), new ArrayList<>());
    private final Progress progress = new Progress();
    private boolean isCheckpoint = true;
    private RulesCoordinator coordinator;
    private long checkpointId;

    @BeforeEach
    void begin() {
        coordinator = new RulesCoordinator(context, new FixedRules(NEW), progress, id -> isCheckpoint);
        coordinator.start();
        for (int subtask = 0; subtask < 2; subtask++) {
            coordinator.executionAttemptReady(subtask, 0, new Gateway(subtask));
            report(subtask, ONE, true);
        }
    }

    @AfterEach
    void end() throws Exception {
        coordinator.close();
    }

    @Test
    void checkpointWithNewRulesWaitsForEverySubtask() throws Exception {
        CompletableFuture<byte[]> checkpoint = proposal();
        assertThat(sent).allSatisfy(events -> assertThat(events).singleElement().satisfies(event -> {
            assertThat(event.checkpointId()).isEqualTo(checkpointId);
            assertThat(RuleSet.fromBytes(event.rules())).isEqualTo(new RuleSet(2, NEW));
        }));

        received(0);
        received(0);
        assertThat(checkpoint).as("subtask 1 may not have it yet").isNotDone();
        received(1);
        assertThat(checkpoint).isCompleted();
    }

    @Test
    void nothingIsProposedUntilEverySubtaskGoesByTheLastRules() throws Exception {
        var unused = proposal();
        received(0);
        received(1);
        coordinator.notifyCheckpointComplete(checkpointId);
        assertThat(next()).isCompleted();

        report(0, new RuleSet(2, table("other")), false);
        assertThat(next()).isCompleted();
        report(1, new RuleSet(2, table("other")), false);
        assertThat(next()).as("other rules than those that hold").isNotDone();
    }

    @Test
    void subtaskThatHeardOfTheCheckpointFirstIsNotForgotten() throws Exception {
        var unused = proposal();
        received(0);
        received(1);
        report(0, new RuleSet(2, table("other")), false);
        coordinator.notifyCheckpointComplete(checkpointId);
        report(1, new RuleSet(2, table("other")), false);

        assertThat(next()).as("both have reported").isNotDone();
    }

    @Test
    void rulesThatHoldAlreadyAreNotProposed() throws Exception {
        var unused = proposal();
        received(0);
        received(1);
        coordinator.notifyCheckpointComplete(checkpointId);
        report(0, new RuleSet(2, NEW), false);
        report(1, new RuleSet(2, NEW), false);

        assertThat(next()).isCompleted();
        assertThat(sent.get(0)).hasSize(1);
    }

    @Test
    void abortedCheckpointIsFollowedByAnotherProposalOnceACheckpointIsComplete() throws Exception {
        CompletableFuture<byte[]> aborted = proposal();
        received(0);
        coordinator.notifyCheckpointAborted(checkpointId);
        assertThat(aborted).isCompletedExceptionally();

        completeWithoutProposal();
        CompletableFuture<byte[]> again = next();
        received(0);
        received(1);
        assertThat(again).isCompleted();
        assertThat(sent.get(1)).hasSize(2);
    }

    @Test
    void nothingIsProposedWhileCheckpointsFail() throws Exception {
        var unused = proposal();
        for (int i = 0; i < 100; i++) {
            coordinator.notifyCheckpointAborted(checkpointId);
            assertThat(next()).as("a proposal would hold back every target").isCompleted();
        }
        assertThat(sent.get(0)).hasSize(1);

        coordinator.notifyCheckpointComplete(checkpointId);
        assertThat(next()).isNotDone();
    }

    @Test
    void proposalsThatFailAgainAndAgainComeAtGrowingDistance() throws Exception {
        var unused = proposal();
        for (int between : new int[] {1, 2, 4, 8, 16, 32, 32}) {
            coordinator.notifyCheckpointAborted(checkpointId);
            for (int i = 0; i < between; i++) {
                completeWithoutProposal();
            }
            assertThat(next()).as("after %s checkpoints", between).isNotDone();
        }
    }

    @Test
    void rulesThatCameIntoForceEndTheDistance() throws Exception {
        var unused = proposal();
        for (int between : new int[] {1, 2}) {
            coordinator.notifyCheckpointAborted(checkpointId);
            for (int i = 0; i < between; i++) {
                completeWithoutProposal();
            }
            assertThat(next()).isNotDone();
        }
        received(0);
        received(1);
        coordinator.notifyCheckpointComplete(checkpointId);
        report(0, new RuleSet(2, table("other")), false);
        report(1, new RuleSet(2, table("other")), false);

        assertThat(next()).isNotDone();
        coordinator.notifyCheckpointAborted(checkpointId);
        completeWithoutProposal();
        assertThat(next()).as("after one checkpoint").isNotDone();
    }

    @Test
    void newRulesThatComeWhileCheckpointsFailAreNotProposed() throws Exception {
        var unused = proposal();
        received(0);
        received(1);
        coordinator.notifyCheckpointComplete(checkpointId);
        coordinator.notifyCheckpointAborted(++checkpointId);
        report(0, new RuleSet(2, table("other")), false);
        report(1, new RuleSet(2, table("other")), false);

        completeWithoutProposal();
        assertThat(next()).isNotDone();
    }

    @Test
    void savepointProposesNothing() throws Exception {
        var unused = proposal();
        coordinator.notifyCheckpointAborted(checkpointId);
        completeWithoutProposal();

        isCheckpoint = false;
        assertThat(next()).isCompleted();
        assertThat(sent.get(0)).hasSize(1);
    }

    @Test
    void failedSubtaskEndsTheProposalAndIsAskedAfterItIsBack() throws Exception {
        CompletableFuture<byte[]> checkpoint = proposal();
        coordinator.executionAttemptFailed(1, 0, new IOException("test"));
        assertThat(checkpoint).isCompletedExceptionally();
        assertThat(next()).as("a subtask is missing").isCompleted();

        coordinator.subtaskReset(1, 1);
        coordinator.executionAttemptReady(1, 1, new Gateway(1));
        assertThat(next()).as("it has not said what it goes by").isCompleted();
        report(1, ONE, true);
        int asked = progress.asked.get();
        await().atMost(GENEROUS).until(() -> progress.asked.get() > asked + 3);
        assertThat(next()).as("what was dispatched before is not delivered yet").isCompleted();

        progress.delivered = true;
        var unused = proposal();
    }

    @Test
    void nothingIsProposedAfterTheInputEnded() throws Exception {
        CompletableFuture<byte[]> checkpoint = proposal();
        coordinator.handleEventFromOperator(0, 0, new RulesEvent.InputEnded());

        assertThat(checkpoint).as("it cannot be awaited any more").isCompletedExceptionally();
        assertThat(next()).isCompleted();
    }

    @Test
    void subtasksThatAreRestoredWithDifferentRulesFailTheJob() {
        coordinator.resetToCheckpoint(1, new byte[0]);
        report(0, ONE, true);
        assertThat(context.isJobFailed()).isFalse();
        report(1, ONE.next(NEW), true);

        assertThat(context.isJobFailed()).isTrue();
    }

    /** Takes checkpoints until one carries a proposal. */
    private CompletableFuture<byte[]> proposal() {
        return await().atMost(GENEROUS)
                .pollInterval(Duration.ofMillis(5))
                .until(this::next, checkpoint -> !checkpoint.isDone());
    }

    private CompletableFuture<byte[]> next() {
        CompletableFuture<byte[]> result = new CompletableFuture<>();
        coordinator.checkpointCoordinator(++checkpointId, result);
        return result;
    }

    private void completeWithoutProposal() {
        assertThat(next()).as("without a proposal").isCompleted();
        coordinator.notifyCheckpointComplete(checkpointId);
    }

    private void received(int subtask) {
        coordinator.handleEventFromOperator(subtask, 0, new RulesEvent.Received(checkpointId));
    }

    private void report(int subtask, RuleSet active, boolean sinceStart) {
        coordinator.handleEventFromOperator(
                subtask, 0, new RulesEvent.Active(active.version(), active.fingerprint(), sinceStart));
    }

    private static RuleTable table(String target) {
        return new RuleTable(List.of(), new DefaultRule.To(target), new DefaultRule.Fail());
    }

    private static final class Progress implements ReplayProgress {

        private static final long serialVersionUID = 1L;

        private final AtomicInteger asked = new AtomicInteger();
        private volatile boolean delivered;

        @Override
        public Instant now() {
            return Instant.EPOCH;
        }

        @Override
        public boolean isDeliveredUpTo(Instant receipt) {
            asked.incrementAndGet();
            return delivered;
        }
    }

    private final class Gateway implements OperatorCoordinator.SubtaskGateway {

        private final int subtask;

        Gateway(int subtask) {
            this.subtask = subtask;
        }

        @Override
        public CompletableFuture<Acknowledge> sendEvent(OperatorEvent event) {
            sent.get(subtask).add((RulesEvent.Proposed) event);
            return CompletableFuture.completedFuture(Acknowledge.get());
        }

        @Override
        public ExecutionAttemptID getExecution() {
            return ExecutionGraphTestUtils.createExecutionAttemptId();
        }

        @Override
        public int getSubtask() {
            return subtask;
        }
    }
}
