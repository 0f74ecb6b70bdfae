package io.slsdispatch.local.fault;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * A fault that was switched on, with counts of the matching calls that it let pass and that it affected. Safe for use by
 * several threads.
 */
final class ActiveFault {

    private final long id;
    private final Fault fault;
    private final long sinceNanos;
    private final QuotaWindows windows = new QuotaWindows();
    private long passed;
    private long struck;

    ActiveFault(long id, Fault fault, long sinceNanos) {
        this.id = id;
        this.fault = fault;
        this.sinceNanos = sinceNanos;
    }

    long id() {
        return id;
    }

    Fault fault() {
        return fault;
    }

    long sinceNanos() {
        return sinceNanos;
    }

    QuotaWindows windows() {
        return windows;
    }

    synchronized long struck() {
        return struck;
    }

    synchronized Fault.Phase phase(long nowNanos) {
        Duration age = Duration.ofNanos(nowNanos - sinceNanos);
        Fault.Schedule schedule = fault.schedule();
        if (struck >= schedule.count().orElse(Long.MAX_VALUE)
                || schedule.endAfter().map(end -> age.compareTo(end) >= 0).orElse(false)) {
            return Fault.Phase.OVER;
        }
        return age.compareTo(schedule.startAfter()) < 0 ? Fault.Phase.WAITING : Fault.Phase.ON;
    }

    /** Whether the fault is on and matches this call. */
    boolean concerns(FaultTarget target, long nowNanos) {
        return fault.matches(target) && phase(nowNanos) == Fault.Phase.ON;
    }

    /** Decides whether the fault affects this call, and counts the call if so. */
    synchronized boolean strikes(FaultTarget target, DoubleSupplier random, long nowNanos) {
        if (!concerns(target, nowNanos)) {
            return false;
        }
        if (passed < fault.schedule().skip()) {
            passed++;
            return false;
        }
        if (random.getAsDouble() >= fault.schedule().probability()) {
            return false;
        }
        struck++;
        return true;
    }
}
