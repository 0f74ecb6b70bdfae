package io.slsdispatch.connector.source.reader;

/** How many groups to ask a shard for, so that an answer has about a wanted size. One thread. */
final class PullSize {

    /** Large enough that the cost of a request does not count, small enough that several fit into the budget. */
    private static final long WANTED_BYTES = 4L << 20;

    /** Asked for while nothing is known of the shard's groups. */
    private static final int FIRST_GROUPS = 100;

    /** How much the last batch counts against those before it. */
    private static final double WEIGHT = 0.3;

    private final int maxGroups;
    private final long wantedBytes;
    private double bytesPerGroup;

    PullSize(int maxGroups, long maxBufferedBytes) {
        this.maxGroups = maxGroups;
        this.wantedBytes = Math.max(1, Math.min(WANTED_BYTES, maxBufferedBytes / 2));
    }

    /** How many groups to ask for, at least 1. */
    int groups() {
        if (bytesPerGroup == 0) {
            return Math.min(FIRST_GROUPS, maxGroups);
        }
        return (int) Math.max(1, Math.min(maxGroups, wantedBytes / bytesPerGroup));
    }

    /** How many bytes an answer is expected to have. */
    long bytes() {
        return bytesPerGroup == 0 ? wantedBytes : (long) Math.ceil(groups() * bytesPerGroup);
    }

    /** Learns from a batch that has groups. */
    void observe(int groups, long bytes) {
        double observed = (double) bytes / groups;
        bytesPerGroup = bytesPerGroup == 0 ? observed : (1 - WEIGHT) * bytesPerGroup + WEIGHT * observed;
    }
}
