package io.slsdispatch.connector.client.exchange;

import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;

/**
 * Lets so many run at once; others wait, in the order in which they came. The last quarter is kept for whoever has none
 * running, so that many that hang cannot keep the others from the service: each can have at least one running. One thread.
 */
final class FairSemaphore {

    private final int most;
    private final int kept;
    private final Executor thread;
    private final Map<Runnable, String> waiting = new LinkedHashMap<>();
    private final Map<Runnable, String> running = new HashMap<>();
    private final Map<String, Integer> runningOf = new HashMap<>();

    /** @param thread runs those whose turn comes, one after the other and not one inside the other */
    FairSemaphore(int most, Executor thread) {
        this.most = most;
        this.kept = most / 4;
        this.thread = thread;
    }

    /**
     * Runs an action as soon as it is its turn, which it has until {@link #giveBack}.
     *
     * @param owner whom the action is counted for, such as the logstore that it writes to
     */
    void take(Runnable action, String owner) {
        if (mayRun(owner)) {
            begin(action, owner);
            action.run();
        } else {
            waiting.put(action, owner);
        }
    }

    /** Ends a turn, or the wait for one. */
    void giveBack(Runnable action) {
        if (waiting.remove(action) != null) {
            return;
        }
        String owner = running.remove(action);
        if (owner == null) {
            return;
        }
        runningOf.computeIfPresent(owner, (same, count) -> count == 1 ? null : count - 1);
        Iterator<Map.Entry<Runnable, String>> oldest = waiting.entrySet().iterator();
        while (running.size() < most && oldest.hasNext()) {
            Map.Entry<Runnable, String> next = oldest.next();
            if (mayRun(next.getValue())) {
                oldest.remove();
                begin(next.getKey(), next.getValue());
                thread.execute(next.getKey());
            }
        }
    }

    private boolean mayRun(String owner) {
        int free = most - running.size();
        return free > kept || (free > 0 && !runningOf.containsKey(owner));
    }

    private void begin(Runnable action, String owner) {
        running.put(action, owner);
        runningOf.merge(owner, 1, Integer::sum);
    }
}
