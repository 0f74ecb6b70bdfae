package io.slsdispatch.local.ledger;

import java.util.List;

/**
 * What a comparison of a source with its targets found.
 *
 * @param groups how many groups the source was given
 * @param unrouted how many of them belong in no target
 * @param reordered how many groups stand in a shard of a target behind a later one of the same source shard and topic;
 *     only groups that are in the source once count, and of these their first arrival
 * @param targets a row for each target
 * @param offenders the first few that are not as they should be, in words
 */
public record Reconciliation(long groups, long unrouted, long reordered, List<Target> targets, List<String> offenders) {

    public Reconciliation {
        targets = List.copyOf(targets);
        offenders = List.copyOf(offenders);
    }

    /**
     * One target.
     *
     * @param name the target's logstore
     * @param expected how many groups of the source belong there
     * @param arrived how many groups are there
     * @param bytes how many bytes these have
     * @param lost how many that belong there are not there
     * @param duplicated how many are there once more than they should be
     * @param misrouted how many are there that are groups of the source, but belong elsewhere
     * @param altered how many are there that no group of the source equals, byte for byte
     */
    public record Target(
            String name,
            long expected,
            long arrived,
            long bytes,
            long lost,
            long duplicated,
            long misrouted,
            long altered) {}

    public long lost() {
        return targets.stream().mapToLong(Target::lost).sum();
    }

    public long duplicated() {
        return targets.stream().mapToLong(Target::duplicated).sum();
    }

    public long misrouted() {
        return targets.stream().mapToLong(Target::misrouted).sum();
    }

    public long altered() {
        return targets.stream().mapToLong(Target::altered).sum();
    }

    /** {@code lost=0 duplicated=0 misrouted=0 altered=0}. */
    @Override
    public String toString() {
        return "lost=" + lost() + " duplicated=" + duplicated() + " misrouted=" + misrouted() + " altered=" + altered();
    }
}
