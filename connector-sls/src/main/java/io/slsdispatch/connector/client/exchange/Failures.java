package io.slsdispatch.connector.client.exchange;

import io.slsdispatch.connector.client.ErrorCodes;
import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.client.credentials.RequestCredentials;
import io.slsdispatch.connector.text.ForeignText;
import io.slsdispatch.connector.text.ReportedCause;
import io.slsdispatch.connector.text.Secrets;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/**
 * Creates the exceptions of one call. Texts from outside pass {@link ForeignText}: an answer that is not the service's
 * may be a whole page, and any answer may repeat a secret. The same holds for causes, of which a copy is kept.
 *
 * @param operation the name of the API call
 * @param target the object of the call
 * @param credentials whose secrets are hidden
 */
@Internal
public record Failures(String operation, String target, RequestCredentials credentials) {

    private static final int OK = 200;
    private static final int CONTENT_TOO_LARGE = 413;

    /** The service answered with an error. */
    public SlsException refused(int status, String code, @Nullable String requestId, @Nullable String message) {
        return failure(ErrorCodes.kind(operation, code, status), status, code, requestId, message, null);
    }

    /** The same refusal, when its cause is gone: the request had no effect, and a retry may succeed. */
    SlsException retryable(SlsException refused) {
        return failure(
                ErrorKind.UNAVAILABLE,
                refused.httpStatus(),
                refused.errorCode(),
                refused.requestId(),
                "the clock of this machine and the service's differ; a retry is signed with another time",
                null);
    }

    /** There was no answer, or an incomplete one. */
    public SlsException noAnswer(String code, @Nullable String message, @Nullable Throwable cause) {
        return failure(ErrorCodes.kind(operation, code, -1), -1, code, "", message, cause);
    }

    /** The service sent an answer that cannot be read. */
    public SlsException unreadable(int status, String requestId, @Nullable String message, @Nullable Throwable cause) {
        return failure(ErrorKind.UNAVAILABLE, status, "UnreadableAnswer", requestId, message, cause);
    }

    /**
     * The answer has no request id, so another system sent it, and it says nothing about the service. There is one
     * exception: if a put is too large for a system in between ({@link ErrorKind#TOO_LARGE}), its parts may be
     * accepted.
     *
     * @param text the answer's body
     */
    public SlsException notOfTheService(int status, String text) {
        boolean tooLarge = status == CONTENT_TOO_LARGE && operation.equals("PutLogs");
        return failure(
                tooLarge ? ErrorKind.TOO_LARGE : ErrorKind.UNAVAILABLE,
                status,
                status == OK ? "UnreadableAnswer" : "BadResponse",
                "",
                "the response has no request id, so it is not from the service; is there a proxy or gateway in between?"
                        + " Its body: " + (text.isBlank() ? "empty" : text),
                null);
    }

    /** There are no credentials to sign the request with; it was not sent. */
    public SlsException unsigned(@Nullable String message) {
        return failure(ErrorKind.UNAUTHORIZED, -1, ErrorCodes.NO_CREDENTIALS, "", message, null);
    }

    /** The request is invalid for any service; it was not sent. */
    public SlsException invalid(ErrorKind kind, String code, @Nullable String message, @Nullable Throwable cause) {
        return failure(kind, -1, code, "", message, cause);
    }

    private SlsException failure(
            ErrorKind kind,
            int status,
            String code,
            @Nullable String requestId,
            @Nullable String message,
            @Nullable Throwable cause) {
        Secrets secrets = credentials.secrets();
        return new SlsException(
                kind,
                operation,
                target,
                status,
                ForeignText.name(code, secrets, ForeignText.NAME),
                ForeignText.name(requestId, secrets, ForeignText.NAME),
                ForeignText.line(message == null ? "no message" : message, secrets, ForeignText.MESSAGE),
                ReportedCause.of(cause, secrets));
    }
}
