package io.slsdispatch.connector.metrics;

import org.apache.flink.annotation.Internal;

/** Names of the source's metrics, those that FLIP-33 has none for. Changing one breaks alerts and dashboards. */
@Internal
public final class SourceMetricNames {

    /** The group that ours are in, with {@link #LOGSTORE} and, per shard, {@link #SHARD} as labels. */
    public static final String GROUP = "sls";

    public static final String LOGSTORE = "logstore";
    public static final String SHARD = "shard";

    /** Value of {@link #SHARD} for all shards of a reader that have no numbers of their own: the longest lag among them. */
    public static final String FURTHER_SHARDS = "further";

    /** Enumerator: shards that a reader has. */
    public static final String ACTIVE_SHARDS = "activeShards";

    /** Enumerator: shards that no reader has yet, as their start is not known or an ancestor is not read to its end. */
    public static final String WAITING_SHARDS = "waitingShards";

    /** Enumerator: shards that were read to their end, ever. */
    public static final String FINISHED_SHARDS = "finishedShards";

    /** Enumerator: age of the last listing of shards. */
    public static final String SECONDS_SINCE_LAST_DISCOVERY = "secondsSinceLastDiscovery";

    /** Enumerator: listings, and look-ups of a shard's start, that failed. */
    public static final String DISCOVERY_FAILURES = "discoveryFailures";

    /** Enumerator and reader: times that unread groups were found to be gone. */
    public static final String DATA_GAPS = "dataGaps";

    /** Reader: groups that data gaps passed over, where the service's cursors tell. */
    public static final String DATA_GAP_GROUPS = "dataGapGroups";

    /** Reader: seconds of receive times that data gaps passed over, where known. */
    public static final String DATA_GAP_SECONDS = "dataGapSeconds";

    /** Reader: ranges of numbers in cursors that no group ever had; nothing is lost. */
    public static final String CURSOR_JUMPS = "cursorJumps";

    /** Reader: shards whose end, or end of the run, does not fit what pulls bring for more than a minute. */
    public static final String SHARD_ENDS_IN_DOUBT = "shardEndsInDoubt";

    /** Enumerator and reader: shards that were gone before they were read to their end. */
    public static final String EXPIRED_SHARDS = "expiredShards";

    /** Enumerator: 1 when the consumer group could not be made because the logstore has as many as it may have. */
    public static final String GROUP_COMMIT_DISABLED = "groupCommitDisabled";

    /** Reader: commits to the consumer group that failed. */
    public static final String GROUP_COMMIT_FAILURES = "groupCommitFailures";

    /** Reader: shards for which the consumer group was found to hold what somebody else committed, each time counted. */
    public static final String FOREIGN_COMMITS = "foreignCommits";

    /**
     * Enumerator: shards whose cursor somebody has moved in the consumer group that the job took its start from, each time
     * counted.
     */
    public static final String START_GROUP_COMMITS = "startGroupCommits";

    /** Enumerator: for how long the logstore keeps groups, in seconds; 0 when that is for ever or not known. */
    public static final String RETENTION_SECONDS = "retentionSeconds";

    /** Reader: bytes of pulls under way, as expected, and of batches that are not emitted yet. */
    public static final String BUFFERED_BYTES = "bufferedBytes";

    /**
     * Reader, per shard: seconds between now and the moment up to which everything that the service received is pulled.
     */
    public static final String LAG_SECONDS = "lagSeconds";

    /** Reader, per shard: groups emitted. */
    public static final String GROUPS = "groups";

    /** Reader, per shard: serialized bytes of the groups emitted. */
    public static final String BYTES = "bytes";

    /** Reader, per shard: pulls that were answered, with groups or without. */
    public static final String PULLS = "pulls";

    /** Reader, per shard: milliseconds that these pulls took, from the request to the whole answer. */
    public static final String PULL_MILLIS = "pullMillis";

    /** Reader: label of {@link #ERRORS} by the service's error code. */
    public static final String CODE = "code";

    /** Reader: seconds by which the service's clock is ahead of this machine's, as of the last answer. */
    public static final String CLOCK_SKEW_SECONDS = "clockSkewSeconds";

    /** Reader: seconds until the credentials in use end; -1 when they last or that is not known. */
    public static final String CREDENTIALS_SECONDS_LEFT = "credentialsSecondsLeft";

    /** Reader: how often the file or the address of the credentials gave none. */
    public static final String CREDENTIALS_FAILURES = "credentialsFailures";

    /** Reader, per shard: requests refused because a quota was used up. */
    public static final String THROTTLES = "throttles";

    /**
     * Reader, per shard: requests that failed otherwise, unreadable answers included. Per {@link #CODE}: all requests that
     * the service refused or did not answer.
     */
    public static final String ERRORS = "errors";

    private SourceMetricNames() {}
}
