package io.slsdispatch.job.dispatch;

import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The books of one dispatcher: groups that came, and the copies made of them, are the groups that were sent and dropped. If
 * they are not, some went a way that nobody counts, and that is told.
 */
final class DispatchBalance {

    private static final Logger LOG = LoggerFactory.getLogger(DispatchBalance.class);

    private final Counter received;
    private final Counter copied;
    private volatile long difference;

    DispatchBalance(MetricGroup sls) {
        received = sls.counter("receivedGroups");
        copied = sls.counter("copiedGroups");
        sls.gauge("imbalance", () -> difference);
    }

    /** A group came, and goes to so many targets. */
    void received(int targets) {
        received.inc();
        if (targets > 1) {
            copied.inc(targets - 1L);
        }
    }

    /** Compares with what went out since the start. */
    void check(long sent, long dropped) {
        long now = received.getCount() + copied.getCount() - sent - dropped;
        if (now != difference) {
            LOG.error(
                    "The dispatcher's books do not balance: {} groups received and {} copied, but {} sent and {} dropped."
                            + " Compare source and targets, and report this: it is a fault of sls-dispatch",
                    received.getCount(),
                    copied.getCount(),
                    sent,
                    dropped);
        }
        difference = now;
    }
}
