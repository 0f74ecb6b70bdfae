package io.slsdispatch.local.fault;

import io.slsdispatch.local.ledger.GroupDigest;
import io.slsdispatch.local.wire.LogGroupScanner;
import io.slsdispatch.local.wire.Operation;
import io.slsdispatch.local.wire.Refusal;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A fault: which calls it affects, when and how often, and what it does to them. */
public record Fault(Scope scope, Schedule schedule, Effect effect) {

    public Fault {
        if (effect instanceof Effect.Event event) {
            if (scope.project().isEmpty() || scope.logstore().isEmpty()) {
                throw new IllegalArgumentException("event without project or logstore: set both");
            }
            if (event.isOfShard() && scope.shard().isEmpty()) {
                throw new IllegalArgumentException("event without shard: set the shard to which it applies");
            }
        }
    }

    /** The calls that a fault matches. A field that is left out matches everything. */
    public record Scope(
            Optional<Operation> operation,
            Optional<String> project,
            Optional<String> logstore,
            OptionalInt shard,
            Groups groups) {

        static final Scope ALL =
                new Scope(Optional.empty(), Optional.empty(), Optional.empty(), OptionalInt.empty(), Groups.ANY);

        boolean matches(FaultTarget target, boolean shardMustMatch) {
            return matchesPlace(target, shardMustMatch) && groups.match(target);
        }

        private boolean matchesPlace(FaultTarget target, boolean shardMustMatch) {
            return operation.map(target.operation()::equals).orElse(true)
                    && project.map(target.project()::equals).orElse(true)
                    && logstore.map(target.logstore()::equals).orElse(true)
                    && (shard.isEmpty()
                            || shard.equals(target.shard())
                            || (!shardMustMatch && target.shard().isEmpty()));
        }
    }

    /**
     * The puts that a fault matches. When any of the three is present, only puts match.
     *
     * @param list whether the request has mode {@code batch_group} (true) or contains a single group (false)
     * @param topic topic of one of its groups; an empty string matches groups without topic
     * @param digest of one of its groups, as {@link GroupDigest#toString} writes it
     */
    public record Groups(Optional<Boolean> list, Optional<String> topic, Optional<GroupDigest> digest) {

        static final Groups ANY = new Groups(Optional.empty(), Optional.empty(), Optional.empty());

        boolean match(FaultTarget target) {
            if (list.isEmpty() && topic.isEmpty() && digest.isEmpty()) {
                return true;
            }
            return target.operation() == Operation.PUT_LOGS
                    && list.map(wanted -> wanted == target.put().isList()).orElse(true)
                    && ((topic.isEmpty() && digest.isEmpty())
                            || target.put().groups().stream().anyMatch(this::matches));
        }

        private boolean matches(byte[] group) {
            return digest.map(GroupDigest.of(group)::equals).orElse(true)
                    && topic.map(wanted -> wanted.equals(topicOf(group))).orElse(true);
        }

        private static @Nullable String topicOf(byte[] group) {
            try {
                return LogGroupScanner.scan(group, false).topic();
            } catch (Refusal notAGroup) {
                return null;
            }
        }
    }

    /**
     * The schedule of a fault: which of the matching calls it affects.
     *
     * @param probability of striking a call, above 0 and at most 1
     * @param skip number of calls that pass first
     * @param count number of calls that it affects before it ends; empty means no limit
     * @param startAfter how long after it was switched on the fault begins
     * @param endAfter how long after it was switched on the fault is over; empty means never
     */
    public record Schedule(
            double probability, long skip, OptionalLong count, Duration startAfter, Optional<Duration> endAfter) {

        static final Schedule ALWAYS = new Schedule(1, 0, OptionalLong.empty(), Duration.ZERO, Optional.empty());

        public Schedule {
            if (!(probability > 0 && probability <= 1)) {
                throw new IllegalArgumentException("probability " + probability + ": expected above 0 and at most 1");
            }
            if (skip < 0) {
                throw new IllegalArgumentException("skip " + skip + ": expected at least 0");
            }
            if (count.isPresent() && count.getAsLong() < 1) {
                throw new IllegalArgumentException("count " + count.getAsLong() + ": expected at least 1");
            }
            if (startAfter.isNegative()
                    || (endAfter.isPresent() && endAfter.get().compareTo(startAfter) <= 0)) {
                throw new IllegalArgumentException("fault from " + startAfter.toMillis() + " ms to "
                        + endAfter.orElse(startAfter).toMillis() + " ms: expected 0 <= startAfter < endAfter");
            }
        }
    }

    /**
     * A fault that affects every call. Narrow it with the methods below. For an event, use {@link #of}, which sets the
     * logstore.
     */
    public static Fault always(Effect effect) {
        return new Fault(Scope.ALL, Schedule.ALWAYS, effect);
    }

    /**
     * An event that happens once to a shard, when the next call for its logstore is served. Narrow it with the methods
     * below. A call without a shard matches, whatever the event's shard.
     */
    public static Fault of(Effect.Event event, String project, String logstore, int shard) {
        return once(event, project, logstore, OptionalInt.of(shard));
    }

    /** An event that happens once to a logstore, when the next call for it is served. */
    public static Fault of(Effect.Event event, String project, String logstore) {
        return once(event, project, logstore, OptionalInt.empty());
    }

    private static Fault once(Effect.Event event, String project, String logstore, OptionalInt shard) {
        Scope scope = new Scope(Optional.empty(), Optional.of(project), Optional.of(logstore), shard, Groups.ANY);
        return new Fault(scope, Schedule.ALWAYS, event).times(1);
    }

    /** Restricts the fault to one operation. */
    public Fault on(Operation only) {
        return with(new Scope(Optional.of(only), scope.project(), scope.logstore(), scope.shard(), scope.groups()));
    }

    /** Restricts the fault to one project. */
    public Fault inProject(String only) {
        return with(new Scope(scope.operation(), Optional.of(only), scope.logstore(), scope.shard(), scope.groups()));
    }

    /** Restricts the fault to logstores of one name. */
    public Fault inLogstore(String only) {
        return with(new Scope(scope.operation(), scope.project(), Optional.of(only), scope.shard(), scope.groups()));
    }

    /** Restricts the fault to shards of one id. */
    public Fault inShard(int only) {
        return with(
                new Scope(scope.operation(), scope.project(), scope.logstore(), OptionalInt.of(only), scope.groups()));
    }

    /** Restricts the fault to puts of lists (mode {@code batch_group}), or to puts of a single group. */
    public Fault forLists(boolean only) {
        return with(new Groups(
                Optional.of(only), scope.groups().topic(), scope.groups().digest()));
    }

    /** Restricts the fault to puts that contain a group of this topic. */
    public Fault forTopic(String only) {
        return with(new Groups(
                scope.groups().list(), Optional.of(only), scope.groups().digest()));
    }

    /** Restricts the fault to puts that contain this group. */
    public Fault forGroup(GroupDigest only) {
        return with(new Groups(scope.groups().list(), scope.groups().topic(), Optional.of(only)));
    }

    /** Restricts the fault to a random part of the matching calls. */
    public Fault withProbability(double part) {
        return with(new Schedule(part, schedule.skip(), schedule.count(), schedule.startAfter(), schedule.endAfter()));
    }

    /** Limits the fault to this many calls; after them it has no effect. */
    public Fault times(long calls) {
        return with(new Schedule(
                schedule.probability(),
                schedule.skip(),
                OptionalLong.of(calls),
                schedule.startAfter(),
                schedule.endAfter()));
    }

    /** Lets this many calls pass first. */
    public Fault skipping(long calls) {
        return with(new Schedule(
                schedule.probability(), calls, schedule.count(), schedule.startAfter(), schedule.endAfter()));
    }

    /** Delays the begin of the fault from when it is switched on. */
    public Fault startingAfter(Duration time) {
        return with(new Schedule(schedule.probability(), schedule.skip(), schedule.count(), time, schedule.endAfter()));
    }

    /** Ends the fault this long after it is switched on. */
    public Fault endingAfter(Duration time) {
        return with(new Schedule(
                schedule.probability(), schedule.skip(), schedule.count(), schedule.startAfter(), Optional.of(time)));
    }

    private Fault with(Groups other) {
        return with(new Scope(scope.operation(), scope.project(), scope.logstore(), scope.shard(), other));
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

    /** The phase of a fault that was switched on. */
    public enum Phase {
        /** It has not begun. */
        WAITING,
        /** It affects calls. */
        ON,
        /** It has affected its number of calls, or its time is over. */
        OVER
    }
}
