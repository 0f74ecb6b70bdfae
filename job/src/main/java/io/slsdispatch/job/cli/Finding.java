package io.slsdispatch.job.cli;

import io.slsdispatch.connector.client.SlsException;

/**
 * Result of a check.
 *
 * @param subject subject of the check
 * @param ok whether the check passed
 * @param detail what was found, or the error and what to do
 */
record Finding(String subject, boolean ok, String detail) {

    private static final String CLOCKS_DIFFER = "RequestTimeExpired";

    static Finding ok(String subject, String detail) {
        return new Finding(subject, true, detail);
    }

    static Finding failed(String subject, String detail) {
        return new Finding(subject, false, detail);
    }

    /** A hint what to do about a failure; follows the message, and is empty when there is no hint. */
    static String hint(SlsException error) {
        if (error.errorCode().equals(CLOCKS_DIFFER)) {
            return ". Set the clock of this machine, and of those of the cluster: a signature holds for 15 minutes.";
        }
        return switch (error.kind()) {
            case UNAUTHORIZED -> ". Check the credentials that the configuration names, and their rights on it.";
            case NOT_FOUND -> ". Create it, or correct its name.";
            case UNAVAILABLE -> ". Check the endpoint, and the network between here and there.";
            case THROTTLED, QUOTA_EXCEEDED -> ". A quota is used up for the moment: ask again later.";
            default -> "";
        };
    }
}
