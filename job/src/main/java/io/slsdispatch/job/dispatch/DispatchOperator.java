package io.slsdispatch.job.dispatch;

import io.slsdispatch.connector.config.Durations;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.task.FlinkTasks;
import io.slsdispatch.job.rules.RuleSet;
import io.slsdispatch.job.rules.reload.RuleSwitch;
import io.slsdispatch.job.rules.reload.RulesEvent;
import io.slsdispatch.job.savepoint.OperatorIds;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ScheduledFuture;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.api.common.state.BroadcastState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeutils.base.IntSerializer;
import org.apache.flink.api.common.typeutils.base.array.BytePrimitiveArraySerializer;
import org.apache.flink.runtime.operators.coordination.OperatorEvent;
import org.apache.flink.runtime.operators.coordination.OperatorEventGateway;
import org.apache.flink.runtime.operators.coordination.OperatorEventHandler;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Operator that emits each log group to the side outputs of its targets (see {@link GroupDispatcher}) and nothing to
 * the main output. The targets of a group depend only on the group and the rules.
 *
 * <p>When rules are reloaded, the active version is in state, which is the same in every subtask, and
 * {@link RuleSwitch} changes it. While a subtask is held, it blocks its input inside {@link #processElement} and
 * {@link #prepareSnapshotPreBarrier}: it yields to the task's mailbox, which delivers the confirmation of the
 * checkpoint, and to the sinks behind it. It waits a limited time, because Flink does not repeat a lost confirmation.
 * Then it fails the task; a restart from the last complete checkpoint is correct whether or not the checkpoint was
 * complete.
 */
final class DispatchOperator extends AbstractStreamOperator<Void>
        implements OneInputStreamOperator<RawLogGroup, Void>, OperatorEventHandler, BoundedOneInput {

    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(DispatchOperator.class);

    private static final MapStateDescriptor<Integer, byte[]> STATE = new MapStateDescriptor<>(
            OperatorIds.RULES_STATE, IntSerializer.INSTANCE, BytePrimitiveArraySerializer.INSTANCE);

    /** Never read by the job itself, only by tools that inspect a savepoint. */
    private static final MapStateDescriptor<Integer, byte[]> CONFIGURATION = new MapStateDescriptor<>(
            OperatorIds.CONFIGURATION_STATE, IntSerializer.INSTANCE, BytePrimitiveArraySerializer.INSTANCE);

    private static final Integer ACTIVE = 0;

    private final DispatchConfig dispatchConfig;
    private final transient MailboxExecutor mailbox;
    /** Null when rules are not reloaded. */
    private final transient @Nullable OperatorEventGateway coordinator;

    private transient @Nullable Opened opened;
    private transient @Nullable ScheduledFuture<?> timeout;

    /** Fields that exist once the state is initialized. */
    private static final class Opened {
        private final BroadcastState<Integer, byte[]> state;
        private final RuleSwitch versions;
        private final DispatchMetrics metrics;
        private final TargetBlocks blocks;
        private final Map<String, TemplateOutput> templates;
        private GroupDispatcher dispatch;

        Opened(
                BroadcastState<Integer, byte[]> state,
                RuleSwitch versions,
                DispatchMetrics metrics,
                DispatchConfig config) {
            this.state = state;
            this.versions = versions;
            this.metrics = metrics;
            this.blocks = config.blocks();
            this.templates = TemplateOutput.all(config.targets(), metrics);
            this.dispatch = dispatcher();
        }

        /** A dispatcher by the active rules. */
        GroupDispatcher dispatcher() {
            return new GroupDispatcher(versions.active().table(), metrics, templates, blocks);
        }
    }

    DispatchOperator(
            DispatchConfig config,
            StreamOperatorParameters<Void> parameters,
            @Nullable OperatorEventGateway coordinator) {
        this.dispatchConfig = config;
        this.mailbox = parameters.getMailboxExecutor();
        this.coordinator = coordinator;
        setProcessingTimeService(parameters.getProcessingTimeService());
        setup(parameters.getContainingTask(), parameters.getStreamConfig(), parameters.getOutput());
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        BroadcastState<Integer, byte[]> state = context.getOperatorStateStore().getBroadcastState(STATE);
        context.getOperatorStateStore()
                .getBroadcastState(CONFIGURATION)
                .put(ACTIVE, dispatchConfig.configuration().getBytes(StandardCharsets.UTF_8));
        RuleSet first = first(state);
        RuleSwitch versions = new RuleSwitch(first);
        DispatchMetrics metrics = new DispatchMetrics(getMetricGroup(), versions::activeVersion);
        opened = new Opened(state, versions, metrics, dispatchConfig);
    }

    private RuleSet first(BroadcastState<Integer, byte[]> state) throws Exception {
        byte[] bytes = state.get(ACTIVE);
        if (coordinator == null) {
            // Otherwise this outdated version would become active when reloading is enabled again.
            state.clear();
            return dispatchConfig.first();
        }
        if (bytes == null) {
            return dispatchConfig.first();
        }
        RuleSet stored = RuleSet.fromBytes(bytes);
        if (dispatchConfig.targets().accept(stored)) {
            return stored;
        }
        RuleSet replacement = stored.next(dispatchConfig.first().table());
        LOG.warn(
                "The restored rules of {} contain targets that no longer exist, or logstores that their targets may no"
                        + " longer write. The rules read at the start replace them, as {}.",
                stored,
                replacement);
        return replacement;
    }

    @Override
    public void open() throws Exception {
        super.open();
        report(true);
    }

    /** Does nothing: there is no keyed state, since the key only selects the subtask. */
    @Override
    @SuppressWarnings("rawtypes") // as Flink declares it
    public void setKeyContextElement1(StreamRecord record) {}

    @Override
    public void processElement(StreamRecord<RawLogGroup> element) throws Exception {
        Opened now = opened();
        if (now.versions.isHeld()) {
            awaitConfirmation();
        }
        now.dispatch.dispatch(element, output);
    }

    /** Waits while held: a later checkpoint must store which version is active. */
    @Override
    public void prepareSnapshotPreBarrier(long checkpointId) throws Exception {
        super.prepareSnapshotPreBarrier(checkpointId);
        if (opened().versions.isHeld()) {
            awaitConfirmation();
        }
    }

    private void awaitConfirmation() throws InterruptedException {
        while (opened().versions.isHeld()) {
            mailbox.yield();
        }
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        Opened now = opened();
        now.metrics.checkBalance();
        if (coordinator == null) {
            return;
        }
        long checkpointId = context.getCheckpointId();
        now.state.put(ACTIVE, now.versions.store(checkpointId).toBytes());
        if (now.versions.isHeld()) {
            LOG.debug("Waiting for confirmation of checkpoint {}.", checkpointId);
            startTimeout(checkpointId);
        }
    }

    private void startTimeout(long checkpointId) {
        Duration limit = dispatchConfig.confirmationTimeout();
        timeout = FlinkTasks.timer(getProcessingTimeService(), limit, time -> {
            RuleSwitch versions = opened().versions;
            if (versions.isHeld() && versions.heldFor() == checkpointId) {
                throw new IOException("No confirmation of checkpoint " + checkpointId + " within "
                        + Durations.text(limit)
                        + ", and new rules wait for it. The job restarts from the last"
                        + " completed checkpoint, which is safe in either case.");
            }
        });
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) throws Exception {
        super.notifyCheckpointComplete(checkpointId);
        Opened now = opened();
        if (now.versions.complete(checkpointId)) {
            now.dispatch = now.dispatcher();
            stopTimeout();
            LOG.info("Rules of {} are in force from checkpoint {} on.", now.versions.active(), checkpointId);
            report(false);
        }
    }

    @Override
    public void notifyCheckpointAborted(long checkpointId) throws Exception {
        super.notifyCheckpointAborted(checkpointId);
        RuleSwitch versions = opened().versions;
        versions.abort(checkpointId);
        if (!versions.isHeld()) {
            stopTimeout();
        }
    }

    private void stopTimeout() {
        ScheduledFuture<?> running = timeout;
        if (running != null) {
            running.cancel(false);
            timeout = null;
        }
    }

    @Override
    public void handleOperatorEvent(OperatorEvent event) {
        if (!(event instanceof RulesEvent.Proposed proposed)) {
            throw new IllegalArgumentException("unexpected event: " + event);
        }
        RuleSet proposal;
        try {
            proposal = RuleSet.fromBytes(proposed.rules());
        } catch (IOException e) {
            throw new IllegalStateException(
                    "Cannot read the rules proposed for checkpoint " + proposed.checkpointId() + ": " + e.getMessage()
                            + ". Check that all processes run the same build.",
                    e);
        }
        opened().versions.propose(proposed.checkpointId(), proposal);
        send(new RulesEvent.Received(proposed.checkpointId()));
    }

    @Override
    public void endInput() {
        send(new RulesEvent.InputEnded());
    }

    private void report(boolean sinceStart) {
        RuleSet active = opened().versions.active();
        send(new RulesEvent.Active(active.version(), active.fingerprint(), sinceStart));
    }

    private void send(RulesEvent event) {
        if (coordinator != null) {
            coordinator.sendEventToCoordinator(event);
        }
    }

    private Opened opened() {
        Opened now = opened;
        if (now == null) {
            throw new IllegalStateException("initializeState() must be called first");
        }
        return now;
    }
}
