package io.slsdispatch.connector.sink;

import io.slsdispatch.connector.task.FlinkTasks;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.api.common.operators.ProcessingTimeService;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.util.function.ThrowingRunnable;

/**
 * The thread that a writer runs on: everything that happens to the writer happens there, as a mail or as a timer.
 *
 * @param mailbox where other threads leave what is to be done
 * @param timers wakes the writer
 * @param nanoClock as {@link System#nanoTime}
 */
record TaskThread(MailboxExecutor mailbox, Timers timers, LongSupplier nanoClock) {

    /** Runs actions later, on the task thread. */
    @FunctionalInterface
    interface Timers {
        void after(Duration delay, Action action);
    }

    /** What a timer does. */
    @FunctionalInterface
    interface Action {
        void run() throws Exception;
    }

    static TaskThread of(WriterInitContext context) {
        ProcessingTimeService time = context.getProcessingTimeService();
        return new TaskThread(
                context.getMailboxExecutor(),
                (delay, action) -> {
                    // A timer that throws fails the task; none is ever cancelled.
                    var unused = FlinkTasks.timer(time, delay, now -> action.run());
                },
                System::nanoTime);
    }

    long now() {
        return nanoClock.getAsLong();
    }

    /** Does something on the task thread, soon; from any thread. Nothing happens when the task has ended. */
    void execute(ThrowingRunnable<? extends Exception> action, String description) {
        // When it is not taken the task is over: so is its writer.
        var unused = FlinkTasks.mail(mailbox, action, description);
    }

    /** Waits for the next mail, and does what it says. */
    void awaitMail() throws InterruptedException {
        mailbox.yield();
    }
}
