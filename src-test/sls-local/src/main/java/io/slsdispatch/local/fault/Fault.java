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
     * Which puts a fault is about. When any of the three is there, no call but a put matches.
     *
     * @param list whether the request has mode {@code batch_group} (true) or brings one group by itself (false)
     * @param topic of one of its groups; empty text is the topic of groups that have none
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
        Scope scope = new Scope(Optional.empty(), Optional.of(project), Optional.of(logstore), shard, Groups.ANY);
        return new Fault(scope, Schedule.ALWAYS, event).times(1);
    }

    /** The same for one operation only. */
    public Fault on(Operation only) {
        return with(new Scope(Optional.of(only), scope.project(), scope.logstore(), scope.shard(), scope.groups()));
    }

    /** The same for one project only. */
    public Fault inProject(String only) {
        return with(new Scope(scope.operation(), Optional.of(only), scope.logstore(), scope.shard(), scope.groups()));
    }

    /** The same for logstores of one name only. */
    public Fault inLogstore(String only) {
        return with(new Scope(scope.operation(), scope.project(), Optional.of(only), scope.shard(), scope.groups()));
    }

    /** The same for shards of one id only. */
    public Fault inShard(int only) {
        return with(
                new Scope(scope.operation(), scope.project(), scope.logstore(), OptionalInt.of(only), scope.groups()));
    }

    /** The same for puts that are lists (mode {@code batch_group}), or for those of one group only. */
    public Fault forLists(boolean only) {
        return with(new Groups(
                Optional.of(only), scope.groups().topic(), scope.groups().digest()));
    }

    /** The same for puts only that bring a group of this topic. */
    public Fault forTopic(String only) {
        return with(new Groups(
                scope.groups().list(), Optional.of(only), scope.groups().digest()));
    }

    /** The same for puts only that bring this group. */
    public Fault forGroup(GroupDigest only) {
        return with(new Groups(scope.groups().list(), scope.groups().topic(), Optional.of(only)));
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

    /** What a fault that was switched on is doing. */
    public enum Phase {
        /** Its time has not come. */
        WAITING,
        /** It strikes. */
        ON,
        /** It has struck often enough, or its time is over. */
        OVER
    }
}
