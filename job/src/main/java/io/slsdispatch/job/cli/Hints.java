package io.slsdispatch.job.cli;

import io.slsdispatch.connector.client.SlsException;

/** What to do about a failure, for people; follows the message, and is empty where nothing more can be said. */
final class Hints {

    private static final String CLOCKS_DIFFER = "RequestTimeExpired";

    private Hints() {}

    static String of(SlsException error) {
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
