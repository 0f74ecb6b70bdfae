package io.slsdispatch.job.cli;

import io.slsdispatch.connector.client.ErrorCodes;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.text.ForeignText;
import io.slsdispatch.connector.text.Secrets;

/**
 * Result of a check.
 *
 * @param subject subject of the check
 * @param ok whether the check passed
 * @param detail what was found, or the error and what to do
 */
record Finding(String subject, boolean ok, String detail) {

    /** A detail may list targets. */
    private static final int MAX_DETAIL = 4 * ForeignText.MESSAGE;

    Finding {
        subject = ForeignText.name(subject, Secrets.NONE, ForeignText.MESSAGE);
        detail = ForeignText.line(detail, Secrets.NONE, MAX_DETAIL);
    }

    static Finding ok(String subject, String detail) {
        return new Finding(subject, true, detail);
    }

    static Finding failed(String subject, String detail) {
        return new Finding(subject, false, detail);
    }

    /** A hint what to do about a failure; follows the message, and is empty when there is no hint. */
    static String hint(SlsException error) {
        if (ErrorCodes.isAboutClock(error.errorCode())) {
            return ". Correct the clocks of this machine and of the cluster: a signature is valid for 15 min.";
        }
        return switch (error.kind()) {
            case UNAUTHORIZED -> ". Check the credentials in the configuration and their permissions.";
            case NOT_FOUND -> ". Create it, or correct its name.";
            case UNAVAILABLE -> ". Check the endpoint and the network.";
            case THROTTLED, QUOTA_EXCEEDED -> ". A quota is exceeded: try again later.";
            default -> "";
        };
    }
}
