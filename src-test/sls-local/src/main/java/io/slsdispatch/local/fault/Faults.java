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

/** The faults that are on. Safe for use by several threads; costs nothing while there are none. */
public final class Faults {

    private final List<ActiveFault> active = new CopyOnWriteArrayList<>();
    private final AtomicLong ids = new AtomicLong();
    private final DoubleSupplier random;
    private final LongSupplier nanoTime;

    /**
     * @param random chance comes from here: numbers from 0 inclusive to 1 exclusive
     * @param nanoTime tells how time passes, as {@link System#nanoTime} does
     */
    public Faults(DoubleSupplier random, LongSupplier nanoTime) {
        this.random = random;
        this.nanoTime = nanoTime;
    }

    /** Switches a fault on and answers its id. */
    public long add(Fault fault) {
        long id = ids.incrementAndGet();
        active.add(new ActiveFault(id, fault, nanoTime.getAsLong()));
        return id;
    }

    /** Switches one fault off. Answers false when there is none of this id. */
    public boolean remove(long id) {
        return active.removeIf(one -> one.id() == id);
    }

    /** Whether there is no fault that could strike. */
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
     * @param struck number of calls that it has struck
     */
    public record View(long id, Fault fault, Fault.Phase phase, long struck) {}

    /** The faults that were switched on and not off again, by id. */
    public List<View> list() {
        long now = nanoTime.getAsLong();
        return active.stream()
                .map(one -> new View(one.id(), one.fault(), one.phase(now), one.struck()))
                .toList();
    }

    /**
     * An effect that strikes a call.
     *
     * @param fault that has the effect
     * @param sinceNanos when it was switched on, by the time that these faults go by
     */
    public record Strike<E extends Effect>(E effect, Fault fault, long sinceNanos) {}

    /** The effects of a kind that strike a call, in the order in which they were switched on. */
    public <E extends Effect> List<Strike<E>> struck(FaultTarget target, Class<E> kind) {
        return struck(target, kind, effect -> true);
    }

    /** The effects of a kind and a moment that strike a call. */
    public <E extends Effect.Timed> List<Strike<E>> struck(FaultTarget target, Class<E> kind, Effect.Moment moment) {
        return struck(target, kind, effect -> effect.moment() == moment);
    }

    /** The effects of a kind that strike a call; those that the filter does not take are neither asked nor counted. */
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
     * Lets a put or pull pass the quotas that are on, and counts it.
     *
     * @param bytes raw size of what is written; 0 for a pull, whose size comes with {@link #countRead}
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

    /** Counts what a pull that passed has read. */
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
