package io.slsdispatch.job.probe;

import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.client.connection.RawCalls;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the service answered.
 *
 * @param headers of a success, by name in lower case
 * @param body of a success
 * @param refusal null for a success
 */
record Reply(
        Map<String, String> headers, byte[] body, @Nullable SlsException refusal) {

    private static final int OK = 200;

    static Reply of(RawCalls.Response response) {
        return new Reply(response.headers(), response.body(), null);
    }

    static Reply of(SlsException refusal) {
        return new Reply(Map.of(), new byte[0], refusal);
    }

    boolean isOk() {
        return refusal == null;
    }

    /** A success of the service without its request id. */
    boolean isUnnamed() {
        return refusal != null
                && refusal.httpStatus() == OK
                && refusal.requestId().isEmpty();
    }

    /** Whether the request was refused for this reason. */
    boolean isRefused(ErrorKind kind) {
        return refusal != null && refusal.kind() == kind;
    }

    /** The code and status of a refusal, as in {@code LogStoreNotExist 404}; {@code accepted} for a success. */
    String text() {
        return refusal == null ? "accepted" : refusal.errorCode() + " " + refusal.httpStatus();
    }

    /**
     * The code and status of a refusal.
     *
     * @throws NotProbedException when there is no answer of the service, or only that permission is missing
     */
    String answer() throws NotProbedException {
        if (refusal != null && refusal.requestId().isEmpty() && !isUnnamed()) {
            throw new NotProbedException("no response of the service (" + refusal.errorCode() + ")");
        }
        return text();
    }

    /**
     * This reply, if it is a success.
     *
     * @throws NotProbedException when it is not
     */
    Reply ok() throws NotProbedException {
        if (refusal != null && !isUnnamed()) {
            throw new NotProbedException(
                    refusal.kind() == ErrorKind.UNAUTHORIZED && refusal.httpStatus() > 0
                            ? "no permission for " + refusal.operation()
                            : refusal.operation() + " was refused with " + text());
        }
        return this;
    }

    String header(String name) {
        return headers.getOrDefault(name, "");
    }
}
