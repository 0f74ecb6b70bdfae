package io.slsdispatch.connector.client.http;

import io.netty.channel.EventLoop;
import java.util.concurrent.RejectedExecutionException;

/** The thread that the exchanges and connections of a {@link DataCalls} live on. */
record IoThread(EventLoop loop) {

    /** Does something there: now, when this is the thread, else {@link #later}. */
    void run(Runnable action) {
        if (loop.inEventLoop()) {
            action.run();
        } else {
            later(action);
        }
    }

    /**
     * Does something there, after what it does now. When the thread has ended nothing happens, since all connections
     * have ended with it.
     */
    void later(Runnable action) {
        try {
            loop.execute(action);
        } catch (RejectedExecutionException e) {
            // As promised: nobody is left who waits for it.
        }
    }
}
