package io.slsdispatch.connector.sink;

import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.config.SinkConfig;
import io.slsdispatch.connector.deadletter.DeadLetter;
import java.io.IOException;
import java.time.Duration;

/** Says why a writer fails its job, for whom, and what to do about it. */
record SinkFailures(SinkConfig config) {

    IOException deniedFor(Duration time, SlsException cause) {
        String cure =
                switch (cause.kind()) {
                    case UNAUTHORIZED ->
                        "Check the credentials of this target, that they are allowed"
                                + " log:PostLogStoreLogs on it, and the clock of this machine";
                    default -> "Create the project or logstore, or correct the target";
                };
        return failure("was denied for " + time + ", the grace it has", cure, cause);
    }

    IOException gaveUpAfter(Duration time, SlsException cause) {
        return failure(
                "failed for " + time + ", the time after which to give up",
                "Look for the cause below; the job goes on from its last checkpoint when it is restarted",
                cause);
    }

    IOException rejected(SlsException cause) {
        return failure(
                "will never take a log group",
                "Have such groups written elsewhere (on-reject: dead-letter) or dropped (on-reject: drop),"
                        + " or change what the target accepts",
                cause);
    }

    IOException deadLetterRejected(DeadLetter.Reason reason, SlsException cause) {
        return failure(
                "did not take a log group (" + reason.message() + "), and its dead-letter logstore "
                        + (config.deadLetters() == null
                                ? ""
                                : config.deadLetters().logstore())
                        + " will never take the dead letter",
                "Change that logstore, or have such dead letters dropped (dead-letter.on-refusal: drop)",
                cause);
    }

    IOException unexpected(Throwable cause) {
        return new IOException(
                "target '" + config.name() + "' (" + config.logstore() + "): a put failed in a way"
                        + " that is none of the service's: " + cause,
                cause);
    }

    private IOException failure(String what, String cure, SlsException cause) {
        return new IOException(
                "target '" + config.name() + "' (" + config.logstore() + ") " + what + ". " + cure
                        + ". The last answer: " + cause.getMessage(),
                cause);
    }
}
