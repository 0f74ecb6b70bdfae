package io.slsdispatch.connector.sink;

import io.slsdispatch.connector.client.SlsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells what somebody may have to look at; of what happens often, the first, second, fourth, eighth time and so on. */
record SinkWarnings(String target) {

    private static final Logger LOG = LoggerFactory.getLogger(SlsSinkWriter.class);

    /** A single failure is nothing to tell of: most pass. */
    private static final int FEW = 3;

    void mayPass(Put put, SlsException error) {
        if (put.failures() > FEW) {
            denied(put, error);
        }
    }

    void denied(Put put, SlsException error) {
        if (isPowerOfTwo(put.failures())) {
            LOG.warn("Target '{}': attempt {} failed, will repeat: {}", target, put.failures(), error.getMessage());
        }
    }

    /** @param count how many groups were rejected, this one included */
    void drops(Put put, SlsException reason, long count) {
        rejected("Dropped, as configured", put, reason, count);
    }

    /** @param count how many groups were rejected, this one included */
    void sendsToDeadLetters(Put put, SlsException reason, long count) {
        rejected("Goes to the dead letters", put, reason, count);
    }

    private void rejected(String what, Put put, SlsException reason, long count) {
        if (isPowerOfTwo(count)) {
            LOG.warn(
                    "Target '{}' will never take {}, number {} of its kind. {}: {}",
                    target,
                    put.groups().get(0),
                    count,
                    what,
                    reason.getMessage());
        }
    }

    void listsAreRefused() {
        LOG.warn(
                "Target '{}' refuses lists of log groups but takes each of them alone: from now on this writer sends"
                        + " one per request. Switch batching off for this target to have it so from the start",
                target);
    }

    private static boolean isPowerOfTwo(long count) {
        return Long.bitCount(count) == 1;
    }
}
