package io.slsdispatch.local.service;

import io.slsdispatch.local.settings.Quota;
import io.slsdispatch.local.wire.ErrorCode;
import io.slsdispatch.local.wire.Refusal;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Enforces the quota: counts writes and reads in windows of 1 s for shards and 1 min for projects. A call is admitted
 * while its window is not full, so one large call may exceed the quota, as the service allows.
 */
public final class Quotas {

    private static final long SECOND = 1000;
    private static final long MINUTE = 60 * SECOND;

    private final InstantSource clock;
    private volatile Quota quota;
    private final Map<Key, Window> windows = new ConcurrentHashMap<>();

    Quotas(InstantSource clock, Quota quota) {
        this.clock = clock;
        this.quota = quota;
    }

    private record Key(boolean write, String project, String logstore, int shard) {}

    /** Replaces the quota that is enforced. */
    public void limitTo(Quota other) {
        quota = other;
        windows.clear();
    }

    /**
     * Admits a put and counts its raw or sent bytes.
     *
     * @throws Refusal ShardWriteQuotaExceed or WriteQuotaExceed
     */
    void admitWrite(String project, String logstore, int shard, long rawBytes, long sentBytes) {
        Quota limits = quota;
        if (limits.equals(Quota.NONE)) {
            return;
        }
        long bytes = limits.countCompressed() ? sentBytes : rawBytes;
        Window ofShard = window(new Key(true, project, logstore, shard), SECOND);
        Window ofProject = window(new Key(true, project, "", 0), MINUTE);
        if (ofShard.isFull(limits.shardWriteBytes(), limits.shardWriteCalls())) {
            throw new Refusal(ErrorCode.SHARD_WRITE_QUOTA_EXCEED, "shard " + shard + " write quota exceed");
        }
        if (ofProject.isFull(limits.projectWriteBytes(), Long.MAX_VALUE)) {
            throw new Refusal(ErrorCode.WRITE_QUOTA_EXCEED, "Project write quota exceed: inflow");
        }
        if (ofProject.isFull(Long.MAX_VALUE, limits.projectWriteCalls())) {
            throw new Refusal(ErrorCode.WRITE_QUOTA_EXCEED, "Project write quota exceed: qps");
        }
        ofShard.add(1, bytes);
        ofProject.add(1, bytes);
    }

    /**
     * Admits a pull.
     *
     * @throws Refusal ShardReadQuotaExceed or ReadQuotaExceed
     */
    void admitRead(String project, String logstore, int shard) {
        Quota limits = quota;
        if (limits.equals(Quota.NONE)) {
            return;
        }
        Window ofShard = window(new Key(false, project, logstore, shard), SECOND);
        Window ofProject = window(new Key(false, project, "", 0), MINUTE);
        if (ofShard.isFull(limits.shardReadBytes(), limits.shardReadCalls())) {
            throw new Refusal(ErrorCode.SHARD_READ_QUOTA_EXCEED, "shard " + shard + " read quota exceed");
        }
        if (ofProject.isFull(Long.MAX_VALUE, limits.projectReadCalls())) {
            throw new Refusal(ErrorCode.READ_QUOTA_EXCEED, "Project read quota exceed: qps");
        }
        ofShard.add(1, 0);
        ofProject.add(1, 0);
    }

    /** Counts the bytes that an admitted pull has read. */
    void countRead(String project, String logstore, int shard, long rawBytes, long sentBytes) {
        Quota limits = quota;
        if (!limits.equals(Quota.NONE)) {
            window(new Key(false, project, logstore, shard), SECOND)
                    .add(0, limits.countCompressed() ? sentBytes : rawBytes);
        }
    }

    private Window window(Key key, long length) {
        Window window = windows.computeIfAbsent(key, first -> new Window());
        window.turnTo(clock.millis() / length);
        return window;
    }

    private static final class Window {

        private long number;
        private long calls;
        private long bytes;

        synchronized void turnTo(long current) {
            if (number != current) {
                number = current;
                calls = 0;
                bytes = 0;
            }
        }

        synchronized boolean isFull(long maxBytes, long maxCalls) {
            return bytes >= maxBytes || calls >= maxCalls;
        }

        synchronized void add(long moreCalls, long moreBytes) {
            calls += moreCalls;
            bytes += moreBytes;
        }
    }
}
