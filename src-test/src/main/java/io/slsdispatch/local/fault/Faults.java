package io.slsdispatch.local.fault;

import io.slsdispatch.local.wire.Refusal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.DoubleSupplier;

/** The faults that are on. Safe for use by several threads; costs nothing while there are none. */
public final class Faults {

    private final List<Active> active = new CopyOnWriteArrayList<>();
    private final AtomicLong ids = new AtomicLong();
    private final DoubleSupplier random;

    /** Chance comes from here: numbers from 0 inclusive to 1 exclusive. */
    public Faults(DoubleSupplier random) {
        this.random = random;
    }

    private record Active(long id, Fault fault, AtomicLong struck) {

        boolean strikes(FaultTarget target, DoubleSupplier random) {
            return fault.matches(target)
                    && !isOver()
                    && random.getAsDouble() < fault.probability()
                    && struck.incrementAndGet() <= fault.count().orElse(Long.MAX_VALUE);
        }

        boolean isOver() {
            return struck.get() >= fault.count().orElse(Long.MAX_VALUE);
        }
    }

    /** Switches a fault on and answers its id. */
    public long add(Fault fault) {
        long id = ids.incrementAndGet();
        active.add(new Active(id, fault, new AtomicLong()));
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
     * A fault that is on.
     *
     * @param struck number of calls that it has struck
     */
    public record View(long id, Fault fault, long struck) {}

    /** The faults that are on, those that are over included, by id. */
    public List<View> list() {
        return active.stream()
                .map(one -> new View(
                        one.id(),
                        one.fault(),
                        Math.min(one.struck().get(), one.fault().count().orElse(Long.MAX_VALUE))))
                .toList();
    }

    /** How much later the answer to a call must come. */
    public Duration delayOf(FaultTarget target) {
        Duration delay = Duration.ZERO;
        for (Active one : active) {
            if (one.fault().effect() instanceof Effect.Delay more && one.strikes(target, random)) {
                delay = delay.plus(more.time());
            }
        }
        return delay;
    }

    /**
     * Lets the faults of one moment strike.
     *
     * @throws Refusal when the answer must be an error
     * @throws Reset when the connection must be reset
     */
    public void strike(FaultTarget target, Effect.Moment moment) {
        for (Active one : active) {
            Effect effect = one.fault().effect();
            if (effect.strikes(moment) && one.strikes(target, random)) {
                if (effect instanceof Effect.Refuse refuse) {
                    throw new Refusal(refuse.status(), refuse.code(), refuse.message());
                }
                throw new Reset();
            }
        }
    }

    /** Thrown where a call must end without an answer. */
    public static final class Reset extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Reset() {
            super("the connection is reset by a fault", null, false, false);
        }
    }
}
