package io.slsdispatch.connector.metrics;

import org.apache.flink.annotation.Internal;

/** Names of the sink's metrics, those that FLIP-33 has none for. Changing one breaks alerts and dashboards. */
@Internal
public final class SinkMetricNames {

    /** The group that ours are in. */
    public static final String GROUP = "sls";

    /** Label of {@link #ERRORS}: the service's error code. */
    public static final String CODE = "code";

    /** Requests to the target, repeated ones included. */
    public static final String REQUESTS = "requests";

    /** Requests to the target that had been sent before. */
    public static final String RETRIES = "retries";

    /** Per code: requests, to the target or to the dead letters, that failed. */
    public static final String ERRORS = "errors";

    /** Requests that the target refused because a quota was used up. */
    public static final String THROTTLED_PUTS = "throttledPuts";

    /** Milliseconds in which requests waited because the target had throttled. */
    public static final String THROTTLED_MILLIS = "throttledMillis";

    /** Writes that the target refused because it had them. */
    public static final String REPEATS_REFUSED = "repeatsRefused";

    /** Times that lists of groups turned out to be refused. */
    public static final String BATCH_FALLBACK = "batchFallback";

    /** Groups compressed again because the service could not read the block that was cut for them. */
    public static final String RECOMPRESSED_GROUPS = "recompressedGroups";

    /** Groups split because they were larger than the target takes, and the parts that were made of them. */
    public static final String SPLIT_GROUPS = "splitGroups";

    public static final String SPLIT_PARTS = "splitParts";

    /** Groups stored among the dead letters, and their bytes. */
    public static final String DEAD_LETTERED = "deadLettered";

    public static final String DEAD_LETTERED_BYTES = "deadLetteredBytes";

    /** Requests to the dead letters, repeated ones included. */
    public static final String DEAD_LETTER_REQUESTS = "deadLetterRequests";

    /** Dead letters that their logstore will never take; dropped. */
    public static final String DEAD_LETTERS_REFUSED = "deadLettersRefused";

    /** Groups dropped as configured, and their bytes. */
    public static final String DROPPED = "dropped";

    public static final String DROPPED_BYTES = "droppedBytes";

    /** 1 while the target takes nothing and its groups do not wait for it. */
    public static final String CIRCUIT_OPEN = "circuitOpen";

    /** Times that it came to that. */
    public static final String CIRCUIT_OPENINGS = "circuitOpenings";

    /** Groups that did not wait for the target, and their bytes; dead letters or dropped. */
    public static final String SPILLED_GROUPS = "spilledGroups";

    public static final String SPILLED_BYTES = "spilledBytes";

    /** Bytes of groups that are not settled. */
    public static final String IN_FLIGHT_BYTES = "inFlightBytes";

    /** How many of them there may be now: less for a slow target. */
    public static final String IN_FLIGHT_LIMIT_BYTES = "inFlightLimitBytes";

    /** Requests to the target that are not settled. */
    public static final String IN_FLIGHT_REQUESTS = "inFlightRequests";

    /** Age of the oldest of them. */
    public static final String OLDEST_IN_FLIGHT_MILLIS = "oldestInFlightMillis";

    /** Milliseconds for which the writer has held back the job because its room was used up. */
    public static final String BLOCKED_MILLIS = "blockedMillis";

    /** How long the last wait at a checkpoint took, or the present one so far. */
    public static final String FLUSH_MILLIS = "flushMillis";

    /** Groups taken less groups settled at the last checkpoint, when nothing was left: 0, or some went uncounted. */
    public static final String SINK_IMBALANCE = "sinkImbalance";

    /** Seconds until the credentials in use end; -1 when they last or that is not known. */
    public static final String CREDENTIALS_SECONDS_LEFT = SourceMetricNames.CREDENTIALS_SECONDS_LEFT;

    /** How often the file or the address of the credentials gave none. */
    public static final String CREDENTIALS_FAILURES = SourceMetricNames.CREDENTIALS_FAILURES;

    private SinkMetricNames() {}
}
