package io.slsdispatch.connector.deadletter;

import io.slsdispatch.connector.deadletter.DeadLetter.Cause;
import io.slsdispatch.connector.deadletter.DeadLetter.Reason;
import io.slsdispatch.connector.model.LogstoreId;
import java.util.Set;
import org.apache.flink.annotation.PublicEvolving;

/**
 * The error codes of dead letters that a sink for many logstores writes because a group has no logstore. They are codes
 * of this product, not of the service, so the reason has neither an HTTP status nor a request id.
 */
@PublicEvolving
public final class DynamicReasons {

    /** There is no name, or it is not valid, not allowed, or that of a logstore with another use. */
    public static final String INVALID_NAME = "LogstoreNameInvalid";

    /** The logstore does not exist, and there may be no further one. */
    public static final String TOO_MANY = "TooManyLogstores";

    /** The logstore does not exist, and none is created. */
    public static final String MISSING = "LogstoreMissing";

    /** The logstore was there and was deleted. */
    public static final String DELETED = "LogstoreDeleted";

    /** The service refused to create the logstore. */
    public static final String NOT_CREATED = "LogstoreNotCreated";

    /** The logstore was not created in time, or did not accept groups in time. */
    public static final String NOT_READY = "LogstoreNotReady";

    private static final Set<String> INVALID = Set.of(INVALID_NAME, TOO_MANY);

    private static final Set<String> ABSENT = Set.of(MISSING, DELETED, NOT_CREATED, NOT_READY);

    /** The name of the logstore in dead letters of groups without one. */
    private static final String NO_LOGSTORE = "no-logstore";

    private DynamicReasons() {}

    /** The reason of a group without a logstore. */
    public static Reason invalid(String code, String message) {
        return new Reason(Cause.REJECTED, code, -1, "", message);
    }

    /** The reason of a group whose logstore is absent. It may have been stored nevertheless. */
    public static Reason absent(String code, String message) {
        return new Reason(Cause.OUTAGE, code, -1, "", message);
    }

    /** What a dead letter of a group without a logstore has in place of the target's logstore. */
    public static LogstoreId noLogstore(String project) {
        return new LogstoreId(project, NO_LOGSTORE);
    }

    /**
     * Whether the group had no logstore: its name was invalid or not allowed, or there were too many. Its logstore, if
     * it has one, must be determined again.
     */
    public static boolean isInvalid(Reason reason) {
        return reason.httpStatus() < 0 && INVALID.contains(reason.errorCode());
    }

    /** Whether the group's logstore was absent. */
    public static boolean isAbsent(Reason reason) {
        return reason.httpStatus() < 0 && ABSENT.contains(reason.errorCode());
    }
}
