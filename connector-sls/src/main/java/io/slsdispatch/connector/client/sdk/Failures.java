package io.slsdispatch.connector.client.sdk;

import com.aliyun.openservices.log.exception.LogException;
import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.SlsException;
import org.jspecify.annotations.Nullable;

/**
 * Says of one call how it failed. Messages are cut, since an answer that is not the service's may be a whole page, and
 * cleared of secrets, should they repeat one.
 */
record Failures(String operation, String target, SigningCredentials credentials) {

    private static final int MAX_MESSAGE = 500;

    SlsException of(LogException failure) {
        String code = failure.getErrorCode() == null ? ErrorCodes.NO_ANSWER : failure.getErrorCode();
        int status = failure.getHttpCode() > 0 ? failure.getHttpCode() : -1;
        ErrorKind kind = ErrorCodes.kind(operation, code, status);
        return failure(kind, status, code, failure.getRequestId(), failure.GetErrorMessage(), failure.getCause());
    }

    SlsException unreadable(String message, Throwable cause) {
        return failure(ErrorKind.UNAVAILABLE, -1, "UnreadableAnswer", "", message, cause);
    }

    SlsException refusedBySdk(IllegalArgumentException cause) {
        return failure(ErrorKind.INVALID_REQUEST, -1, "InvalidArgument", "", cause.getMessage(), cause);
    }

    private SlsException failure(
            ErrorKind kind,
            int status,
            String code,
            @Nullable String requestId,
            @Nullable String message,
            @Nullable Throwable cause) {
        String text = credentials.hideIn(message == null ? "no message" : message);
        if (text.length() > MAX_MESSAGE) {
            text = text.substring(0, MAX_MESSAGE) + "...";
        }
        return new SlsException(kind, operation, target, status, code, requestId == null ? "" : requestId, text, cause);
    }
}
