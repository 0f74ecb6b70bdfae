package io.slsdispatch.job.cli;

import io.slsdispatch.connector.client.ErrorCodes;
import io.slsdispatch.connector.client.ErrorHints;
import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.config.ConnectionConfig;
import io.slsdispatch.connector.config.CredentialsConfig;
import io.slsdispatch.connector.text.ForeignText;
import io.slsdispatch.connector.text.ReportedCause;
import io.slsdispatch.connector.text.Secrets;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Result of a check.
 *
 * @param subject subject of the check
 * @param ok whether the check passed
 * @param detail what was found, or the error and what to do
 * @param warning whether the check passed, but found something that is probably a mistake
 */
record Finding(String subject, boolean ok, String detail, boolean warning) {

    /** The ends of the names of exceptions at which no connection was made, of the JDK and of Netty. */
    private static final List<String> NO_CONNECTION =
            List.of("UnknownHostException", "ConnectException", "ConnectTimeoutException", "NoRouteToHostException");

    /** Codes of failures before a request is sent. */
    private static final Set<String> NOT_SENT = Set.of(
            ErrorCodes.UNKNOWN_HOST,
            ErrorCodes.NO_SOCKET,
            ErrorCodes.NO_CREDENTIALS,
            ErrorCodes.NO_BUFFER,
            ErrorCodes.UNTRUSTED_CERTIFICATE,
            ErrorCodes.NOT_SENT);

    /** A detail may list targets. */
    private static final int MAX_DETAIL = 4 * ForeignText.MESSAGE;

    private static final String WRONG_SECRET = "SignatureNotMatch";

    Finding {
        subject = ForeignText.name(subject, Secrets.NONE, ForeignText.MESSAGE);
        detail = ForeignText.line(detail, Secrets.NONE, MAX_DETAIL);
    }

    Finding(String subject, boolean ok, String detail) {
        this(subject, ok, detail, false);
    }

    static Finding warning(String subject, String detail) {
        return new Finding(subject, true, detail, true);
    }

    static Finding ok(String subject, String detail) {
        return new Finding(subject, true, detail);
    }

    static Finding failed(String subject, String detail) {
        return new Finding(subject, false, detail);
    }

    /** A hint like {@link #hint(SlsException)} that also names where the credentials are. */
    static String hint(SlsException error, ConnectionConfig connection) {
        CredentialsConfig credentials = connection.credentials();
        if (error.errorCode().equals(WRONG_SECRET)) {
            return ". The secret does not belong to the access key id: check "
                    + (credentials instanceof CredentialsConfig.Environment variables
                            ? "the environment variable " + variables.secretVariable()
                            : "the " + credentials)
                    + ".";
        }
        return error.kind() == ErrorKind.UNAUTHORIZED && !ErrorCodes.isAboutClock(error.errorCode())
                ? ". Check the credentials (" + credentials + ")"
                        + (error.httpStatus() > 0 ? " and their permissions." : ".")
                : hint(error);
    }

    /** A hint what to do about a failure; follows the message, and is empty when there is no hint. */
    static String hint(SlsException error) {
        if (ErrorCodes.isAboutClock(error.errorCode())) {
            return ". Correct the clocks of this machine and of the cluster: a signature is valid for 15 min.";
        }
        if (error.httpStatus() <= 0) {
            // The message of an unknown host says what to check.
            return error.errorCode().equals(ErrorCodes.UNKNOWN_HOST) ? "." : ". " + ErrorHints.of(error) + ".";
        }
        return switch (error.kind()) {
            case UNAUTHORIZED -> ". Check the credentials in the configuration and their permissions.";
            case NOT_FOUND -> missing(error.errorCode());
            case UNAVAILABLE -> ". Check the endpoint and the network.";
            case THROTTLED, QUOTA_EXCEEDED -> ". A quota is exceeded: try again later.";
            default -> "";
        };
    }

    private static String missing(String code) {
        return code.toLowerCase(Locale.ROOT).contains("project")
                ? ". Correct the project or the endpoint: a project exists in one region only."
                : ". Create it, or correct its name.";
    }

    /** Whether there was no connection, so that the service has not received the request. */
    static boolean neverSent(SlsException error) {
        if (NOT_SENT.contains(error.errorCode())) {
            return true;
        }
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof ReportedCause reported
                    && NO_CONNECTION.stream().anyMatch(reported.type()::endsWith)) {
                return true;
            }
        }
        return false;
    }
}
