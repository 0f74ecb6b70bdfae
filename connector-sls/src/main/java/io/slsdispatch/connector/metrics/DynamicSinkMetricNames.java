package io.slsdispatch.connector.metrics;

import org.apache.flink.annotation.Internal;

/**
 * Names of the metrics that only a sink for many logstores has, besides those in {@link SinkMetricNames}. They are in
 * the same group. Changing one breaks alerts and dashboards.
 */
@Internal
public final class DynamicSinkMetricNames {

    /** Allowed logstores in the project, by the newest listing of the subtask; -1 before the first. */
    public static final String LOGSTORES = "logstores";

    /** The configured limit of these logstores. */
    public static final String MAX_LOGSTORES = "maxLogstores";

    /** Logstores to which the subtask writes, or has written within the last minute. */
    public static final String OPEN = "openLogstores";

    /** Logstores whose groups wait for them, because they are looked for or created, or do not accept groups yet. */
    public static final String WAITING = "waitingLogstores";

    /** Logstores whose groups take the second way: they are missing, deleted, refused or late, or there are too many. */
    public static final String AWAY = "absentLogstores";

    /** Calls that listed the logstores of the project. */
    public static final String LOGSTORE_LISTINGS = "logstoreListings";

    /** Calls to create a logstore, whatever their result. */
    public static final String CREATE_CALLS = "logstoreCreateCalls";

    /** Logstores that the subtask has created. */
    public static final String CREATED = "logstoresCreated";

    /** Failed calls to create a logstore that are repeated soon. */
    public static final String CREATE_FAILURES = "logstoreCreateFailures";

    /** Calls to create a logstore that the service refused: no permission, or a quota. */
    public static final String CREATE_REFUSED = "logstoreCreateRefused";

    /** Logstores that were there and are gone. */
    public static final String DELETED = "logstoresDeleted";

    /** Groups that took the second way, because their logstore was absent. */
    public static final String ABSENT_GROUPS = "absentGroups";

    /** Groups without a logstore: no valid name, not allowed, or too many logstores. */
    public static final String INVALID_GROUPS = "invalidGroups";

    /**
     * Label of the metrics below: the name of the logstore, {@code _others_} for those without series of their own,
     * {@code _none_} for groups without a logstore, {@code _second_way_} for another target.
     */
    public static final String LOGSTORE = "logstore";

    /** Groups that the logstore has acknowledged, and their bytes. */
    public static final String GROUPS = "groups";

    public static final String BYTES = "bytes";

    /** Failed requests to the logstore. */
    public static final String ERRORS = "errors";

    /** Groups for the logstore that are stored as dead letters. */
    public static final String DEAD_LETTERED = "deadLettered";

    /** Groups for the logstore that were dropped. */
    public static final String DROPPED = "dropped";

    /** How many circuits are open: of one logstore 0 or 1. */
    public static final String CIRCUIT_OPEN = "circuitOpen";

    private DynamicSinkMetricNames() {}
}
