package io.slsdispatch.connector.config;

import org.apache.flink.annotation.PublicEvolving;

/** The reaction when unread groups are gone: retention removed them, or their shard was removed. */
@PublicEvolving
public enum ExpiredCursorPolicy {
    /** The job fails with a message that names the shard. Nothing is skipped. */
    FAIL,
    /** Continues at the oldest remaining group. The lost groups are counted as a data gap and logged. */
    EARLIEST,
    /**
     * Continues with the groups that arrive from now on, for uses where recent data matters more than complete data.
     * All skipped groups, including those that still exist, are counted as a data gap and logged. Not for bounded runs.
     */
    LATEST
}
