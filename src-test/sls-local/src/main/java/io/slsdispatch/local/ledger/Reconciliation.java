package io.slsdispatch.local.ledger;

import java.util.List;
import java.util.function.ToLongFunction;

/**
 * What a comparison of a source with its targets found.
 *
 * @param groups how many groups the source was given
 * @param unrouted how many of them belong in no target
 * @param targets a row for each target
 * @param deadLetters a row for each logstore of dead letters
 * @param offenders the first few of each kind that are not as they should be, in words, the worst first
 */
public record Reconciliation(
        long groups, long unrouted, List<Target> targets, List<DeadLetters> deadLetters, List<String> offenders) {

    public Reconciliation {
        targets = List.copyOf(targets);
        deadLetters = List.copyOf(deadLetters);
        offenders = List.copyOf(offenders);
    }

    /**
     * One target.
     *
     * @param name the target's logstore
     * @param ordered whether its groups are expected in order
     */
    public record Target(String name, boolean ordered, Holdings holdings, Findings findings) {

        public long expected() {
            return holdings.expected;
        }

        public long arrived() {
            return holdings.arrived;
        }

        public long bytes() {
            return holdings.bytes;
        }

        public long deadLettered() {
            return holdings.deadLettered;
        }

        public long dropped() {
            return holdings.dropped;
        }

        public long lost() {
            return findings.lost;
        }

        public long duplicated() {
            return findings.duplicated;
        }

        public long misrouted() {
            return findings.misrouted;
        }

        public long altered() {
            return findings.altered;
        }

        public long reordered() {
            return findings.reordered;
        }
    }

    /**
     * What a target has and should have.
     *
     * @param expected how many groups of the source belong there
     * @param arrived how many groups are there
     * @param bytes how many bytes these have
     * @param deadLettered how many of the expected are not there, but among its dead letters
     * @param dropped how many of the expected are neither there nor among the dead letters, as it was allowed
     */
    public record Holdings(long expected, long arrived, long bytes, long deadLettered, long dropped) {}

    /**
     * What is wrong with a target.
     *
     * @param lost how many that belong there are nowhere, beyond those that it may drop
     * @param duplicated how many are there once more than they should be
     * @param misrouted how many are there that are groups of the source, but belong elsewhere
     * @param altered how many are there that no group of the source equals, byte for byte
     * @param reordered how many stand in a shard of the target behind a later one of the same source shard and topic;
     *     only groups that are in the source once count, and of these their first arrival
     */
    public record Findings(long lost, long duplicated, long misrouted, long altered, long reordered) {}

    /**
     * A logstore of dead letters.
     *
     * @param name the logstore
     * @param arrived how many groups are there
     * @param repeated how many of them stand for a group that is at its target, or for one that another of them stands
     *     for already
     * @param misrouted how many are there that belong to none of its targets
     * @param altered how many are there that no group of the source equals
     */
    public record DeadLetters(String name, long arrived, long repeated, long misrouted, long altered) {}

    public long lost() {
        return sum(Target::lost);
    }

    public long duplicated() {
        return sum(Target::duplicated);
    }

    public long misrouted() {
        return sum(Target::misrouted)
                + deadLetters.stream().mapToLong(DeadLetters::misrouted).sum();
    }

    public long altered() {
        return sum(Target::altered)
                + deadLetters.stream().mapToLong(DeadLetters::altered).sum();
    }

    /** Of all targets, those that are not ordered too. */
    public long reordered() {
        return sum(Target::reordered);
    }

    public long deadLettered() {
        return sum(Target::deadLettered);
    }

    public long dropped() {
        return sum(Target::dropped);
    }

    /** Whether nothing is lost, misrouted, altered, or reordered where it must not be; repeats are allowed. */
    public boolean isWhole() {
        return lost() == 0
                && misrouted() == 0
                && altered() == 0
                && targets.stream().noneMatch(target -> target.ordered() && target.reordered() > 0);
    }

    private long sum(ToLongFunction<Target> what) {
        return targets.stream().mapToLong(what).sum();
    }

    /** {@code lost=0 duplicated=0 misrouted=0 altered=0}. */
    @Override
    public String toString() {
        return "lost=" + lost() + " duplicated=" + duplicated() + " misrouted=" + misrouted() + " altered=" + altered();
    }
}
