package io.slsdispatch.connector.metrics;

import org.apache.flink.annotation.Internal;

/** Names of the sink's metrics, except those that FLIP-33 defines. Changing one breaks alerts and dashboards. */
@Internal
public final class SinkMetricNames {

    /** Metric group of all metrics below. */
    public static final String GROUP = "sls";

    /** Label of {@link #ERRORS}: the service's error code. */
    public static final String CODE = "code";

    /** Requests to the target, including retries. */
    public static final String REQUESTS = "requests";

    /** Retries of requests to the target. */
    public static final String RETRIES = "retries";

    /** Failed requests to the target or to the dead letters, per error code. */
    public static final String ERRORS = "errors";

    /** The part of {@link #ERRORS} with a local reason, which says nothing about the target. */
    public static final String LOCAL_FAILURES = "localFailures";

    /** Requests that the target refused because a quota was exceeded. */
    public static final String THROTTLED_PUTS = "throttledPuts";

    /** Milliseconds that requests waited because the target throttled. */
    public static final String THROTTLED_MILLIS = "throttledMillis";

    /** Writes that the target refused because it already had them. */
    public static final String REPEATS_REFUSED = "repeatsRefused";

    /** How often the target turned out to refuse lists of groups. */
    public static final String BATCH_FALLBACK = "batchFallback";

    /** 1 while the target is configured with zstd but gets LZ4, because it does not accept zstd; else 0. */
    public static final String LZ4_INSTEAD_OF_ZSTD = SourceMetricNames.LZ4_INSTEAD_OF_ZSTD;

    /** Groups compressed again because the target did not accept them in their compressed form. */
    public static final String RECOMPRESSED_GROUPS = "recompressedGroups";

    /** Groups split because they exceeded the size limit of the target, and the parts created from them. */
    public static final String SPLIT_GROUPS = "splitGroups";

    public static final String SPLIT_PARTS = "splitParts";

    /** Groups stored as dead letters, and their bytes. */
    public static final String DEAD_LETTERED = "deadLettered";

    public static final String DEAD_LETTERED_BYTES = "deadLetteredBytes";

    /** Requests to the dead letters, including retries. */
    public static final String DEAD_LETTER_REQUESTS = "deadLetterRequests";

    /** Dead letters that were dropped because their logstore refuses them permanently. */
    public static final String DEAD_LETTERS_REFUSED = "deadLettersRefused";

    /** Groups dropped as configured, and their bytes. */
    public static final String DROPPED = "dropped";

    public static final String DROPPED_BYTES = "droppedBytes";

    /** 1 while the circuit breaker is open: the target accepts nothing and its groups do not wait for it. */
    public static final String CIRCUIT_OPEN = "circuitOpen";

    /** How often the circuit breaker opened. */
    public static final String CIRCUIT_OPENINGS = "circuitOpenings";

    /** Groups that did not wait for the target, and their bytes; they became dead letters or were dropped. */
    public static final String SPILLED_GROUPS = "spilledGroups";

    public static final String SPILLED_BYTES = "spilledBytes";

    /** Bytes of groups in flight (not settled). */
    public static final String IN_FLIGHT_BYTES = "inFlightBytes";

    /** Current limit of the bytes in flight; lower for a slow target. */
    public static final String IN_FLIGHT_LIMIT_BYTES = "inFlightLimitBytes";

    /** Requests in flight to the target (not settled). */
    public static final String IN_FLIGHT_REQUESTS = "inFlightRequests";

    /** Age of the oldest request in flight. */
    public static final String OLDEST_IN_FLIGHT_MILLIS = "oldestInFlightMillis";

    /** Milliseconds for which the writer blocked the job because its buffer was full. */
    public static final String BLOCKED_MILLIS = "blockedMillis";

    /** Duration of the last flush at a checkpoint, or of the present one so far. */
    public static final String FLUSH_MILLIS = "flushMillis";

    /**
     * Groups accepted minus groups settled, at the last checkpoint with nothing in flight; other than 0, the count is
     * wrong.
     */
    public static final String SINK_IMBALANCE = "sinkImbalance";

    /** Present problem of the target as a number: 0 for none, else {@link Problem.Kind#status}. */
    public static final String STATUS = "status";

    /** Present problem of the target as a text, see {@link Problem#text}; empty for none. */
    public static final String PROBLEM = "problem";

    /** Bytes per second that the target has acknowledged, over the last minute. */
    public static final String BYTES_PER_SECOND = "bytesPerSecond";

    /** Seconds until the credentials in use expire; -1 if they do not expire or the expiry is not known. */
    public static final String CREDENTIALS_SECONDS_LEFT = SourceMetricNames.CREDENTIALS_SECONDS_LEFT;

    /** How often the file or the address of the credentials provided none. */
    public static final String CREDENTIALS_FAILURES = SourceMetricNames.CREDENTIALS_FAILURES;

    /**
     * Seconds by which requests are signed ahead of the local clock, because the service has refused a request for its
     * time; 0 while the local clock is used.
     */
    public static final String CLOCK_CORRECTION_SECONDS = SourceMetricNames.CLOCK_CORRECTION_SECONDS;

    private SinkMetricNames() {}
}
