package io.slsdispatch.job.rules.reload;

import io.slsdispatch.job.rules.RuleSet;
import io.slsdispatch.job.rules.RuleTable;
import io.slsdispatch.job.rules.reload.RulesEvent.Active;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongPredicate;
import java.util.stream.IntStream;
import org.apache.flink.runtime.checkpoint.CheckpointCoordinator;
import org.apache.flink.runtime.checkpoint.PendingCheckpoint;
import org.apache.flink.runtime.operators.coordination.OperatorCoordinator;
import org.apache.flink.runtime.operators.coordination.OperatorEvent;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Coordinator that distributes new rules to the dispatcher's subtasks. Each log group is dispatched by exactly one
 * version, also when it is read again after a failure. Runs in the JobManager.
 *
 * <p><b>The life of a version.</b> {@link RulesPoller} reads and checks it. When the next checkpoint begins, before any
 * of its barriers exists, the coordinator proposes the version to all subtasks for this checkpoint. The checkpoint
 * continues only after every subtask has acknowledged the proposal. So all subtasks store it at the same barrier, and
 * none dispatches a group after this barrier until the checkpoint is complete (then by the new version) or aborted
 * (then by the old one, and the next checkpoint tries again).
 *
 * <p><b>What survives.</b> No state of this class: the active version is in the state of the subtasks, which report it
 * when they start. After a crash of any process at any point, all subtasks start with the version in the restored
 * checkpoint. When that is a checkpoint before the proposal's, this is the old version; every group after it was
 * dispatched by the old version, too, unless the proposal's checkpoint was complete, and then Flink restores that one.
 * When it is the proposal's checkpoint or a later one, this is the new version.
 *
 * <p><b>After a failure</b> groups that the failed attempt dispatched are read again, and the version must not change
 * before they are. So a new version is proposed only when {@link ReplayProgress} shows that everything received before
 * the restart is delivered. The same applies after a restore, because the earlier job may have got further than its
 * state shows.
 *
 * <p><b>While checkpoints fail</b>, nothing is proposed: a proposal would hold back all targets until its checkpoint is
 * aborted, for example because one target is down. After such an attempt, one checkpoint without a proposal must be
 * complete, after the next failed attempt in a row two, then four, and so on.
 *
 * <p><b>Savepoints</b> carry no proposal, because Flink does not notify tasks when a savepoint is complete and does not
 * recover from it. They store the active version.
 *
 * <p>All methods except those of gauges are called in the JobManager's main thread.
 */
public final class RulesCoordinator implements OperatorCoordinator {

    private static final Logger LOG = LoggerFactory.getLogger(RulesCoordinator.class);
    private static final byte[] NO_STATE = {};

    /** For 32 checkpoints: with the usual interval of ten seconds, about five minutes. */
    private static final int MAX_DOUBLINGS = 5;

    /** A proposal of new rules that is pending. */
    private record Proposal(
            long checkpointId, RuleSet rules, Set<Integer> awaited, CompletableFuture<byte[]> checkpoint) {}

    private final Context context;
    private final LongPredicate isConfirmed;
    private final RulesPoller poller;
    private final RulesMetrics metrics;

    private @Nullable SubtaskGateway[] gateways = {};
    private int gatewaysMissing;
    private ActiveReports reports = new ActiveReports(0);
    private @Nullable Proposal proposal;
    private boolean inputEnded;

    /** Proposals in a row whose checkpoint was aborted. */
    private int failedProposals;

    /** How many checkpoints must complete before the next proposal, and whether their failure has been logged. */
    private int checkpointsToAwait;

    private boolean deferralLogged;

    public RulesCoordinator(Context context, RulesProvider provider, ReplayProgress progress) {
        this(context, provider, progress, checkpointId -> isConfirmedToTasks(context, checkpointId));
    }

    /** @param isConfirmed whether Flink will notify tasks when the checkpoint with this id is complete */
    RulesCoordinator(Context context, RulesProvider provider, ReplayProgress progress, LongPredicate isConfirmed) {
        this.context = context;
        this.isConfirmed = isConfirmed;
        this.metrics = new RulesMetrics(context.metricGroup());
        this.poller = new RulesPoller(provider, progress, metrics, context.getUserCodeClassloader());
    }

    @Override
    public void start() {
        forgetSubtasks();
        poller.start();
    }

    @Override
    public void close() {
        poller.close();
    }

    @Override
    public void executionAttemptReady(int subtask, int attempt, SubtaskGateway gateway) {
        gatewaysMissing -= gateways[subtask] == null ? 1 : 0;
        gateways[subtask] = gateway;
    }

    @Override
    public void executionAttemptFailed(int subtask, int attempt, @Nullable Throwable reason) {
        forget(subtask);
    }

    @Override
    public void subtaskReset(int subtask, long checkpointId) {
        forget(subtask);
    }

    private void forget(int subtask) {
        if (subtask < gateways.length) {
            gatewaysMissing += gateways[subtask] == null ? 0 : 1;
            gateways[subtask] = null;
            reports.set(subtask, null);
        }
        inputEnded = false;
        poller.awaitReplay();
        withdraw("a subtask failed");
    }

    @Override
    public void resetToCheckpoint(long checkpointId, byte @Nullable [] state) {
        forgetSubtasks();
        poller.awaitReplay();
        withdraw("the job was restored");
    }

    private void forgetSubtasks() {
        checkpointsToAwait = 0;
        gateways = new SubtaskGateway[context.currentParallelism()];
        gatewaysMissing = gateways.length;
        reports = new ActiveReports(gateways.length);
        inputEnded = false;
    }

    @Override
    public void handleEventFromOperator(int subtask, int attempt, OperatorEvent event) {
        if (event instanceof Active active) {
            reports.set(subtask, active);
            compareReports();
        } else if (event instanceof RulesEvent.Received received) {
            received(subtask, received.checkpointId());
        } else if (event instanceof RulesEvent.InputEnded) {
            // The subtask may take one more snapshot, but would not acknowledge a proposal after that.
            inputEnded = true;
            if (proposal != null && !proposal.awaited.isEmpty()) {
                withdraw("the input ended");
            }
        } else {
            throw new IllegalArgumentException("unexpected event: " + event);
        }
    }

    private void compareReports() {
        Active first = reports.first();
        if (first == null || !reports.areComplete()) {
            return;
        }
        boolean sinceStart = reports.areAllSinceStart();
        if (reports.agree()) {
            metrics.activeVersion(first.version());
            if (sinceStart) {
                LOG.info(
                        "Rules of version {} ({}) are in force since the start.", first.version(), first.fingerprint());
            }
        } else if (sinceStart) {
            context.failJob(
                    new IllegalStateException("The subtasks of the dispatcher were restored with different rules: "
                            + reports + ". Restore an older savepoint, and please report this bug."));
        }
    }

    @Override
    public void checkpointCoordinator(long checkpointId, CompletableFuture<byte[]> result) {
        RuleSet next;
        RulesEvent event;
        try {
            next = next(checkpointId);
            event = next == null ? null : new RulesEvent.Proposed(checkpointId, next.toBytes());
        } catch (RuntimeException | Error e) {
            // For example an exhausted heap. No subtask has received the proposal: the active rules stay, and the next
            // checkpoint tries again.
            metrics.pollFailed();
            LOG.error("Cannot propose new rules for checkpoint {}; the current rules stay in force.", checkpointId, e);
            result.complete(NO_STATE);
            return;
        }
        if (next == null || event == null) {
            result.complete(NO_STATE);
            return;
        }
        LOG.info("Proposing rules of {} for checkpoint {}.", next, checkpointId);
        Set<Integer> awaited =
                new HashSet<>(IntStream.range(0, gateways.length).boxed().toList());
        proposal = new Proposal(checkpointId, next, awaited, result);
        for (SubtaskGateway gateway : gateways) {
            // Flink fails the subtask when an event is lost.
            var unused = Objects.requireNonNull(gateway).sendEvent(event);
        }
    }

    /** The rules to propose for a checkpoint; null when there are no new ones, or when none may be proposed now. */
    private @Nullable RuleSet next(long checkpointId) {
        RuleTable candidate = poller.latest();
        Active active = activeEverywhere();
        if (candidate == null || active == null || proposal != null || inputEnded) {
            return null;
        }
        metrics.waiting(!RuleSet.fingerprint(candidate).equals(active.fingerprint()));
        if (!poller.isReplayed()) {
            return null;
        }
        if (RuleSet.fingerprint(candidate).equals(active.fingerprint()) || !isConfirmed.test(checkpointId)) {
            return null;
        }
        if (checkpointsToAwait > 0) {
            logDeferral(RuleSet.fingerprint(candidate));
            return null;
        }
        return new RuleSet(active.version() + 1, candidate);
    }

    /** The version that all subtasks have reported; null while one has not reported, or while a change is pending. */
    private @Nullable Active activeEverywhere() {
        return gatewaysMissing == 0 && reports.areComplete() && reports.agree() ? reports.first() : null;
    }

    /** Whether this is a checkpoint and not a savepoint. */
    private static boolean isConfirmedToTasks(Context context, long checkpointId) {
        CheckpointCoordinator checkpoints = context.getCheckpointCoordinator();
        PendingCheckpoint pending =
                checkpoints == null ? null : checkpoints.getPendingCheckpoints().get(checkpointId);
        // Only savepoints cannot be subsumed.
        return pending != null && pending.canBeSubsumed();
    }

    private void received(int subtask, long checkpointId) {
        Proposal open = proposal;
        if (open != null
                && open.checkpointId == checkpointId
                && open.awaited.remove(subtask)
                && open.awaited.isEmpty()) {
            open.checkpoint.complete(NO_STATE);
        }
    }

    /** Once until a checkpoint completes: the same reason applies at each checkpoint. */
    private void logDeferral(String fingerprint) {
        if (!deferralLogged) {
            deferralLogged = true;
            LOG.warn(
                    "New rules {} are deferred, since a checkpoint failed; they would hold back all targets. They are"
                            + " proposed after {}. Find the cause: a target that is down or slow makes checkpoints fail.",
                    fingerprint,
                    checkpoints());
        }
    }

    private String checkpoints() {
        return checkpointsToAwait == 1 ? "one checkpoint completes" : checkpointsToAwait + " checkpoints complete";
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) {
        checkpointsToAwait = Math.max(0, checkpointsToAwait - 1);
        deferralLogged = false;
        Proposal open = proposal;
        if (open != null && open.checkpointId <= checkpointId) {
            LOG.info("Rules of {} are in force from checkpoint {} on.", open.rules, open.checkpointId);
            metrics.reloaded();
            proposal = null;
            failedProposals = 0;
            // Earlier reports are no longer valid: nothing new is proposed before all subtasks have reported again.
            // Some may have done so already, because tasks get the same notification on another path.
            reports.keepOnly(open.rules.version());
        }
    }

    @Override
    public void notifyCheckpointAborted(long checkpointId) {
        Proposal open = proposal;
        if (open != null && open.checkpointId == checkpointId) {
            checkpointsToAwait = 1 << Math.min(failedProposals, MAX_DOUBLINGS);
            failedProposals++;
            metrics.withdrawn();
            withdraw("checkpoint " + checkpointId + " was aborted; they are proposed again after " + checkpoints());
        } else {
            checkpointsToAwait = Math.max(1, checkpointsToAwait);
        }
    }

    private void withdraw(String reason) {
        Proposal open = proposal;
        if (open != null) {
            proposal = null;
            LOG.info("Rules of {} are withdrawn from checkpoint {}: {}.", open.rules, open.checkpointId, reason);
            open.checkpoint.completeExceptionally(new IllegalStateException("New rules were withdrawn: " + reason));
        }
    }
}
