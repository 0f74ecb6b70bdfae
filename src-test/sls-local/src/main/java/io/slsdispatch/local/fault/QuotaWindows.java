package io.slsdispatch.local.fault;

import io.slsdispatch.local.wire.Operation;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;

/** The current window of a quota: counts writes and reads for each shard or project. */
final class QuotaWindows {

    private final Map<Key, Window> windows = new ConcurrentHashMap<>();

    private record Key(Operation operation, String project, String logstore, OptionalInt shard) {}

    Window of(Effect.Quota quota, FaultTarget target, long nowNanos) {
        Key key = quota.per() == Effect.Limited.PROJECT
                ? new Key(target.operation(), target.project(), "", OptionalInt.empty())
                : new Key(target.operation(), target.project(), target.logstore(), target.shard());
        Window window = windows.computeIfAbsent(key, first -> new Window());
        window.turnTo(Math.floorDiv(nowNanos, quota.window().toNanos()));
        return window;
    }

    static final class Window {

        private long number;
        private long calls;
        private long bytes;

        private synchronized void turnTo(long current) {
            if (number != current) {
                number = current;
                calls = 0;
                bytes = 0;
            }
        }

        synchronized boolean isFull(Effect.Quota quota) {
            return bytes >= quota.bytes().orElse(Long.MAX_VALUE)
                    || calls >= quota.calls().orElse(Long.MAX_VALUE);
        }

        synchronized void add(long moreCalls, long moreBytes) {
            calls += moreCalls;
            bytes += moreBytes;
        }
    }
}
