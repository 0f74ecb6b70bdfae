package io.slsdispatch.connector.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.connector.config.SinkConfig;
import io.slsdispatch.connector.config.SinkConfig.DeadLetterStore;
import io.slsdispatch.connector.config.SinkConfig.OnOutage;
import io.slsdispatch.connector.config.SinkConfig.OnReject;
import io.slsdispatch.connector.deadletter.DeadLetter;
import io.slsdispatch.connector.deadletter.DeadLetterDecoder;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.put.PutThread;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.util.FlinkRuntimeException;
import org.apache.flink.util.function.ThrowingRunnable;

/** A writer whose mailbox, timers and clock are moved by hand. Everything happens on the thread of the test. */
final class WriterRig {

    static final LogstoreId TARGET = new LogstoreId("project", "target");
    static final LogstoreId DEAD_LETTERS = new LogstoreId("project", "dead-letters");
    static final Duration DEADLINE = Duration.ofSeconds(40);
    static final Instant TIME = Instant.parse("2026-05-04T03:02:01Z");

    /** How many timers go off before a writer that waits is taken to wait for ever. */
    private static final int PATIENCE = 100_000;

    /** What happens while the writer waits and no mail comes. */
    @FunctionalInterface
    interface Meanwhile {
        void run();
    }

    private record Timer(long at, long number, PutThread.Task action) {}

    final FakeTarget target = new FakeTarget();
    final RecordedMetrics metrics = new RecordedMetrics();
    final SlsSinkWriter writer;

    private final Deque<ThrowingRunnable<? extends Exception>> mails = new ArrayDeque<>();
    private final PriorityQueue<Timer> timers =
            new PriorityQueue<>(Comparator.comparingLong(Timer::at).thenComparingLong(Timer::number));
    private final Deque<Meanwhile> meanwhile = new ArrayDeque<>();
    private long now = 1_000_000_000L;
    private long timerCount;
    private int nextIndex;
    private Meanwhile always;
    private int firedWhileItWaited;

    WriterRig(SinkConfig config) {
        TaskThread thread = new TaskThread(new HandMailbox(), this::after, () -> now);
        this.writer =
                new SlsSinkWriter(config, target, DEADLINE, thread, () -> TIME, new SinkMetrics(metrics, () -> now));
    }

    /** With room for all that fits into what is buffered, however slow the target. */
    static SinkConfig.Builder config() {
        return SinkConfig.builder("nginx", TARGET).drainWithin(Duration.ofDays(365));
    }

    static SinkConfig.Builder withDeadLetters() {
        return config().onReject(OnReject.DEAD_LETTER).deadLetters(DeadLetterStore.in(DEAD_LETTERS));
    }

    static SinkConfig.Builder withOutage(OnOutage policy, Duration after) {
        return config().outage(new SinkConfig.Outage(policy, after))
                .deadLetters(policy == OnOutage.DEAD_LETTER ? DeadLetterStore.in(DEAD_LETTERS) : null);
    }

    static SinkConfig.Delivery delivery(boolean ordered, boolean batching, int requests, long bytes) {
        return new SinkConfig.Delivery(ordered, batching, false, requests, bytes);
    }

    /** A group of 100 bytes, number 0, 1, 2 ... */
    void write() throws IOException, InterruptedException {
        write(0, "topic", 100);
    }

    void writeMany(int count) throws IOException, InterruptedException {
        for (int i = 0; i < count; i++) {
            write();
        }
    }

    void write(int shard, String topic, int bytes) throws IOException, InterruptedException {
        write(shard, topic, new byte[bytes]);
    }

    void write(int shard, String topic, byte[] group) throws IOException, InterruptedException {
        write(new RawLogGroup(group, 0, group.length, topic, shard, "cursor", nextIndex++));
    }

    void write(RawLogGroup group) throws IOException, InterruptedException {
        writer.write(group, new NoContext());
    }

    /** As before a checkpoint. Whatever the test is about: afterwards the writer's books balance. */
    void flush() throws IOException, InterruptedException {
        writer.flush(false);
        assertThat(metrics.shown("sls.sinkImbalance"))
                .as("groups taken and not settled")
                .isZero();
    }

    /** Does what is in the mailbox now. */
    void runMails() {
        while (!mails.isEmpty()) {
            run(mails.remove());
        }
    }

    /** Lets time pass, doing what is due, and the mails that come of it. */
    void advance(Duration time) {
        long end = now + time.toNanos();
        runMails();
        while (!timers.isEmpty() && timers.peek().at() <= end) {
            fireNextTimer();
            runMails();
        }
        now = end;
    }

    /** Once per call, in the order of the calls: what happens when the writer waits for a mail and there is none. */
    WriterRig whileItWaits(Meanwhile action) {
        meanwhile.add(action);
        return this;
    }

    /** What happens as often as the writer waits, no mail is there and a put is open. */
    void alwaysWhileItWaits(Meanwhile action) {
        always = action;
    }

    /** How many groups were made and written. */
    int written() {
        return nextIndex;
    }

    /** Time since some moment. */
    Duration now() {
        return Duration.ofNanos(now);
    }

    /** The dead letters that are whole. */
    List<DeadLetter> deadLetters() {
        DeadLetterDecoder decoder = new DeadLetterDecoder();
        List<DeadLetter> letters = new ArrayList<>();
        for (RawLogGroup group : target.storedIn(DEAD_LETTERS)) {
            DeadLetterDecoder.Reading reading =
                    decoder.read(group.bytes().array(), group.bytes().offset(), group.length());
            assertThat(reading.problems()).isEmpty();
            letters.addAll(reading.letters());
        }
        return letters;
    }

    List<RawLogGroup> storedInTarget() {
        return target.storedIn(TARGET);
    }

    boolean hasTimers() {
        return !timers.isEmpty();
    }

    private void after(Duration delay, PutThread.Task action) {
        timers.add(new Timer(now + delay.toNanos(), timerCount++, action));
    }

    private void fireNextTimer() {
        Timer timer = timers.remove();
        now = Math.max(now, timer.at());
        run(timer.action()::run);
    }

    private static void run(ThrowingRunnable<? extends Exception> action) {
        try {
            action.run();
        } catch (Exception e) {
            throw new FlinkRuntimeException(e);
        }
    }

    private final class HandMailbox implements MailboxExecutor {

        @Override
        public void execute(
                MailOptions options,
                ThrowingRunnable<? extends Exception> command,
                String description,
                Object... arguments) {
            mails.add(command);
        }

        @Override
        public void yield() {
            while (mails.isEmpty()) {
                if (!meanwhile.isEmpty()) {
                    meanwhile.remove().run();
                } else if (always != null && target.openCount() > 0) {
                    always.run();
                } else if (!timers.isEmpty() && firedWhileItWaited < PATIENCE) {
                    firedWhileItWaited++;
                    fireNextTimer();
                    return;
                } else {
                    throw new AssertionError("the writer would wait for ever");
                }
            }
            WriterRig.run(mails.remove());
        }

        @Override
        public boolean tryYield() {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean shouldInterrupt() {
            return false;
        }
    }

    private static final class NoContext implements org.apache.flink.api.connector.sink2.SinkWriter.Context {

        @Override
        public long currentWatermark() {
            return Long.MIN_VALUE;
        }

        @Override
        public Long timestamp() {
            return null;
        }
    }
}
