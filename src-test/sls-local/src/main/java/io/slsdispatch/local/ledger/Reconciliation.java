package io.slsdispatch.local.ledger;

import java.util.List;
import java.util.function.ToLongFunction;

/**
 * The result of a reconciliation of a source with its targets.
 *
 * @param groups number of groups in the source
 * @param unrouted number of them that belong to no target
 * @param targets a row for each target
 * @param deadLetters a row for each logstore of dead letters
 * @param offenders the first few errors of each kind, as text, worst first
 */
public record Reconciliation(
        long groups, long unrouted, List<Target> targets, List<DeadLetters> deadLetters, List<String> offenders) {

    public Reconciliation {
        targets = List.copyOf(targets);
        deadLetters = List.copyOf(deadLetters);
        offenders = List.copyOf(offenders);
    }

    /**
     * The result for one target.
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
     * Actual and expected groups of a target.
     *
     * @param expected number of groups of the source that belong there
     * @param arrived number of groups that are there
     * @param bytes size of these groups in bytes
     * @param deadLettered number of expected groups that are not there, but among its dead letters
     * @param dropped number of expected groups that are neither there nor among the dead letters, within the number
     *     that it may drop
     */
    public record Holdings(long expected, long arrived, long bytes, long deadLettered, long dropped) {}

    /**
     * The errors found at a target.
     *
     * @param lost number of groups that belong there and are nowhere, beyond those that it may drop
     * @param duplicated number of groups that are there once too often
     * @param misrouted number of groups of the source that are there but belong elsewhere
     * @param altered number of groups there that do not equal any group of the source, byte for byte
     * @param reordered number of groups that follow, in a shard of the target, a later group of the same source shard
     *     and topic. Only groups that occur once in the source count, and only their first arrival
     */
    public record Findings(long lost, long duplicated, long misrouted, long altered, long reordered) {}

    /**
     * The result for a logstore of dead letters.
     *
     * @param name the logstore
     * @param arrived number of groups that are there
     * @param repeated number of dead letters whose group is at its target, or that repeat another dead letter
     * @param misrouted number of groups there that belong to none of its targets
     * @param altered number of groups there that do not equal any group of the source
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

    /** The number for all targets, including those that are not ordered. */
    public long reordered() {
        return sum(Target::reordered);
    }

    public long deadLettered() {
        return sum(Target::deadLettered);
    }

    public long dropped() {
        return sum(Target::dropped);
    }

    /** Whether no group is lost, misrouted, altered, or reordered at an ordered target. Duplicates are allowed. */
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
