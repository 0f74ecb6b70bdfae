package io.slsdispatch.connector.metrics;

import org.apache.flink.annotation.Internal;

/** Names of the source's metrics, except those that FLIP-33 defines. Changing one breaks alerts and dashboards. */
@Internal
public final class SourceMetricNames {

    /** Metric group of all metrics below, with {@link #LOGSTORE} and, per shard, {@link #SHARD} as labels. */
    public static final String GROUP = "sls";

    public static final String LOGSTORE = "logstore";
    public static final String SHARD = "shard";

    /** Value of {@link #SHARD} for all shards of a reader without metrics of their own: their maximum lag. */
    public static final String FURTHER_SHARDS = "further";

    /** Enumerator: shards assigned to a reader. */
    public static final String ACTIVE_SHARDS = "activeShards";

    /** Enumerator: shards not assigned yet, because their start is not known or an ancestor is not read to the end. */
    public static final String WAITING_SHARDS = "waitingShards";

    /** Enumerator: all shards that were ever read to the end. */
    public static final String FINISHED_SHARDS = "finishedShards";

    /** Enumerator: seconds since the last successful listing of shards. */
    public static final String SECONDS_SINCE_LAST_DISCOVERY = "secondsSinceLastDiscovery";

    /** Enumerator: failed listings, and failed look-ups of a shard's start. */
    public static final String DISCOVERY_FAILURES = "discoveryFailures";

    /** Enumerator and reader: how often unread groups were found to be gone. */
    public static final String DATA_GAPS = "dataGaps";

    /** Reader: groups skipped by data gaps, if the service's cursors show the number. */
    public static final String DATA_GAP_GROUPS = "dataGapGroups";

    /** Reader: seconds of receive time skipped by data gaps, if known. */
    public static final String DATA_GAP_SECONDS = "dataGapSeconds";

    /** Reader: ranges of numbers in cursors that no group ever had; nothing is lost. */
    public static final String CURSOR_JUMPS = "cursorJumps";

    /** Reader: shards whose end, or end of the run, has contradicted the pulls for more than a minute. */
    public static final String SHARD_ENDS_IN_DOUBT = "shardEndsInDoubt";

    /** Enumerator and reader: shards that disappeared before they were read to the end. */
    public static final String EXPIRED_SHARDS = "expiredShards";

    /**
     * Enumerator: 1 if the consumer group could not be created because the logstore has reached its limit of groups.
     */
    public static final String GROUP_COMMIT_DISABLED = "groupCommitDisabled";

    /** Reader: failed commits to the consumer group. */
    public static final String GROUP_COMMIT_FAILURES = "groupCommitFailures";

    /** Reader: shards for which the consumer group contained a cursor of another consumer, counted each time. */
    public static final String FOREIGN_COMMITS = "foreignCommits";

    /**
     * Enumerator: shards whose cursor another consumer moved in the consumer group that the job took its start from,
     * counted each time.
     */
    public static final String START_GROUP_COMMITS = "startGroupCommits";

    /** Enumerator: 1 if the consumer group to start from did not exist, so that all shards started elsewhere; else 0. */
    public static final String START_GROUP_MISSING = "startGroupMissing";

    /** Enumerator: retention of the logstore in seconds; 0 if it keeps groups forever or the retention is not known. */
    public static final String RETENTION_SECONDS = "retentionSeconds";

    /** Reader: shards whose requests fail at present, throttled ones included. */
    public static final String FAILING_SHARDS = "failingShards";

    /**
     * Enumerator: why shards cannot be listed at present. Reader: why a shard cannot be read at present, of all the one
     * that has failed longest. A text, see {@link Problem#text}; empty for none.
     */
    public static final String PROBLEM = "problem";

    /** Enumerator: percentage of a bounded run that is read; -1 without a stop. */
    public static final String RUN_PERCENT = "runPercent";

    /** Enumerator: estimated seconds until a bounded run ends; -1 without a stop, or if it is not known. */
    public static final String RUN_SECONDS_LEFT = "runSecondsLeft";

    /** Reader: expected bytes of pulls in flight plus bytes of batches that are not emitted yet. */
    public static final String BUFFERED_BYTES = "bufferedBytes";

    /**
     * Reader, per shard: lag in seconds, between now and the time up to which everything that the service received is
     * pulled.
     */
    public static final String LAG_SECONDS = "lagSeconds";

    /** Reader, per shard: emitted groups. */
    public static final String GROUPS = "groups";

    /** Reader, per shard: serialized bytes of emitted groups. */
    public static final String BYTES = "bytes";

    /** Reader, per shard: answered pulls, with or without groups. */
    public static final String PULLS = "pulls";

    /** Reader, per shard: total milliseconds of these pulls, from the request to the complete answer. */
    public static final String PULL_MILLIS = "pullMillis";

    /** Reader: label of {@link #ERRORS} with the service's error code. */
    public static final String CODE = "code";

    /** Reader: seconds by which the service's clock is ahead of this machine's, at the last answer. */
    public static final String CLOCK_SKEW_SECONDS = "clockSkewSeconds";

    /**
     * Reader, enumerator: seconds by which requests are signed ahead of the local clock, because the service has
     * refused a request for its time; 0 while the local clock is used.
     */
    public static final String CLOCK_CORRECTION_SECONDS = "clockCorrectionSeconds";

    /** Reader: seconds until the credentials in use expire; -1 if they do not expire or the expiry is not known. */
    public static final String CREDENTIALS_SECONDS_LEFT = "credentialsSecondsLeft";

    /** Reader: how often the file or the address of the credentials provided none. */
    public static final String CREDENTIALS_FAILURES = "credentialsFailures";

    /** Reader: 1 while pulls are configured with zstd but get LZ4, because the service does not send zstd; else 0. */
    public static final String LZ4_INSTEAD_OF_ZSTD = "lz4InsteadOfZstd";

    /** Reader, per shard: requests refused because a quota was exceeded. */
    public static final String THROTTLES = "throttles";

    /**
     * Reader, per shard: requests that failed for other reasons, including unreadable responses. Per {@link #CODE}: all
     * requests that the service refused or did not answer.
     */
    public static final String ERRORS = "errors";

    private SourceMetricNames() {}
}
