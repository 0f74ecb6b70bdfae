package io.slsdispatch.connector.source.reader;

import io.slsdispatch.connector.config.Durations;
import io.slsdispatch.connector.metrics.ReaderMetrics;
import io.slsdispatch.connector.model.Cursor;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reporter of anomalies in a shard: jumps in the numbers of its groups, and an end that pulls never reach. One thread.
 */
final class AnomalyReporter {

    private static final Logger LOG = LoggerFactory.getLogger(AnomalyReporter.class);

    private static final Duration BETWEEN_JUMPS = Duration.ofHours(1);
    private static final Duration LONG = Duration.ofMinutes(1);

    private final String where;
    private final int shard;
    private final ReaderMetrics metrics;
    private final LongSupplier nanoTime;
    private boolean jumped;
    private long jumpReportedAt;
    private boolean waiting;
    private boolean waitReported;
    private long waitingSince;

    /** @param nanoTime as {@link System#nanoTime()} */
    AnomalyReporter(String where, int shard, ReaderMetrics metrics, LongSupplier nanoTime) {
        this.where = where;
        this.shard = shard;
        this.metrics = metrics;
        this.nanoTime = nanoTime;
    }

    /**
     * Counts a jump, and logs one per hour.
     *
     * @param numbers how many numbers were skipped, empty if not known
     */
    void jumped(Cursor from, Cursor to, OptionalLong numbers) {
        metrics.cursorJump();
        if (!jumped || nanoTime.getAsLong() - jumpReportedAt >= BETWEEN_JUMPS.toNanos()) {
            jumped = true;
            jumpReportedAt = nanoTime.getAsLong();
            LOG.warn(
                    "{}: no group has a cursor from {} to {} ({} numbers). The service has the groups before and"
                            + " after this range, so nothing is lost. Reading continues; further jumps are counted in"
                            + " cursorJumps and logged at most once per hour",
                    where,
                    from,
                    to,
                    numbers.isPresent() ? numbers.getAsLong() : "?");
        }
    }

    /** Records that pulls return nothing although more should come before an end, or that an end is outdated. */
    void waitsFor(String end, Object cursor, Object position) {
        if (!waiting) {
            waiting = true;
            waitingSince = nanoTime.getAsLong();
        }
        if (!waitReported && nanoTime.getAsLong() - waitingSince >= LONG.toNanos()) {
            waitReported = true;
            metrics.endInDoubt(shard, true);
            LOG.warn(
                    "{}: pulls from cursor {} return no groups, but {} has been cursor {} for more than {}. Both"
                            + " requests are repeated until they agree",
                    where,
                    position,
                    end,
                    cursor,
                    Durations.text(LONG));
        }
    }

    /** Records that the anomaly is over. */
    void settled() {
        waiting = false;
        if (waitReported) {
            waitReported = false;
            metrics.endInDoubt(shard, false);
            LOG.info("{}: pulls and the end agree again", where);
        }
    }
}
