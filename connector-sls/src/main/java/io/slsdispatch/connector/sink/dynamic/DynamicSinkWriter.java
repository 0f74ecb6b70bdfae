package io.slsdispatch.connector.sink.dynamic;

import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.config.ConnectionConfig;
import io.slsdispatch.connector.config.DynamicSinkConfig;
import io.slsdispatch.connector.config.SinkConfig.DeadLetterStore;
import io.slsdispatch.connector.deadletter.DynamicReasons;
import io.slsdispatch.connector.model.AddressedLogGroup;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.put.InFlightBuffer;
import io.slsdispatch.connector.sink.DeadLetterQueue;
import io.slsdispatch.connector.sink.Failure;
import io.slsdispatch.connector.sink.RejectHandler;
import io.slsdispatch.connector.sink.SinkMessages;
import io.slsdispatch.connector.sink.SinkMetrics;
import io.slsdispatch.connector.sink.SinkParts;
import io.slsdispatch.connector.sink.TargetDelivery;
import io.slsdispatch.connector.sink.TaskThread;
import io.slsdispatch.connector.task.FailureLog;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.jspecify.annotations.Nullable;

/**
 * Writes groups to many logstores from one subtask. {@code write} accepts a group and returns; it blocks while the
 * buffer is full. {@code flush}, called before every checkpoint barrier, returns when all groups are settled. So the
 * writer has no state.
 */
final class DynamicSinkWriter implements SinkWriter<AddressedLogGroup> {

    /** A checkpoint that waits longer is logged, and again each time that the wait has doubled. */
    private static final long LONG_FLUSH = TimeUnit.SECONDS.toNanos(10);

    /** How often the logstores are counted while groups come, for the alert of the limit. */
    private static final Duration COUNT_EVERY = Duration.ofMinutes(5);

    /** How often engines without groups are looked for. */
    private static final Duration SWEEP_EVERY = Duration.ofSeconds(30);

    /**
     * How the writer reaches the service.
     *
     * @param others creates the clients of other targets
     * @param deadline after which a request counts as failed although the client has not ended it
     * @param clock of the service
     * @param executor runs calls that block
     * @param release ends the executor; called after the clients are closed, so that no call is in flight
     */
    record Access(
            SlsClient client,
            Function<ConnectionConfig, SlsClient> others,
            Duration deadline,
            InstantSource clock,
            Executor executor,
            Runnable release) {}

    private final DynamicSinkConfig config;
    private final Access access;
    private final TaskThread thread;
    private final SinkMetrics total;
    private final DynamicParts parts;
    private final SinkParts sink;
    private final @Nullable DeadLetterQueue deadLetters;
    private final SecondWays ways;
    private final LogstoreDirectory directory;
    private final Entries entries;
    private final LogstoreMetrics invalidMetrics;
    private final InFlightBuffer invalidBuffer;
    private final RejectHandler invalid;
    private final Duration checkEvery;

    private boolean checks;
    private boolean sweeps;
    private boolean closed;
    private boolean flushes;
    private long flushBegan;
    private long toldAfter;
    private @Nullable Long blockedSince;

    DynamicSinkWriter(
            DynamicSinkConfig config, Access access, TaskThread thread, CreationRules rules, SinkMetrics total) {
        this.config = config;
        this.access = access;
        this.thread = thread;
        this.total = total;
        DynamicMetrics metrics = new DynamicMetrics(total, config.maxLogstores());
        DynamicMessages messages = new DynamicMessages(config, new FailureLog(SinkMessages.LOG, thread.nanoClock()));
        this.parts = new DynamicParts(
                config,
                access.client(),
                access.deadline(),
                thread,
                access.clock(),
                new InFlightBuffer.Budget(config.delivery().maxBufferedBytes()),
                new Failure(),
                metrics,
                messages);
        this.invalidMetrics = new LogstoreMetrics(metrics, () -> metrics.fixed(DynamicMetrics.NONE));
        this.invalidBuffer = new InFlightBuffer(parts.budget(), config.drainWithin());
        this.sink = parts.of(
                DynamicReasons.noLogstore(config.project()),
                "project " + config.project(),
                invalidBuffer,
                invalidMetrics);
        DeadLetterStore store = config.deadLetters();
        this.deadLetters = store == null ? null : new DeadLetterQueue(sink, store);
        this.invalid = new RejectHandler(sink, access.clock(), deadLetters);
        this.ways = new SecondWays(parts, access.others());
        this.directory = new LogstoreDirectory(
                config,
                new LogstoreCalls(config.name(), config.project(), access.client(), thread, access.executor()),
                access.clock(),
                rules,
                new Events(metrics, messages),
                new Answers());
        this.entries = new Entries(config, name -> new LogstoreEntry(name, parts, directory, ways, deadLetters));
        this.checkEvery = TargetDelivery.checkEvery(config.outage().after());
    }

    /**
     * Accepts a group.
     *
     * @throws IOException when a group was rejected, or did not reach its logstore, and the policy is to fail, or the
     *     retries have ended; the job must fail
     */
    @Override
    public void write(AddressedLogGroup element, Context context) throws IOException, InterruptedException {
        parts.failure().check();
        total.taken();
        checkLater();
        String name = element.logstore();
        LogstoreEntry entry = name == null ? null : entries.find(name);
        if (entry != null) {
            sweepLater();
            entry.write(element.group(), this::awaitSpace);
        } else {
            String problem = element.problem();
            writeInvalid(element.group(), problem == null ? entries.problemOf(String.valueOf(name)) : problem);
        }
    }

    private void writeInvalid(RawLogGroup group, String problem) throws IOException, InterruptedException {
        awaitSpace(invalidBuffer, group);
        InFlightBuffer second = ways.bufferOf(config.whenInvalid());
        if (second != null) {
            awaitSpace(second, group);
        }
        invalidBuffer.take(group.length(), thread.now());
        parts.metrics().invalid();
        ways.take(
                config.whenInvalid(),
                group,
                invalid,
                invalidBuffer,
                parts.messages().invalid(problem));
    }

    private void awaitSpace(InFlightBuffer buffer, RawLogGroup group) throws IOException, InterruptedException {
        if (buffer.fits(group.length(), thread.now())) {
            return;
        }
        entries.engines(TargetDelivery::sendNow);
        entries.engines(TargetDelivery::waitForNoProbe);
        ways.waitForNoProbe();
        blockedSince = thread.now();
        total.blocks(thread.now());
        try {
            while (!buffer.fits(group.length(), thread.now())) {
                thread.awaitMail();
                parts.failure().check();
            }
        } finally {
            blockedSince = null;
            total.goesOn(thread.now());
        }
    }

    /** Checks pending requests periodically, as long as there are any. */
    private void checkLater() {
        if (!checks) {
            checks = true;
            thread.timers().after(checkEvery, this::check);
        }
    }

    private void check() throws IOException {
        checks = false;
        if (closed) {
            return;
        }
        entries.check(flushes ? Long.valueOf(flushBegan) : blockedSince);
        ways.check();
        if (deadLetters != null) {
            deadLetters.check();
        }
        tellIfTheFlushTakesLong();
        showMetrics();
        if (parts.budget().groups() > 0
                || !entries.areIdle()
                || !ways.isIdle()
                || (deadLetters != null && !deadLetters.isIdle())) {
            checkLater();
        }
    }

    /** Closes engines without groups from time to time, and counts the logstores. */
    private void sweepLater() {
        if (!sweeps) {
            sweeps = true;
            thread.timers().after(SWEEP_EVERY, this::sweep);
        }
    }

    private void sweep() throws IOException {
        sweeps = false;
        if (closed) {
            return;
        }
        entries.check(null);
        showMetrics();
        if (entries.haveEngines()) {
            sweepLater();
            if (config.creates()) {
                directory.refresh(COUNT_EVERY);
            }
        }
    }

    private void tellIfTheFlushTakesLong() {
        long lasts = thread.now() - flushBegan;
        if (flushes && lasts >= toldAfter) {
            toldAfter *= 2;
            parts.messages()
                    .checkpointWaits(
                            Duration.ofNanos(lasts),
                            parts.budget().groups(),
                            parts.budget().bytes(),
                            entries.notReady(),
                            entries.describe());
        }
    }

    private void showMetrics() {
        parts.metrics().holds(parts.budget().bytes(), parts.budget().maxBytes());
        entries.show(parts.metrics(), List.of(ways.metrics(), invalidMetrics));
    }

    /**
     * Returns when every group written before is acknowledged, stored as a dead letter, written to another target, or
     * dropped as configured. Groups of logstores that are not ready wait for a limited time; all others without a limit.
     *
     * @throws IOException as {@link #write}
     */
    @Override
    public void flush(boolean endOfInput) throws IOException, InterruptedException {
        parts.failure().check();
        flushBegan = thread.now();
        flushes = true;
        toldAfter = LONG_FLUSH;
        total.flushes(flushBegan);
        try {
            entries.engines(TargetDelivery::sendNow);
            entries.engines(TargetDelivery::hurry);
            ways.hurry();
            while (parts.budget().groups() > 0) {
                thread.awaitMail();
                parts.failure().check();
            }
            if (total.checkBalance()) {
                sink.messages().accountingMismatch(total.groups(), total.settled());
            }
        } finally {
            flushes = false;
            total.flushed(thread.now());
            showMetrics();
        }
    }

    /** Ends all requests at once, without waiting for any. */
    @Override
    public void close() {
        closed = true;
        directory.close();
        entries.close();
        ways.close();
        if (deadLetters != null) {
            deadLetters.close();
        }
        access.client().close();
        access.release().run();
    }

    /** Passes the answers of the directory to the logstores. */
    private final class Answers implements LogstoreDirectory.Listener {

        @Override
        public void exists(String name, boolean isNew) throws IOException {
            LogstoreEntry entry = entries.get(name);
            if (entry != null) {
                entry.exists(isNew);
            }
        }

        @Override
        public void absent(String name) throws IOException {
            LogstoreEntry entry = entries.get(name);
            if (entry != null) {
                entry.absent();
            }
        }

        @Override
        public void refused(String name, SlsException error) throws IOException {
            LogstoreEntry entry = entries.get(name);
            if (entry != null) {
                entry.refused(error);
            }
        }

        @Override
        public void full(String name) throws IOException {
            LogstoreEntry entry = entries.get(name);
            if (entry != null) {
                entry.full();
            }
        }

        @Override
        public void unknown(String name, SlsException error) throws IOException {
            LogstoreEntry entry = entries.get(name);
            if (entry != null) {
                entry.unknown();
            }
        }
    }

    /** Counts and logs what the directory does. */
    private record Events(DynamicMetrics metrics, DynamicMessages messages) implements DirectoryEvents {

        @Override
        public void listed(int logstores, int calls) {
            metrics.listed(logstores, calls);
        }

        @Override
        public void listingFailed(SlsException error) {
            metrics.listingFailed(error);
            messages.listingFailed(error);
        }

        @Override
        public void createCalled() {
            metrics.createCalled();
        }

        @Override
        public void created(String name) {
            metrics.created();
            messages.created(name);
        }

        @Override
        public void createFailed(SlsException error) {
            metrics.createFailed(error);
            messages.createFailed(error);
        }

        @Override
        public void createRefused(SlsException error) {
            metrics.createRefused(error);
            messages.createRefused(error);
        }
    }
}
