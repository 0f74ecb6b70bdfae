package io.slsdispatch.connector.put;

import java.io.IOException;
import java.time.Duration;
import org.apache.flink.annotation.Internal;

/** The thread that owns an engine: everything that happens to the engine happens there. */
@Internal
public interface PutThread {

    /** What is to be done on the thread. */
    @FunctionalInterface
    interface Task {

        /** @throws IOException when the owner cannot continue */
        void run() throws IOException;
    }

    /** Runs a task on the thread, soon; may be called from any thread. Nothing happens when the owner has ended. */
    void execute(Task task, String description);

    /** Runs a task on the thread, later; called on the thread. */
    void after(Duration delay, Task task);

    /** As {@link System#nanoTime}. */
    long now();
}
