package io.slsdispatch.local.store;

import io.slsdispatch.local.wire.ErrorCode;
import io.slsdispatch.local.wire.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The byte limit of the store: counts the bytes of stored groups. A put that does not fit is refused; no group is
 * dropped to make space for it.
 */
final class ByteBudget {

    private static final Logger LOG = LoggerFactory.getLogger(ByteBudget.class);
    private static final Duration BETWEEN_WARNINGS = Duration.ofSeconds(10);

    private final InstantSource clock;
    private final long limit;
    private final AtomicLong taken = new AtomicLong();
    // Accessed inside changes only.
    private Instant nextWarning = Instant.MIN;

    ByteBudget(InstantSource clock, long limit) {
        this.clock = clock;
        this.limit = limit;
    }

    long taken() {
        return taken.get();
    }

    void take(long bytes) {
        taken.addAndGet(bytes);
    }

    void give(long bytes) {
        taken.addAndGet(-bytes);
    }

    /**
     * Checks that more bytes fit. Called inside changes only.
     *
     * @throws Refusal WriteQuotaExceed when this many more bytes do not fit
     */
    void check(long bytes) {
        if (bytes > limit - taken()) {
            Instant now = clock.instant();
            if (now.isAfter(nextWarning)) {
                nextWarning = now.plus(BETWEEN_WARNINGS);
                LOG.warn(
                        "Store is full ({} of {} bytes), rejecting puts with WriteQuotaExceed; increase --max-bytes, shorten "
                                + "the time to live, or delete logstores",
                        taken(),
                        limit);
            }
            throw new Refusal(
                    ErrorCode.WRITE_QUOTA_EXCEED,
                    "SLS Local is full: " + taken() + " of " + limit + " bytes are used (--max-bytes)");
        }
    }
}
