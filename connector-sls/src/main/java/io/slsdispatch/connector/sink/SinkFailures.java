package io.slsdispatch.connector.sink;

import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.config.SinkConfig;
import io.slsdispatch.connector.deadletter.DeadLetter;
import io.slsdispatch.connector.put.PutErrors;
import io.slsdispatch.connector.put.PutErrors.Meaning;
import java.io.IOException;
import java.time.Duration;

/** Says why a writer fails its job, for whom, and what to do about it. */
record SinkFailures(SinkConfig config) {

    IOException deniedFor(Duration time, Meaning meaning, SlsException cause) {
        return switch (meaning) {
            case UNKNOWN ->
                failure(
                        "refused a log group for " + text(time)
                                + " (retry.grace) with an error code that is not"
                                + " known, and accepted no other group that could show whether the group or the request"
                                + " is at fault",
                        "If '" + cause.errorCode()
                                + "' is about such a group, name it in retry.codes-about-group, so that"
                                + " on-reject decides; if it is about the request, correct that and name the code in"
                                + " retry.codes-about-request",
                        cause);
            case TOO_LARGE ->
                failure(
                        "could not be sent a log for " + text(time)
                                + " (retry.grace): a proxy or gateway on the"
                                + " way takes no body of its size, and it cannot be split",
                        "Raise that limit to 10 MB and more",
                        cause);
            case ABOUT_REQUEST ->
                failure(
                        "refused requests for " + text(time) + " (retry.grace) for something that is not in a log"
                                + " group",
                        "Check its endpoint, credentials and connection, and proxies and gateways on the way. If '"
                                + cause.errorCode() + "' is about a log group all the same, name it in"
                                + " retry.codes-about-group",
                        cause);
            default -> denied(time, cause);
        };
    }

    private IOException denied(Duration time, SlsException cause) {
        String after = " for " + text(time) + " (retry.grace)";
        return cause.kind() == ErrorKind.UNAUTHORIZED
                ? failure(
                        "denied access" + after,
                        "Check the credentials of this target, that they are allowed"
                                + " log:PostLogStoreLogs on it, and the clock of this machine",
                        cause)
                : failure("was not found" + after, "Create the project or logstore, or correct the target", cause);
    }

    /** Puts to the target were answered without a request id. */
    IOException unconfirmed(SlsException cause) {
        return unconfirmed("answered", cause);
    }

    /** As {@link #unconfirmed}, for puts to the dead-letter logstore. */
    IOException deadLettersUnconfirmed(SlsException cause) {
        return unconfirmed("has a dead-letter logstore that answered", cause);
    }

    private IOException unconfirmed(String what, SlsException cause) {
        return failure(
                what + " " + PutErrors.MOST_UNCONFIRMED + " puts in a row with success but without the header"
                        + " x-log-requestid, so it is not known whether they are stored, and each repetition may store"
                        + " them again",
                "A proxy or gateway on the way removes that header, or answers in place of the service: let it pass all"
                        + " x-log-* headers of answers, or connect without it",
                cause);
    }

    IOException gaveUpAfter(Duration time, SlsException cause) {
        return failure(
                "failed for " + text(time) + " (retry.give-up-after)",
                "Look for the cause below; after a restart the job continues from its last checkpoint",
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
                "target '" + config.name() + "' (" + config.logstore() + "): a put failed with an error"
                        + " that did not come from the service: " + cause,
                cause);
    }

    private IOException failure(String what, String cure, SlsException cause) {
        return new IOException(
                "target '" + config.name() + "' (" + config.logstore() + ") " + what + ". " + cure
                        + ". The last answer: " + cause.getMessage(),
                cause);
    }

    /** A time for people, such as {@code 600 s}. */
    static String text(Duration time) {
        return time.toSeconds() > 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
    }
}
