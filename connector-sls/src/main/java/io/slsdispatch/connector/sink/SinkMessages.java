package io.slsdispatch.connector.sink;

import io.slsdispatch.connector.client.ErrorHints;
import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.FeatureSupport;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.config.Durations;
import io.slsdispatch.connector.config.SinkConfig;
import io.slsdispatch.connector.config.SinkConfig.OnOutage;
import io.slsdispatch.connector.config.SinkConfig.Outage;
import io.slsdispatch.connector.deadletter.DeadLetter;
import io.slsdispatch.connector.deadletter.DeadLetter.Cause;
import io.slsdispatch.connector.deadletter.DeadLetter.Reason;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.put.PutErrors;
import io.slsdispatch.connector.put.PutListener.Exhausted;
import io.slsdispatch.connector.task.FailureLog;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All texts of a writer: the errors that fail its job, with what to do about them, and the warnings. Frequent warnings
 * are logged the first, second, fourth, eighth time and so on.
 *
 * @param target the name of the target in warnings
 * @param place the logstore, or the logstores, of the target in errors
 */
@Internal
public record SinkMessages(SinkConfig config, String target, String place, InstantSource clock, FailureLog failures) {

    /** Named after the writer, which is the name that the operator knows. */
    public static final Logger LOG = LoggerFactory.getLogger("io.slsdispatch.connector.sink.SlsSinkWriter");

    /** The texts of a writer for one target. */
    static SinkMessages of(SinkConfig config, InstantSource clock, FailureLog failures) {
        return new SinkMessages(config, config.name(), config.logstore().toString(), clock, failures);
    }

    /** Fewer failures are not logged: most are transient. */
    private static final int FEW = 3;

    /**
     * A put is retried; this is logged at growing distance.
     *
     * @param logstore the target, or its dead-letter logstore
     * @param transientError whether it may succeed without an operator's intervention
     * @param left how long it is still retried; null for without a limit
     */
    public void retries(
            LogstoreId logstore, int attempts, boolean transientError, SlsException error, @Nullable Duration left) {
        if (attempts <= FEW && transientError) {
            return;
        }
        failures.warn(
                "puts to " + logstore,
                error,
                () -> "Target '" + target + "': puts to " + logstore + " fail"
                        + (PutErrors.isLocal(error) ? onThisSide() : "") + "; "
                        + FailureLog.retryingUntil(
                                left == null ? null : clock.instant().plus(left)) + ". "
                        + ErrorHints.of(error) + ". " + error.getMessage());
    }

    private String onThisSide() {
        return " for a local reason"
                + (config.outage().policy() == OnOutage.BLOCK
                        ? ""
                        : "; on-outage (in code: outage) does not apply, and the groups wait");
    }

    /** @param count the number of rejected groups, this one included */
    void drops(RawLogGroup group, SlsException reason, long count) {
        rejected("it was dropped, as configured", group, reason, count);
    }

    /** @param count the number of rejected groups, this one included */
    void sendsToDeadLetters(RawLogGroup group, SlsException reason, long count) {
        rejected("it goes to the dead letters", group, reason, count);
    }

    private void rejected(String what, RawLogGroup group, SlsException reason, long count) {
        if (isPowerOfTwo(count)) {
            LOG.warn("Target '{}' rejected {}, {} so far; {}: {}", target, group, count, what, reason.getMessage());
        }
    }

    /** @param count the number of refused dead letters, this one included */
    void dropsDeadLetter(RawLogGroup group, SlsException reason, long count) {
        if (isPowerOfTwo(count)) {
            LOG.warn(
                    "Target '{}' rejected {}, and its dead-letter logstore rejected the dead letter, {} so far; the"
                            + " group was dropped, as configured: {}",
                    target,
                    group,
                    count,
                    reason.getMessage());
        }
    }

    void circuitOpened(@Nullable SlsException lastError) {
        Outage outage = config.outage();
        LOG.warn(
                "Target '{}' has accepted no request for {}; until it accepts one again, its groups {}. Last response:"
                        + " {}",
                target,
                Durations.text(outage.after()),
                outage.policy() == OnOutage.DROP ? "are dropped, as configured" : "go to the dead letters",
                lastError == null ? "none" : lastError.getMessage());
    }

    void circuitClosed(long groups, long bytes) {
        LOG.warn(
                "Target '{}' accepts requests again. During the outage, {} groups ({} bytes) were not sent to it",
                target,
                groups,
                bytes);
    }

    void circuitClosedForLocalFailure(long groups, long bytes, SlsException error) {
        LOG.warn(
                "Target '{}': requests fail for a local reason, so it is unknown whether the target accepts requests"
                        + " again; from now on its groups wait. During the outage, {} groups ({} bytes) were not sent"
                        + " to it. Last failure: {}",
                target,
                groups,
                bytes,
                error.getMessage());
    }

    /** @param waitsFor the pending requests, in words */
    public void checkpointWaits(Duration soFar, long groups, long bytes, String waitsFor) {
        LOG.warn(
                "Target '{}': a checkpoint has been waiting for {} for the target to store all groups; {} groups"
                        + " ({} bytes) remain: {}",
                target,
                Durations.measured(soFar),
                groups,
                bytes,
                waitsFor);
    }

    /** @param groups that were received; the parts of a split group count instead of it */
    public void accountingMismatch(long groups, long settled) {
        LOG.error(
                "Accounting mismatch for target '{}': {} groups received, but {} acknowledged, stored as dead letters"
                        + " or dropped, and no group is pending. Compare source and target, and please report this bug",
                target,
                groups,
                settled);
    }

    void listsSwitchedOff() {
        LOG.warn(
                "Target '{}' rejects requests with several log groups but accepts each group alone: this writer now"
                        + " sends one group per request, and tries several again after {}. If these requests are"
                        + " always rejected, set 'batching: false' (in code: delivery(batching = false)) for this"
                        + " target",
                target,
                Durations.text(FeatureSupport.LISTS_AGAIN_AFTER));
    }

    /**
     * @param logstore the target, or its dead-letter logstore
     * @param refusal the last answer to zstd
     */
    void zstdSwitchedOff(LogstoreId logstore, SlsException refusal) {
        LOG.warn(
                "Target '{}': {} does not accept zstd but accepts the same groups as LZ4: this writer now sends LZ4,"
                        + " and tries zstd again every {}, without another warning. If zstd is never accepted, set"
                        + " 'compression: lz4' (in code: delivery(compression = LZ4)) for this target. The last"
                        + " response to zstd: {}",
                target,
                logstore,
                Durations.text(FeatureSupport.ZSTD_AGAIN_AFTER),
                refusal.getMessage());
    }

    private static boolean isPowerOfTwo(long count) {
        return Long.bitCount(count) == 1;
    }

    /** The reason of a dead letter that is written because the target accepts nothing. */
    Reason outageReason(@Nullable SlsException lastError) {
        String silence = "the target accepted no request for "
                + Durations.text(config.outage().after()) + " or longer";
        if (lastError == null) {
            return new Reason(Cause.OUTAGE, PutErrors.NO_ANSWER, -1, "", silence + "; no response was received");
        }
        return new Reason(
                Cause.OUTAGE,
                lastError.errorCode(),
                lastError.httpStatus(),
                lastError.requestId(),
                silence + "; last response: " + lastError.getMessage());
    }

    /** The error of a writer whose retries have ended. */
    IOException exhausted(Exhausted why, SlsException cause) {
        String forGrace = " for " + Durations.text(config.retry().grace())
                + ", the grace period that retry.grace (in code: retries(grace)) sets";
        return switch (why) {
            case RETRIES -> gaveUp(cause);
            case DENIED -> denied(forGrace, cause);
            case UNCONFIRMED -> unconfirmed("answered", cause);
            case UNKNOWN_CODE ->
                failure(
                        "rejected a log group with an unknown error code" + forGrace
                                + ", and accepted no other group that could show whether the group or the request is"
                                + " the cause",
                        "If '" + cause.errorCode()
                                + "' is about such a group, add it to retry.codes-about-group (in code:"
                                + " retries(codesAboutGroup)), so that on-reject (in code: onReject) applies; if it is"
                                + " about the request, correct the request and add the code to"
                                + " retry.codes-about-request (in code: retries(codesAboutRequest))",
                        cause);
            case TOO_LARGE ->
                failure(
                        "could not receive a log" + forGrace
                                + ": a proxy or gateway in between rejects a body of this size, and a single log cannot"
                                + " be split",
                        "Raise the limit of the proxy or gateway to at least 10 MB",
                        cause);
            case BAD_REQUEST ->
                failure(
                        "rejected requests for a reason other than a log group" + forGrace,
                        "Check its endpoint, credentials and connection, and any proxy or gateway in between. If '"
                                + cause.errorCode() + "' is about a log group after all, add it to"
                                + " retry.codes-about-group (in code: retries(codesAboutGroup))",
                        cause);
        };
    }

    private IOException denied(String after, SlsException cause) {
        return cause.kind() == ErrorKind.UNAUTHORIZED
                ? failure(
                        "denied access" + after,
                        cause.httpStatus() > 0 && !PutErrors.isLocal(cause)
                                ? "Check the credentials of this target, and their permission log:PostLogStoreLogs on it"
                                : ErrorHints.of(cause),
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
                        + " x-log-requestid, so it is not known whether they are stored, and each retry may store them"
                        + " again",
                "A proxy or gateway in between removes that header, or answers in place of the service: configure it to"
                        + " keep all x-log-* response headers, or connect without it",
                cause);
    }

    private IOException gaveUp(SlsException cause) {
        Duration time = config.retry().giveUpAfter();
        return failure(
                "failed for " + Durations.text(time == null ? Duration.ZERO : time)
                        + ", the limit that retry.give-up-after (in code: retries(giveUpAfter)) sets",
                "Fix the cause below; after a restart the job continues from its last checkpoint",
                cause);
    }

    public IOException rejected(SlsException cause) {
        return failure(
                "permanently rejected a log group",
                "Store such groups as dead letters with 'on-reject: dead-letter' (in code: onReject(DEAD_LETTER)), drop"
                        + " them with 'on-reject: drop' (in code: onReject(DROP)), or change what the target accepts",
                cause);
    }

    IOException deadLetterRejected(DeadLetter.Reason reason, SlsException cause) {
        return failure(
                "rejected a log group (" + reason.message() + "), and its dead-letter logstore "
                        + (config.deadLetters() == null
                                ? ""
                                : config.deadLetters().logstore())
                        + " rejected the dead letter",
                "Change that logstore, or drop such dead letters with 'dead-letter.on-refusal: drop' (in code:"
                        + " deadLetters(onRefusal = DROP))",
                cause);
    }

    /** The error of a put that failed in this process. */
    public IOException unexpected(Throwable cause) {
        return new IOException(
                "target '" + config.name() + "' (" + place + "): a put failed with an error"
                        + " that did not come from the service: " + cause,
                cause);
    }

    private IOException failure(String what, String hint, SlsException cause) {
        return new IOException(
                "target '" + config.name() + "' (" + place + ") " + what + ". " + hint + ". Last response: "
                        + cause.getMessage(),
                cause);
    }
}
