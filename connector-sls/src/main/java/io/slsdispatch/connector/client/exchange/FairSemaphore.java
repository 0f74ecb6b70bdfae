package io.slsdispatch.connector.client.exchange;

import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;

/**
 * Limits how many actions run at once; others wait in the order of their arrival. The last quarter of the permits is
 * reserved for owners that have none, so that many actions that hang cannot block the others: each owner can have at
 * least one permit. One thread.
 */
final class FairSemaphore {

    private final int permits;
    private final int reserved;
    private final Executor thread;
    private final Map<Runnable, String> waiting = new LinkedHashMap<>();
    private final Map<Runnable, String> running = new HashMap<>();
    private final Map<String, Integer> runningOf = new HashMap<>();

    /** @param thread runs each action that had to wait for a permit; one at a time, never inside another action */
    FairSemaphore(int permits, Executor thread) {
        this.permits = permits;
        this.reserved = permits / 4;
        this.thread = thread;
    }

    /**
     * Runs an action as soon as there is a permit for it. It keeps the permit until {@link #release}.
     *
     * @param owner the user of the permit, such as the logstore that the action writes to
     */
    void acquire(Runnable action, String owner) {
        if (mayRun(owner)) {
            begin(action, owner);
            action.run();
        } else {
            waiting.put(action, owner);
        }
    }

    /** Returns a permit, or ends the wait for one. */
    void release(Runnable action) {
        if (waiting.remove(action) != null) {
            return;
        }
        String owner = running.remove(action);
        if (owner == null) {
            return;
        }
        runningOf.computeIfPresent(owner, (same, count) -> count == 1 ? null : count - 1);
        Iterator<Map.Entry<Runnable, String>> oldest = waiting.entrySet().iterator();
        while (running.size() < permits && oldest.hasNext()) {
            Map.Entry<Runnable, String> next = oldest.next();
            if (mayRun(next.getValue())) {
                oldest.remove();
                begin(next.getKey(), next.getValue());
                thread.execute(next.getKey());
            }
        }
    }

    private boolean mayRun(String owner) {
        int free = permits - running.size();
        return free > reserved || (free > 0 && !runningOf.containsKey(owner));
    }

    private void begin(Runnable action, String owner) {
        running.put(action, owner);
        runningOf.merge(owner, 1, Integer::sum);
    }
}
