package io.slsdispatch.connector.client.access;

import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.SlsException;
import org.jspecify.annotations.Nullable;

/**
 * Says of one call how it failed. Messages are one line, cut, since an answer that is not the service's may be a whole page,
 * and cleared of secrets, should they repeat one.
 *
 * @param operation the name of the API call
 * @param target what it is aimed at
 * @param credentials whose secrets are hidden
 */
public record Failures(String operation, String target, RequestCredentials credentials) {

    private static final int MAX_MESSAGE = 500;

    /** The service answered with an error. */
    public SlsException refused(int status, String code, @Nullable String requestId, @Nullable String message) {
        return failure(ErrorCodes.kind(operation, code, status), status, code, requestId, message, null);
    }

    /** There was no answer, or not a whole one. */
    public SlsException noAnswer(String code, @Nullable String message, @Nullable Throwable cause) {
        return failure(ErrorCodes.kind(operation, code, -1), -1, code, "", message, cause);
    }

    /** There was an answer that is not what it should be. */
    public SlsException unreadable(@Nullable String message, @Nullable Throwable cause) {
        return failure(ErrorKind.UNAVAILABLE, -1, "UnreadableAnswer", "", message, cause);
    }

    /** There is nothing to sign the request with; it was not sent. */
    public SlsException unsigned(@Nullable String message) {
        return failure(ErrorKind.UNAUTHORIZED, -1, "NoCredentials", "", message, null);
    }

    /** The request is one that nobody would take; it was not sent. */
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
        String text = credentials
                .hideIn(message == null ? "no message" : message)
                .strip()
                .replaceAll("\\s+", " ");
        if (text.length() > MAX_MESSAGE) {
            text = text.substring(0, MAX_MESSAGE) + "...";
        }
        return new SlsException(kind, operation, target, status, code, requestId == null ? "" : requestId, text, cause);
    }
}
