package io.slsdispatch.local.fault;

import io.slsdispatch.local.wire.ErrorCode;
import io.slsdispatch.local.wire.Operation;
import io.slsdispatch.local.wire.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/** The registry of faults that are on. Safe for use by several threads; costs nothing while there are none. */
public final class Faults {

    private final List<ActiveFault> active = new CopyOnWriteArrayList<>();
    private final AtomicLong ids = new AtomicLong();
    private final DoubleSupplier random;
    private final LongSupplier nanoTime;

    /**
     * @param random source of random numbers from 0 inclusive to 1 exclusive
     * @param nanoTime source of elapsed time, such as {@link System#nanoTime}
     */
    public Faults(DoubleSupplier random, LongSupplier nanoTime) {
        this.random = random;
        this.nanoTime = nanoTime;
    }

    /** Switches a fault on and returns its id. */
    public long add(Fault fault) {
        long id = ids.incrementAndGet();
        active.add(new ActiveFault(id, fault, nanoTime.getAsLong()));
        return id;
    }

    /** Switches one fault off. Returns false when no fault has this id. */
    public boolean remove(long id) {
        return active.removeIf(one -> one.id() == id);
    }

    /** Whether there is no fault that could affect a call. */
    public boolean isOff() {
        return active.isEmpty();
    }

    /** Switches all faults off. */
    public void clear() {
        active.clear();
    }

    /**
     * A fault that was switched on.
     *
     * @param struck number of calls that it has affected
     */
    public record View(long id, Fault fault, Fault.Phase phase, long struck) {}

    /** The faults that were switched on and not yet switched off, by id. */
    public List<View> list() {
        long now = nanoTime.getAsLong();
        return active.stream()
                .map(one -> new View(one.id(), one.fault(), one.phase(now), one.struck()))
                .toList();
    }

    /**
     * An effect that applies to a call.
     *
     * @param fault the fault that has the effect
     * @param sinceNanos when it was switched on, in the time of these faults' {@code nanoTime}
     */
    public record Strike<E extends Effect>(E effect, Fault fault, long sinceNanos) {}

    /** The effects of a kind that apply to a call, in the order in which they were switched on. */
    public <E extends Effect> List<Strike<E>> struck(FaultTarget target, Class<E> kind) {
        return struck(target, kind, effect -> true);
    }

    /** The effects of a kind and a moment that apply to a call. */
    public <E extends Effect.Timed> List<Strike<E>> struck(FaultTarget target, Class<E> kind, Effect.Moment moment) {
        return struck(target, kind, effect -> effect.moment() == moment);
    }

    /** The effects of a kind that apply to a call. Effects that the filter rejects are neither evaluated nor counted. */
    public <E extends Effect> List<Strike<E>> struck(FaultTarget target, Class<E> kind, Predicate<E> filter) {
        if (active.isEmpty()) {
            return List.of();
        }
        List<Strike<E>> struck = new ArrayList<>();
        for (ActiveFault one : active) {
            if (kind.isInstance(one.fault().effect())) {
                E effect = kind.cast(one.fault().effect());
                if (filter.test(effect) && one.strikes(target, random, nanoTime.getAsLong())) {
                    struck.add(new Strike<>(effect, one.fault(), one.sinceNanos()));
                }
            }
        }
        return struck;
    }

    /**
     * Admits a put or pull under the quotas that are on, and counts it.
     *
     * @param bytes raw size of the put; 0 for a pull, whose size is counted by {@link #countRead}
     * @throws Refusal with the service's code when a quota is used up
     */
    public void admit(FaultTarget target, long bytes) {
        for (ActiveFault one : active) {
            if (one.fault().effect() instanceof Effect.Quota quota && one.concerns(target, nanoTime.getAsLong())) {
                QuotaWindows.Window window = one.windows().of(quota, target, nanoTime.getAsLong());
                if (window.isFull(quota) && one.strikes(target, random, nanoTime.getAsLong())) {
                    throw exceeded(quota.per(), target);
                }
                window.add(1, bytes);
            }
        }
    }

    /** Counts the bytes that an admitted pull has read. */
    public void countRead(FaultTarget target, long bytes) {
        for (ActiveFault one : active) {
            if (one.fault().effect() instanceof Effect.Quota quota && one.concerns(target, nanoTime.getAsLong())) {
                one.windows().of(quota, target, nanoTime.getAsLong()).add(0, bytes);
            }
        }
    }

    private static Refusal exceeded(Effect.Limited per, FaultTarget target) {
        boolean write = target.operation() == Operation.PUT_LOGS;
        if (per == Effect.Limited.PROJECT) {
            return new Refusal(
                    write ? ErrorCode.WRITE_QUOTA_EXCEED : ErrorCode.READ_QUOTA_EXCEED,
                    "Project " + (write ? "write" : "read") + " quota exceed: qps");
        }
        return new Refusal(
                write ? ErrorCode.SHARD_WRITE_QUOTA_EXCEED : ErrorCode.SHARD_READ_QUOTA_EXCEED,
                "shard " + target.shard().orElse(-1) + (write ? " write" : " read") + " quota exceed");
    }
}
