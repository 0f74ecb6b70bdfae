package io.slsdispatch.connector.client.http;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Executor;

/** Lets so many run at once; others wait, in the order in which they came. One thread. */
final class Turns {

    private final int most;
    private final Executor thread;
    private final Set<Runnable> waiting = new LinkedHashSet<>();
    private int running;

    /** @param thread runs those whose turn comes, one after the other and not one inside the other */
    Turns(int most, Executor thread) {
        this.most = most;
        this.thread = thread;
    }

    /** Runs an action as soon as it is its turn, which it has until {@link #giveBack}. */
    void take(Runnable action) {
        if (running == most) {
            waiting.add(action);
        } else {
            running++;
            action.run();
        }
    }

    /** Ends a turn, or the wait for one. */
    void giveBack(Runnable action) {
        if (waiting.remove(action)) {
            return;
        }
        Iterator<Runnable> oldest = waiting.iterator();
        if (oldest.hasNext()) {
            Runnable next = oldest.next();
            oldest.remove();
            thread.execute(next);
        } else {
            running--;
        }
    }
}
