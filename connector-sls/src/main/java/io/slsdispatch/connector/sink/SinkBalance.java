package io.slsdispatch.connector.sink;

/**
 * The books of one writer: when nothing is left unsettled, the groups that it took, as they were split, are those that the
 * target has acknowledged, those stored among the dead letters and those dropped. If they are not, some went a way that
 * nobody counts, and that is told. Task thread only.
 */
final class SinkBalance {

    private final SinkMetrics metrics;
    private final SinkWarnings warnings;
    private long taken;
    private long difference;

    SinkBalance(SinkMetrics metrics, SinkWarnings warnings) {
        this.metrics = metrics;
        this.warnings = warnings;
    }

    /** A group came to be written. */
    void took() {
        taken++;
    }

    /** Compares with what became of the groups; only when nothing is unsettled. */
    void check() {
        long groups = taken + metrics.addedBySplits();
        long now = groups - metrics.settled();
        if (now != difference) {
            warnings.booksDoNotBalance(groups, metrics.settled());
        }
        difference = now;
        metrics.imbalance(now);
    }
}
