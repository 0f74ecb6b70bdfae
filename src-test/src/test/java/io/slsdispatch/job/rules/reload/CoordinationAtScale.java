package io.slsdispatch.job.rules.reload;

import io.slsdispatch.job.rules.RuleSet;
import io.slsdispatch.job.rules.RuleTable;
import io.slsdispatch.job.rules.reload.RulesEvent.Active;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.flink.runtime.executiongraph.ExecutionAttemptID;
import org.apache.flink.runtime.executiongraph.ExecutionGraphTestUtils;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.messages.Acknowledge;
import org.apache.flink.runtime.operators.coordination.MockOperatorCoordinatorContext;
import org.apache.flink.runtime.operators.coordination.OperatorCoordinator.SubtaskGateway;
import org.apache.flink.runtime.operators.coordination.OperatorEvent;

/** The coordinator of the rules with many subtasks, which start and then take some versions of the rules. */
public final class CoordinationAtScale {

    private static final int VERSIONS = 10;
    private static final int CHECKPOINTS_BETWEEN = 10;

    private final MockOperatorCoordinatorContext context;
    private final int subtasks;
    private final Changing rules;
    private long checkpoint;
    private long events;

    private CoordinationAtScale(int subtasks, RuleTable one, RuleTable other) {
        this.subtasks = subtasks;
        this.rules = new Changing(one, other);
        this.context = new MockOperatorCoordinatorContext(new OperatorID(), subtasks);
    }

    /**
     * Runs it on this thread.
     *
     * @return how many events were sent and received
     */
    public static long run(int subtasks, RuleTable one, RuleTable other) throws Exception {
        return new CoordinationAtScale(subtasks, one, other).run();
    }

    private long run() throws Exception {
        try (RulesCoordinator coordinator = new RulesCoordinator(context, rules, new Delivered(), id -> true)) {
            coordinator.start();
            RuleSet active = RuleSet.first(rules.read());
            for (int subtask = 0; subtask < subtasks; subtask++) {
                coordinator.executionAttemptReady(subtask, 0, new Gateway(subtask));
                report(coordinator, subtask, active, true);
            }
            for (int version = 0; version < VERSIONS; version++) {
                rules.change();
                CompletableFuture<byte[]> pending = proposal(coordinator);
                for (int subtask = 0; subtask < subtasks; subtask++) {
                    receive(coordinator, subtask, new RulesEvent.Received(checkpoint));
                }
                pending.get(1, TimeUnit.MINUTES);
                coordinator.notifyCheckpointComplete(checkpoint);
                active = active.next(rules.read());
                for (int subtask = 0; subtask < subtasks; subtask++) {
                    report(coordinator, subtask, active, false);
                }
                for (int i = 0; i < CHECKPOINTS_BETWEEN; i++) {
                    coordinator.checkpointCoordinator(++checkpoint, new CompletableFuture<>());
                    coordinator.notifyCheckpointComplete(checkpoint);
                }
            }
        }
        return events;
    }

    /** A checkpoint with a proposal: the poller's thread has to have read the new rules. */
    private CompletableFuture<byte[]> proposal(RulesCoordinator coordinator) {
        while (true) {
            CompletableFuture<byte[]> result = new CompletableFuture<>();
            coordinator.checkpointCoordinator(++checkpoint, result);
            if (!result.isDone()) {
                return result;
            }
            Thread.onSpinWait();
        }
    }

    private void report(RulesCoordinator coordinator, int subtask, RuleSet active, boolean sinceStart) {
        receive(coordinator, subtask, new Active(active.version(), active.fingerprint(), sinceStart));
    }

    private void receive(RulesCoordinator coordinator, int subtask, RulesEvent event) {
        events++;
        coordinator.handleEventFromOperator(subtask, 0, event);
    }

    /** Two tables of rules in turn. */
    private static final class Changing implements RulesProvider {

        private final RuleTable one;
        private final RuleTable other;
        private volatile boolean changed;

        Changing(RuleTable one, RuleTable other) {
            this.one = one;
            this.other = other;
        }

        void change() {
            changed = !changed;
        }

        @Override
        public Duration interval() {
            return Duration.ofMillis(1);
        }

        @Override
        public String location() {
            return "the benchmark";
        }

        @Override
        public RuleTable read() {
            return changed ? other : one;
        }
    }

    private record Delivered() implements ReplayProgress {

        @Override
        public Instant now() {
            return Instant.EPOCH;
        }

        @Override
        public boolean isDeliveredUpTo(Instant receipt) {
            return true;
        }
    }

    private final class Gateway implements SubtaskGateway {

        private final int subtask;
        private final ExecutionAttemptID execution = ExecutionGraphTestUtils.createExecutionAttemptId();

        Gateway(int subtask) {
            this.subtask = subtask;
        }

        @Override
        public CompletableFuture<Acknowledge> sendEvent(OperatorEvent event) {
            events++;
            return CompletableFuture.completedFuture(Acknowledge.get());
        }

        @Override
        public ExecutionAttemptID getExecution() {
            return execution;
        }

        @Override
        public int getSubtask() {
            return subtask;
        }
    }
}
