package io.slsdispatch.connector.client.http;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/** Lets so many run at once; others wait, in the order in which they came. One thread. */
final class Turns {

    private final int most;
    private final Set<Runnable> waiting = new LinkedHashSet<>();
    private int running;

    Turns(int most) {
        this.most = most;
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
            next.run();
        } else {
            running--;
        }
    }
}
