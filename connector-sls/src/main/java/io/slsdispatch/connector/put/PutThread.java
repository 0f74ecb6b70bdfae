package io.slsdispatch.connector.put;

import java.io.IOException;
import java.time.Duration;
import org.apache.flink.annotation.Internal;

/** The thread that owns an engine: all code of the engine runs there. */
@Internal
public interface PutThread {

    /** A task for the thread. */
    @FunctionalInterface
    interface Task {

        /** @throws IOException when the owner cannot continue */
        void run() throws IOException;
    }

    /**
     * Runs a task on the thread as soon as possible. May be called from any thread. Does nothing when the owner has
     * ended.
     */
    void execute(Task task, String description);

    /** Runs a task on the thread after a delay. Called on the thread. */
    void after(Duration delay, Task task);

    /** As {@link System#nanoTime}. */
    long now();
}
