package io.slsdispatch.connector.sink.dynamic;

import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.connector.config.Backoff;
import io.slsdispatch.connector.config.DynamicSinkConfig;
import io.slsdispatch.connector.config.DynamicSinkConfig.SecondWay;
import io.slsdispatch.connector.config.DynamicSinkConfig.WhenMissing;
import io.slsdispatch.connector.config.NamePatterns;
import io.slsdispatch.connector.config.RetryPolicy;
import io.slsdispatch.connector.config.SinkConfig.DeadLetterStore;
import io.slsdispatch.connector.deadletter.DeadLetter;
import io.slsdispatch.connector.deadletter.DeadLetterDecoder;
import io.slsdispatch.connector.model.AddressedLogGroup;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.put.PutThread;
import io.slsdispatch.connector.sink.RecordedMetrics;
import io.slsdispatch.connector.sink.SinkMetrics;
import io.slsdispatch.connector.sink.TaskThread;
import io.slsdispatch.connector.sink.dynamic.DynamicSinkWriter.Access;
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

/** The writers of a job and their project. Mailboxes, timers and the clock are moved by hand, on the test's thread. */
final class DynamicRig {

    static final LogstoreId DEAD_LETTERS = new LogstoreId(FakeProject.NAME, "dead-letters");
    static final Instant TIME = Instant.parse("2026-05-04T03:02:00Z");
    private static final int PATIENCE = 200_000;
    private static final long START = 1_000_000_000L;

    private record Timer(long at, long number, PutThread.Task action) {}

    final FakeProject project = new FakeProject(() -> now());
    final List<Subtask> subtasks = new ArrayList<>();
    final DynamicSinkConfig config;
    private final PriorityQueue<Timer> timers =
            new PriorityQueue<>(Comparator.comparingLong(Timer::at).thenComparingLong(Timer::number));
    private final Deque<Runnable> heldCalls = new ArrayDeque<>();
    private boolean holdsCalls;
    private long now = START;
    private long timerCount;
    private int nextIndex;
    private int fired;

    DynamicRig(DynamicSinkConfig config) {
        this(config, 1);
    }

    DynamicRig(DynamicSinkConfig config, int parallelism) {
        this.config = config;
        project.add(DEAD_LETTERS.logstore());
        for (int i = 0; i < parallelism; i++) {
            subtasks.add(new Subtask(i, parallelism));
        }
    }

    /** Creates what is missing; dead letters for all that goes wrong. Short pauses, no linger. */
    static DynamicSinkConfig.Builder config() {
        return DynamicSinkConfig.builder("by-app", FakeProject.NAME, NamePatterns.of("app-*", "team-*"))
                .retry(new RetryPolicy(
                        new Backoff(Duration.ofMillis(10), Duration.ofMillis(100)), null, Duration.ofMinutes(10)))
                .drainWithin(Duration.ofDays(365))
                .linger(Duration.ZERO)
                .deadLetters(DeadLetterStore.in(DEAD_LETTERS))
                .whenMissing(new WhenMissing(FakeProject.SETTINGS, SecondWay.DEAD_LETTER))
                .whenInvalid(SecondWay.DEAD_LETTER);
    }

    long now() {
        return now;
    }

    Subtask first() {
        return subtasks.get(0);
    }

    /** From now on calls about logstores hang. */
    void holdCalls() {
        holdsCalls = true;
    }

    void releaseCalls() {
        holdsCalls = false;
        while (!heldCalls.isEmpty()) {
            heldCalls.remove().run();
        }
    }

    /** Lets time pass, doing what is due. */
    void advance(Duration time) {
        long end = now + time.toNanos();
        runMails();
        while (!timers.isEmpty() && timers.peek().at() <= end) {
            fireNextTimer();
            runMails();
        }
        now = Math.max(now, end);
    }

    void runMails() {
        boolean some = true;
        while (some) {
            some = false;
            for (Subtask subtask : subtasks) {
                while (!subtask.mails.isEmpty()) {
                    some = true;
                    run(subtask.mails.remove());
                }
            }
        }
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

    /** The dead letters that are whole. */
    List<DeadLetter> deadLetters() {
        DeadLetterDecoder decoder = new DeadLetterDecoder();
        List<DeadLetter> letters = new ArrayList<>();
        for (RawLogGroup group : project.stores.get(DEAD_LETTERS.logstore()).groups) {
            DeadLetterDecoder.Reading reading =
                    decoder.read(group.bytes().array(), group.bytes().offset(), group.length());
            assertThat(reading.problems()).isEmpty();
            letters.addAll(reading.letters());
        }
        return letters;
    }

    List<String> codes() {
        return deadLetters().stream().map(letter -> letter.reason().errorCode()).toList();
    }

    int written() {
        return nextIndex;
    }

    /** Ends the writer of a subtask without a flush, as a kill does, and starts another. */
    void kill(int index) {
        Subtask before = subtasks.get(index);
        before.writer.close();
        before.mails.clear();
        before.killed = true;
        subtasks.set(index, new Subtask(index, subtasks.size()));
    }

    /** A writer and what surrounds it. */
    final class Subtask {

        final RecordedMetrics metrics = new RecordedMetrics();
        final DynamicSinkWriter writer;
        private final Deque<ThrowingRunnable<? extends Exception>> mails = new ArrayDeque<>();
        final Deque<Runnable> whileItWaits = new ArrayDeque<>();
        private boolean killed;

        Subtask(int index, int parallelism) {
            TaskThread thread = new TaskThread(new HandMailbox(this), this::after, () -> now);
            this.writer = new DynamicSinkWriter(
                    config,
                    new Access(
                            project.client(),
                            connection -> project.client(),
                            Duration.ofSeconds(40),
                            () -> TIME.plusNanos(now - START),
                            this::call,
                            () -> {}),
                    thread,
                    new CreationRules(index, parallelism, config.maxLogstores()),
                    new SinkMetrics(metrics, () -> now));
        }

        private void after(Duration delay, PutThread.Task action) {
            timers.add(new Timer(now + delay.toNanos(), timerCount++, () -> {
                if (!killed) {
                    action.run();
                }
            }));
        }

        private void call(Runnable work) {
            if (holdsCalls) {
                heldCalls.add(work);
            } else {
                work.run();
            }
        }

        /** A group of 100 bytes with the next number. */
        void write(String logstore) throws IOException, InterruptedException {
            write(logstore, 100);
        }

        void write(String logstore, int bytes) throws IOException, InterruptedException {
            writer.write(
                    AddressedLogGroup.to(
                            logstore, new RawLogGroup(new byte[bytes], 0, bytes, logstore, 0, "cursor", nextIndex++)),
                    null);
        }

        void writeProblem(String problem) throws IOException, InterruptedException {
            writer.write(
                    AddressedLogGroup.withProblem(
                            problem, new RawLogGroup(new byte[100], 0, 100, "", 0, "cursor", nextIndex++)),
                    null);
        }

        /** As before a checkpoint. Afterwards the accounting balances. */
        void flush() throws IOException, InterruptedException {
            writer.flush(false);
            assertThat(metrics.shown("sls.sinkImbalance"))
                    .as("groups taken and not settled")
                    .isZero();
            for (String name : List.of("groups", "deadLettered", "dropped")) {
                String total = name.equals("groups") ? "numRecordsSend" : "sls." + name;
                assertThat(metrics.sum(each -> each.startsWith("sls.logstore.") && each.endsWith("." + name)))
                        .as("sum of the series %s", name)
                        .isEqualTo(metrics.counted(total));
            }
        }
    }

    private final class HandMailbox implements MailboxExecutor {

        private final Subtask subtask;

        HandMailbox(Subtask subtask) {
            this.subtask = subtask;
        }

        @Override
        public void execute(
                MailOptions options,
                ThrowingRunnable<? extends Exception> command,
                String description,
                Object... arguments) {
            if (!subtask.killed) {
                subtask.mails.add(command);
            }
        }

        @Override
        public void yield() {
            while (subtask.mails.isEmpty()) {
                if (!subtask.whileItWaits.isEmpty()) {
                    subtask.whileItWaits.remove().run();
                } else if (!timers.isEmpty() && fired < PATIENCE) {
                    fired++;
                    fireNextTimer();
                    return;
                } else {
                    throw new AssertionError("the writer would wait for ever");
                }
            }
            run(subtask.mails.remove());
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
}
