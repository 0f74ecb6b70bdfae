package io.slsdispatch.local.fault;

import io.slsdispatch.local.wire.Operation;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** A fault: which calls it strikes, when and how often, and what it does to them. */
public record Fault(Scope scope, Schedule schedule, Effect effect) {

    public Fault {
        if (effect instanceof Effect.Event event) {
            if (scope.project().isEmpty() || scope.logstore().isEmpty()) {
                throw new IllegalArgumentException("an event needs a project and a logstore that it happens to");
            }
            if (event.isOfShard() && scope.shard().isEmpty()) {
                throw new IllegalArgumentException("the event needs a shard that it happens to");
            }
        }
    }

    /** Which calls a fault is about. Whatever is left out matches everything. */
    public record Scope(
            Optional<Operation> operation, Optional<String> project, Optional<String> logstore, OptionalInt shard) {

        static final Scope ALL = new Scope(Optional.empty(), Optional.empty(), Optional.empty(), OptionalInt.empty());

        boolean matches(FaultTarget target, boolean shardMustMatch) {
            return operation.map(target.operation()::equals).orElse(true)
                    && project.map(target.project()::equals).orElse(true)
                    && logstore.map(target.logstore()::equals).orElse(true)
                    && (shard.isEmpty()
                            || shard.equals(target.shard())
                            || (!shardMustMatch && target.shard().isEmpty()));
        }
    }

    /**
     * Which of the calls that match a fault strikes.
     *
     * @param probability of striking a call, above 0 and at most 1
     * @param skip how many calls it lets pass first
     * @param count how many calls it strikes before it is over; empty means for ever
     * @param startAfter how long after it was switched on it begins
     * @param endAfter how long after it was switched on it is over; empty means never
     */
    public record Schedule(
            double probability, long skip, OptionalLong count, Duration startAfter, Optional<Duration> endAfter) {

        static final Schedule ALWAYS = new Schedule(1, 0, OptionalLong.empty(), Duration.ZERO, Optional.empty());

        public Schedule {
            if (!(probability > 0 && probability <= 1)) {
                throw new IllegalArgumentException("probability " + probability + " is not above 0 and at most 1");
            }
            if (skip < 0) {
                throw new IllegalArgumentException("skip " + skip + " is negative");
            }
            if (count.isPresent() && count.getAsLong() < 1) {
                throw new IllegalArgumentException("count " + count.getAsLong() + " is not at least 1");
            }
            if (startAfter.isNegative()
                    || (endAfter.isPresent() && endAfter.get().compareTo(startAfter) <= 0)) {
                throw new IllegalArgumentException(
                        "the time from " + startAfter + " to " + endAfter.orElse(startAfter) + " is not one");
            }
        }
    }

    /** A fault that strikes every call. Narrow it with the methods below. An event is given its logstore by {@link #of}. */
    public static Fault always(Effect effect) {
        return new Fault(Scope.ALL, Schedule.ALWAYS, effect);
    }

    /**
     * Something that happens once to a shard, when the next call about its logstore is served. Narrow it with the methods
     * below; a call that is about no shard matches, whichever the event's shard.
     */
    public static Fault of(Effect.Event event, String project, String logstore, int shard) {
        return once(event, project, logstore, OptionalInt.of(shard));
    }

    /** Something that happens once to a logstore, when the next call about it is served. */
    public static Fault of(Effect.Event event, String project, String logstore) {
        return once(event, project, logstore, OptionalInt.empty());
    }

    private static Fault once(Effect.Event event, String project, String logstore, OptionalInt shard) {
        Scope scope = new Scope(Optional.empty(), Optional.of(project), Optional.of(logstore), shard);
        return new Fault(scope, Schedule.ALWAYS, event).times(1);
    }

    /** The same for one operation only. */
    public Fault on(Operation only) {
        return with(new Scope(Optional.of(only), scope.project(), scope.logstore(), scope.shard()));
    }

    /** The same for one project only. */
    public Fault inProject(String only) {
        return with(new Scope(scope.operation(), Optional.of(only), scope.logstore(), scope.shard()));
    }

    /** The same for logstores of one name only. */
    public Fault inLogstore(String only) {
        return with(new Scope(scope.operation(), scope.project(), Optional.of(only), scope.shard()));
    }

    /** The same for shards of one id only. */
    public Fault inShard(int only) {
        return with(new Scope(scope.operation(), scope.project(), scope.logstore(), OptionalInt.of(only)));
    }

    /** The same for a random part of the calls. */
    public Fault withProbability(double part) {
        return with(new Schedule(part, schedule.skip(), schedule.count(), schedule.startAfter(), schedule.endAfter()));
    }

    /** The same for so many calls only. */
    public Fault times(long calls) {
        return with(new Schedule(
                schedule.probability(),
                schedule.skip(),
                OptionalLong.of(calls),
                schedule.startAfter(),
                schedule.endAfter()));
    }

    /** The same, but so many calls pass first. */
    public Fault skipping(long calls) {
        return with(new Schedule(
                schedule.probability(), calls, schedule.count(), schedule.startAfter(), schedule.endAfter()));
    }

    /** The same, beginning so long after it was switched on. */
    public Fault startingAfter(Duration time) {
        return with(new Schedule(schedule.probability(), schedule.skip(), schedule.count(), time, schedule.endAfter()));
    }

    /** The same, over so long after it was switched on. */
    public Fault endingAfter(Duration time) {
        return with(new Schedule(
                schedule.probability(), schedule.skip(), schedule.count(), schedule.startAfter(), Optional.of(time)));
    }

    private Fault with(Scope other) {
        return new Fault(other, schedule, effect);
    }

    private Fault with(Schedule other) {
        return new Fault(scope, other, effect);
    }

    boolean matches(FaultTarget target) {
        return scope.matches(target, !(effect instanceof Effect.Event));
    }
}
