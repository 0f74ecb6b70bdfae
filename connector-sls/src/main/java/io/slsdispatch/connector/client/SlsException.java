package io.slsdispatch.connector.client;

import io.slsdispatch.connector.text.ForeignText;
import io.slsdispatch.connector.text.ReportedCause;
import io.slsdispatch.connector.text.Secrets;
import java.io.IOException;
import org.apache.flink.annotation.PublicEvolving;
import org.jspecify.annotations.Nullable;

/**
 * A failed request to the service. The message contains the operation, its target, and the service's error code, HTTP
 * status, request id and message; never a credential and never log data. The texts of the service are on one line, of
 * limited length and without invisible characters, and the cause is a copy to which the same applies.
 */
@PublicEvolving
public class SlsException extends IOException {

    /** More than the client shows of an answer: this limit is for other callers. */
    private static final int MAX_NAME = 2 * ForeignText.NAME;

    private static final int MAX_MESSAGE = 4 * ForeignText.MESSAGE;

    private final ErrorKind kind;
    private final String operation;
    private final String target;
    private final int httpStatus;
    private final String errorCode;
    private final String requestId;

    /**
     * Creates an exception.
     *
     * @param kind how the caller reacts
     * @param operation the name of the API call, such as {@code PullLogs}
     * @param target the object of the call, such as {@code project/logstore shard 3}
     * @param httpStatus the status of the answer, or -1 when there was no answer
     * @param errorCode the service's code, or the client's own code when there was no answer
     * @param requestId the service's id of the request, empty when there was no answer
     * @param message the service's message
     */
    public SlsException(
            ErrorKind kind,
            String operation,
            String target,
            int httpStatus,
            String errorCode,
            String requestId,
            String message,
            @Nullable Throwable cause) {
        super(
                text(kind, operation, target, httpStatus, name(errorCode), name(requestId), line(message)),
                ReportedCause.of(cause, Secrets.NONE));
        this.kind = kind;
        this.operation = operation;
        this.target = target;
        this.httpStatus = httpStatus;
        this.errorCode = name(errorCode);
        this.requestId = name(requestId);
    }

    private static String name(String text) {
        return ForeignText.name(text, Secrets.NONE, MAX_NAME);
    }

    private static String line(String text) {
        return ForeignText.line(text, Secrets.NONE, MAX_MESSAGE);
    }

    private static String text(
            ErrorKind kind,
            String operation,
            String target,
            int httpStatus,
            String errorCode,
            String requestId,
            String message) {
        StringBuilder text = new StringBuilder(operation)
                .append(" on ")
                .append(target)
                .append(" failed (")
                .append(kind)
                .append("): ")
                .append(errorCode);
        if (httpStatus > 0) {
            text.append(", HTTP ").append(httpStatus);
        }
        text.append(": ").append(message);
        if (!requestId.isEmpty()) {
            text.append(" [request id ").append(requestId).append(']');
        }
        return text.toString();
    }

    public ErrorKind kind() {
        return kind;
    }

    /** Name of the API call. */
    public String operation() {
        return operation;
    }

    /** The object of the call. */
    public String target() {
        return target;
    }

    /** HTTP status of the answer, -1 when there was none. */
    public int httpStatus() {
        return httpStatus;
    }

    /** The service's error code, or the client's own code when there was no answer. */
    public String errorCode() {
        return errorCode;
    }

    /** The service's request id, empty when there was no answer. */
    public String requestId() {
        return requestId;
    }
}
