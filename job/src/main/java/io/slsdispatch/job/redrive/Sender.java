package io.slsdispatch.job.redrive;

import io.slsdispatch.connector.put.InFlightBuffer;
import io.slsdispatch.connector.put.PutContext;
import io.slsdispatch.connector.put.PutMetrics;
import io.slsdispatch.connector.put.PutThread;
import io.slsdispatch.job.config.JobConfig.Target;
import io.slsdispatch.job.redrive.TargetQueue.Addressed;
import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Sender of dead letters to their targets. It sends several requests in parallel, and batches small groups where the
 * target accepts that. Every dead letter is eventually settled as sent, refused, or not sent, and its receiver is
 * notified. One thread drives the put engines of all targets while it waits; responses of the service reach it through
 * a queue.
 */
final class Sender {

    /** Receiver of the outcome of each dead letter. */
    interface Receiver extends TargetQueue.Receiver {

        /** Called periodically while the sender waits for a target. */
        void waits();
    }

    /** How long requests in flight may still complete when the run is stopped. */
    private static final long LAST_ANSWERS = TimeUnit.SECONDS.toNanos(5);

    private static final String BROKEN_OFF = "the run was interrupted";

    private static final long LOOK_EVERY = TimeUnit.MILLISECONDS.toNanos(200);

    private record Timer(long at, long number, PutThread.Task task) {}

    private final Clients clients;
    private final StopSignal stop;
    private final LongSupplier nanoClock;
    private final RandomGenerator random;
    private final Receiver receiver;
    private final Map<Target, TargetQueue> queues = new LinkedHashMap<>();
    private final BlockingQueue<PutThread.Task> tasks = new LinkedBlockingQueue<>();
    private final PriorityQueue<Timer> timers =
            new PriorityQueue<>(Comparator.comparingLong(Timer::at).thenComparingLong(Timer::number));
    private long timerCount;
    private long stoppedAt;
    private boolean stopping;

    Sender(Clients clients, StopSignal stop, LongSupplier nanoClock, RandomGenerator random, Receiver receiver) {
        this.clients = clients;
        this.stop = stop;
        this.nanoClock = nanoClock;
        this.random = random;
        this.receiver = receiver;
    }

    /** Adds a dead letter; blocks while the buffer of its target is full. */
    void add(Addressed letter) throws InterruptedException {
        if (stop.isStopped()) {
            receiver.notSent(letter, BROKEN_OFF);
            return;
        }
        TargetQueue queue = queues.computeIfAbsent(letter.target(), this::queue);
        queue.add(letter);
        while (queue.isFull()) {
            queue.flush();
            work();
        }
    }

    /** Blocks until everything is settled. */
    void settleAll() throws InterruptedException {
        queues.values().forEach(TargetQueue::flush);
        while (queues.values().stream().anyMatch(queue -> !queue.isIdle())) {
            work();
        }
    }

    private TargetQueue queue(Target target) {
        // The queue limits the bytes in total.
        InFlightBuffer unlimited = new InFlightBuffer(Long.MAX_VALUE, Duration.ofDays(1));
        PutContext context =
                new PutContext(clients.of(target.connection()), new ThisThread(), unlimited, PutMetrics.NONE, random);
        return new TargetQueue(target, context, receiver);
    }

    /** Sends what may be sent, and handles the next response. */
    private void work() throws InterruptedException {
        if (stop.isStopped() && !stopping) {
            stopping = true;
            stoppedAt = nanoClock.getAsLong();
            queues.values().forEach(queue -> queue.giveUp(BROKEN_OFF));
        }
        for (TargetQueue queue : queues.values()) {
            run(queue::check);
        }
        receiver.waits();
        PutThread.Task task = tasks.poll(untilSomethingIsDue(), TimeUnit.NANOSECONDS);
        // First, so that retries do not wait behind groups that were not sent yet.
        while (!timers.isEmpty() && timers.peek().at - nanoClock.getAsLong() <= 0) {
            run(timers.remove().task);
        }
        if (task != null) {
            run(task);
        } else if (stopping && nanoClock.getAsLong() - stoppedAt > LAST_ANSWERS) {
            // Cancels every request in flight; they complete as failed.
            clients.close();
        }
    }

    private long untilSomethingIsDue() {
        Timer next = timers.peek();
        return next == null ? LOOK_EVERY : Math.min(LOOK_EVERY, Math.max(0, next.at - nanoClock.getAsLong()));
    }

    private static void run(PutThread.Task task) {
        try {
            task.run();
        } catch (IOException e) {
            throw new IllegalStateException("a put failed with an error that is not from the service", e);
        }
    }

    /** The waiting thread. */
    private final class ThisThread implements PutThread {

        @Override
        public void execute(Task task, String description) {
            tasks.add(task);
        }

        @Override
        public void after(Duration delay, Task task) {
            timers.add(new Timer(now() + delay.toNanos(), timerCount++, task));
        }

        @Override
        public long now() {
            return nanoClock.getAsLong();
        }
    }
}
