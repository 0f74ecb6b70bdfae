package io.slsdispatch.connector.sink;

import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.config.SinkConfig;
import io.slsdispatch.connector.config.SinkConfig.OnOutage;
import io.slsdispatch.connector.config.SinkConfig.Outage;
import io.slsdispatch.connector.deadletter.DeadLetter;
import io.slsdispatch.connector.deadletter.DeadLetter.Cause;
import io.slsdispatch.connector.deadletter.DeadLetter.Reason;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.put.ListSupport;
import io.slsdispatch.connector.put.PutErrors;
import io.slsdispatch.connector.put.PutListener.Exhausted;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All texts of a writer: the errors that fail its job, with what to do about them, and the warnings. Frequent warnings
 * are logged the first, second, fourth, eighth time and so on.
 */
record SinkMessages(SinkConfig config) {

    /** Named after the writer, which is the name that the operator knows. */
    private static final Logger LOG = LoggerFactory.getLogger("io.slsdispatch.connector.sink.SlsSinkWriter");

    /** Fewer failures are not logged: most are transient. */
    private static final int FEW = 3;

    /**
     * A put is retried; this is logged the first, second, fourth, eighth time and so on.
     *
     * @param transientError whether it may succeed without an operator's intervention
     */
    void retries(int failures, boolean transientError, SlsException error) {
        if (isPowerOfTwo(failures) && (failures > FEW || !transientError)) {
            LOG.warn(
                    "Target '{}': attempt {} of a put failed and is repeated: {}",
                    config.name(),
                    failures,
                    error.getMessage());
        }
    }

    /** @param count the number of rejected groups, this one included */
    void drops(RawLogGroup group, SlsException reason, long count) {
        rejected("Dropped, as configured", group, reason, count);
    }

    /** @param count the number of rejected groups, this one included */
    void sendsToDeadLetters(RawLogGroup group, SlsException reason, long count) {
        rejected("Goes to the dead letters", group, reason, count);
    }

    private void rejected(String what, RawLogGroup group, SlsException reason, long count) {
        if (isPowerOfTwo(count)) {
            LOG.warn(
                    "Target '{}' will never take {}, number {} of its kind. {}: {}",
                    config.name(),
                    group,
                    count,
                    what,
                    reason.getMessage());
        }
    }

    /** @param count the number of refused dead letters, this one included */
    void dropsDeadLetter(RawLogGroup group, SlsException reason, long count) {
        if (isPowerOfTwo(count)) {
            LOG.warn(
                    "Target '{}' does not take {}, and its dead-letter logstore will never take it either, number {} of its"
                            + " kind. Dropped, as configured: {}",
                    config.name(),
                    group,
                    count,
                    reason.getMessage());
        }
    }

    void circuitOpened(@Nullable SlsException lastError) {
        Outage outage = config.outage();
        LOG.warn(
                "Target '{}' has taken nothing for {}: from now on its groups {}, until it takes one again. Its last answer:"
                        + " {}",
                config.name(),
                text(outage.after()),
                outage.policy() == OnOutage.DROP ? "are dropped, as configured" : "go to the dead letters",
                lastError == null ? "none" : lastError.getMessage());
    }

    void circuitClosed(long groups, long bytes) {
        LOG.warn(
                "Target '{}' takes groups again. Meanwhile it missed {} groups, {} bytes",
                config.name(),
                groups,
                bytes);
    }

    /** @param waitsFor the pending requests, in words */
    void checkpointWaits(long seconds, long groups, long bytes, String waitsFor) {
        LOG.warn(
                "Target '{}': a checkpoint has waited for {} s until the target has everything, and {} groups, {} bytes,"
                        + " are left: {}",
                config.name(),
                seconds,
                groups,
                bytes,
                waitsFor);
    }

    /** @param groups that were received; the parts of a split group count instead of it */
    void accountingMismatch(long groups, long settled) {
        LOG.error(
                "The books of target '{}' do not balance: {} groups taken, but {} acknowledged, stored among the dead"
                        + " letters or dropped, and nothing is left. Compare source and target, and report this: it is a"
                        + " fault of sls-dispatch",
                config.name(),
                groups,
                settled);
    }

    void listsSwitchedOff() {
        LOG.warn(
                "Target '{}' refuses requests with several log groups but accepts each group alone: this writer sends"
                        + " one per request, and tries several again after {} min. If that never works, set 'batching:"
                        + " false' for this target",
                config.name(),
                ListSupport.AGAIN_AFTER_MINUTES);
    }

    private static boolean isPowerOfTwo(long count) {
        return Long.bitCount(count) == 1;
    }

    /** The reason of a dead letter that is written because the target accepts nothing. */
    Reason outageReason(@Nullable SlsException lastError) {
        String silence = "the target took nothing for " + text(config.outage().after()) + " or longer";
        if (lastError == null) {
            return new Reason(Cause.OUTAGE, PutErrors.NO_ANSWER, -1, "", silence + ", and gave no answer");
        }
        return new Reason(
                Cause.OUTAGE,
                lastError.errorCode(),
                lastError.httpStatus(),
                lastError.requestId(),
                silence + "; its last answer: " + lastError.getMessage());
    }

    /** The error of a writer whose retries have ended. */
    IOException exhausted(Exhausted why, SlsException cause) {
        String forGrace = " for " + text(config.retry().grace()) + " (retry.grace)";
        return switch (why) {
            case RETRIES -> gaveUp(cause);
            case DENIED -> denied(forGrace, cause);
            case UNCONFIRMED -> unconfirmed("answered", cause);
            case UNKNOWN_CODE ->
                failure(
                        "refused a log group" + forGrace
                                + " with an error code that is not known, and accepted no other"
                                + " group that could show whether the group or the request is at fault",
                        "If '" + cause.errorCode()
                                + "' is about such a group, name it in retry.codes-about-group, so that"
                                + " on-reject decides; if it is about the request, correct that and name the code in"
                                + " retry.codes-about-request",
                        cause);
            case TOO_LARGE ->
                failure(
                        "could not be sent a log" + forGrace + ": a proxy or gateway on the way takes no body of its"
                                + " size, and it cannot be split",
                        "Raise that limit to 10 MB and more",
                        cause);
            case BAD_REQUEST ->
                failure(
                        "refused requests" + forGrace + " for something that is not in a log group",
                        "Check its endpoint, credentials and connection, and proxies and gateways on the way. If '"
                                + cause.errorCode() + "' is about a log group all the same, name it in"
                                + " retry.codes-about-group",
                        cause);
        };
    }

    private IOException denied(String after, SlsException cause) {
        return cause.kind() == ErrorKind.UNAUTHORIZED
                ? failure(
                        "denied access" + after,
                        "Check the credentials of this target, that they are allowed"
                                + " log:PostLogStoreLogs on it, and the clock of this machine",
                        cause)
                : failure("was not found" + after, "Create the project or logstore, or correct the target", cause);
    }

    /** Puts to the dead-letter logstore were answered without a request id. */
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

    private IOException gaveUp(SlsException cause) {
        Duration time = config.retry().giveUpAfter();
        return failure(
                "failed for " + text(time == null ? Duration.ZERO : time) + " (retry.give-up-after)",
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

    /** A duration in readable form, such as {@code 600 s}. */
    private static String text(Duration time) {
        return time.toSeconds() > 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
    }
}
