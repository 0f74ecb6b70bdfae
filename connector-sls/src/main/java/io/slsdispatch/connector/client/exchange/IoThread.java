package io.slsdispatch.connector.client.exchange;

import io.netty.channel.EventLoop;
import io.slsdispatch.connector.task.GuardedTasks;
import io.slsdispatch.connector.task.GuardedTasks.FailureListener;
import io.slsdispatch.connector.task.GuardedTasks.Scheduled;
import java.time.Duration;

/** The thread that the exchanges and connections of a {@link ServiceCalls} live on. */
record IoThread(EventLoop loop) {

    /**
     * Does something there: now, when this is the thread, else {@link #later}.
     *
     * @param listener as of {@link #later}
     */
    void run(GuardedTasks.Task action, FailureListener listener) {
        if (loop.inEventLoop()) {
            GuardedTasks.guarded(action, listener).run();
        } else {
            later(action, listener);
        }
    }

    /**
     * Does something there, after what it does now.
     *
     * @param listener hears what it throws, and when the thread takes nothing any more since it has ended
     */
    void later(GuardedTasks.Task action, FailureListener listener) {
        GuardedTasks.execute(loop, action, listener);
    }

    /**
     * Does something there once, later.
     *
     * @param listener as of {@link #later}
     */
    Scheduled schedule(Duration delay, GuardedTasks.Task action, FailureListener listener) {
        return GuardedTasks.schedule(loop, delay, action, listener);
    }
}
