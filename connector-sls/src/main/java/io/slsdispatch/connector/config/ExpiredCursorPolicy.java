package io.slsdispatch.connector.config;

import org.apache.flink.annotation.PublicEvolving;

/** What to do when groups that were not read yet are gone: trimmed by retention, or their shard with them. */
@PublicEvolving
public enum ExpiredCursorPolicy {
    /** The job fails with a message that names the shard. Nothing is skipped. */
    FAIL,
    /** Goes on at the oldest group that is left. What is lost is counted as a data gap and logged. */
    EARLIEST,
    /**
     * Goes on with what comes from now on, where what is new matters more than what is whole. All groups passed over, those
     * that are left too, are counted as a data gap and logged. Not for bounded runs.
     */
    LATEST
}
