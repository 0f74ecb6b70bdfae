package io.slsdispatch.connector.sink;

import io.slsdispatch.connector.put.PutThread;
import io.slsdispatch.connector.task.FlinkTasks;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.apache.flink.annotation.Internal;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.api.common.operators.ProcessingTimeService;
import org.apache.flink.api.connector.sink2.WriterInitContext;

/**
 * The thread on which a writer runs: all its code runs there, as a mail or as a timer.
 *
 * @param mailbox runs tasks of other threads on this one
 * @param timers runs tasks after a delay
 * @param nanoClock as {@link System#nanoTime}
 */
@Internal
public record TaskThread(MailboxExecutor mailbox, Timers timers, LongSupplier nanoClock) implements PutThread {

    /** Runs tasks later, on the task thread. */
    @FunctionalInterface
    public interface Timers {
        void after(Duration delay, Task task);
    }

    /** The task thread of a writer. */
    public static TaskThread of(WriterInitContext context) {
        ProcessingTimeService time = context.getProcessingTimeService();
        return new TaskThread(
                context.getMailboxExecutor(),
                (delay, task) -> {
                    // A timer that throws fails the task; no timer is ever cancelled.
                    var unused = FlinkTasks.timer(time, delay, now -> task.run());
                },
                System::nanoTime);
    }

    @Override
    public long now() {
        return nanoClock.getAsLong();
    }

    @Override
    public void execute(Task task, String description) {
        // When the mailbox rejects the mail, the task has ended, and the writer with it.
        var unused = FlinkTasks.mail(mailbox, task::run, description);
    }

    @Override
    public void after(Duration delay, Task task) {
        timers.after(delay, task);
    }

    /** Waits for the next mail and runs it. */
    public void awaitMail() throws InterruptedException {
        mailbox.yield();
    }
}
