package io.slsdispatch.connector.sink;

import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.config.SinkConfig.OnOutage;
import io.slsdispatch.connector.config.SinkConfig.Outage;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.put.ListSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells what somebody may have to look at; of what happens often, the first, second, fourth, eighth time and so on. */
record SinkWarnings(String target) {

    private static final Logger LOG = LoggerFactory.getLogger(SlsSinkWriter.class);

    /** A single failure is nothing to tell of: most pass. */
    private static final int FEW = 3;

    void mayPass(Request request, SlsException error) {
        if (request.failures() > FEW) {
            denied(request, error);
        }
    }

    void denied(Request request, SlsException error) {
        if (isPowerOfTwo(request.failures())) {
            LOG.warn(
                    "Target '{}': attempt {} of a put failed and is repeated: {}",
                    target,
                    request.failures(),
                    error.getMessage());
        }
    }

    /** @param count how many groups were rejected, this one included */
    void drops(RawLogGroup group, SlsException reason, long count) {
        rejected("Dropped, as configured", group, reason, count);
    }

    /** @param count how many groups were rejected, this one included */
    void sendsToDeadLetters(RawLogGroup group, SlsException reason, long count) {
        rejected("Goes to the dead letters", group, reason, count);
    }

    private void rejected(String what, RawLogGroup group, SlsException reason, long count) {
        if (isPowerOfTwo(count)) {
            LOG.warn(
                    "Target '{}' will never take {}, number {} of its kind. {}: {}",
                    target,
                    group,
                    count,
                    what,
                    reason.getMessage());
        }
    }

    /** @param count how many dead letters were refused, this one included */
    void dropsDeadLetter(RawLogGroup group, SlsException reason, long count) {
        if (isPowerOfTwo(count)) {
            LOG.warn(
                    "Target '{}' does not take {}, and its dead-letter logstore will never take it either, number {} of its"
                            + " kind. Dropped, as configured: {}",
                    target,
                    group,
                    count,
                    reason.getMessage());
        }
    }

    void outageBegins(Outage outage, @Nullable SlsException lastError) {
        LOG.warn(
                "Target '{}' has taken nothing for {}: from now on its groups {}, until it takes one again. Its last answer:"
                        + " {}",
                target,
                SinkFailures.text(outage.after()),
                outage.policy() == OnOutage.DROP ? "are dropped, as configured" : "go to the dead letters",
                lastError == null ? "none" : lastError.getMessage());
    }

    void outageEnds(long groups, long bytes) {
        LOG.warn("Target '{}' takes groups again. Meanwhile it missed {} groups, {} bytes", target, groups, bytes);
    }

    /** @param waitsFor what is under way, in words */
    void checkpointWaits(long seconds, long groups, long bytes, String waitsFor) {
        LOG.warn(
                "Target '{}': a checkpoint has waited for {} s until the target has everything, and {} groups, {} bytes,"
                        + " are left: {}",
                target,
                seconds,
                groups,
                bytes,
                waitsFor);
    }

    /** @param groups that were taken, as they were split */
    void booksDoNotBalance(long groups, long settled) {
        LOG.error(
                "The books of target '{}' do not balance: {} groups taken, but {} acknowledged, stored among the dead"
                        + " letters or dropped, and nothing is left. Compare source and target, and report this: it is a"
                        + " fault of sls-dispatch",
                target,
                groups,
                settled);
    }

    void listsAreRefused() {
        LOG.warn(
                "Target '{}' refuses requests with several log groups but accepts each group alone: this writer sends"
                        + " one per request, and tries several again after {} min. If that never works, set 'batching:"
                        + " false' for this target",
                target,
                ListSupport.AGAIN_AFTER_MINUTES);
    }

    private static boolean isPowerOfTwo(long count) {
        return Long.bitCount(count) == 1;
    }
}
