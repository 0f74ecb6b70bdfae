package io.slsdispatch.connector.source.reader;

import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.config.SourceConfig;
import io.slsdispatch.connector.model.Cursor;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the failures of one shard in a row mean: try again, go on without what is lost, or fail the job. One thread. */
final class ReadFailures {

    private static final Logger LOG = LoggerFactory.getLogger(ReadFailures.class);

    /** How often in a row the service must say that groups are gone, since a single machine of it may be behind. */
    private static final int ANSWERS_TO_BELIEVE = 3;

    /** After how many failures in a row an outage is worth a warning, each time: some minutes, by the back-off. */
    private static final int FAILURES_TO_WARN = 10;

    enum Verdict {
        THROTTLED,
        RETRY,
        CURSOR_GONE,
        SHARD_GONE
    }

    private final SourceConfig config;
    private final String where;
    private final LongSupplier nanoTime;
    private @Nullable ErrorKind last;
    private int sameInARow;
    private boolean needsHelp;
    private long needsHelpSince;
    private int unreadable;
    private int refusedThoughHeld;

    ReadFailures(SourceConfig config, int shard, LongSupplier nanoTime) {
        this.config = config;
        this.where = "Shard " + shard + " of " + config.logstore();
        this.nanoTime = nanoTime;
    }

    /** The shard, for messages. */
    String where() {
        return where;
    }

    /** Notes an answer of the service that is no refusal. */
    void answered() {
        last = null;
        needsHelp = false;
    }

    /** Notes an answer to a pull that is none of these failures. */
    void clear() {
        answered();
        unreadable = 0;
        refusedThoughHeld = 0;
    }

    /**
     * Judges a refused request.
     *
     * @throws IOException when it will not heal
     */
    Verdict judge(SlsException error) throws IOException {
        if (error.kind() != last) {
            last = error.kind();
            sameInARow = 0;
        }
        sameInARow++;
        if (error.kind() == ErrorKind.UNAVAILABLE && sameInARow % FAILURES_TO_WARN == 0) {
            LOG.warn("{} could not be read {} times in a row. It is tried again for ever", where, sameInARow, error);
        } else {
            LOG.debug("{} could not be read {} times in a row", where, sameInARow, error);
        }
        return switch (error.kind()) {
            case THROTTLED -> Verdict.THROTTLED;
            case UNAVAILABLE -> Verdict.RETRY;
            case UNAUTHORIZED, NOT_FOUND -> bearForAWhile(error);
            case CURSOR_EXPIRED -> sameInARow < ANSWERS_TO_BELIEVE ? Verdict.RETRY : Verdict.CURSOR_GONE;
            case SHARD_NOT_FOUND -> sameInARow < ANSWERS_TO_BELIEVE ? Verdict.RETRY : Verdict.SHARD_GONE;
            case ALREADY_EXISTS, QUOTA_EXCEEDED, SEQUENCE_REPEATED, TOO_LARGE, INVALID_REQUEST ->
                throw new IOException(
                        where + " cannot be read, and trying again will not help. " + error.getMessage(), error);
        };
    }

    private Verdict bearForAWhile(SlsException error) throws IOException {
        Duration grace = config.retries().grace();
        if (!needsHelp) {
            needsHelp = true;
            needsHelpSince = nanoTime.getAsLong();
            LOG.warn("{} cannot be read. It is tried again for {}", where, grace, error);
        }
        Duration age = Duration.ofNanos(nanoTime.getAsLong() - needsHelpSince);
        if (age.compareTo(grace) > 0) {
            throw new IOException(
                    where + " cannot be read for " + age.toSeconds() + " s, longer than the grace of "
                            + grace.toSeconds() + " s. Check that the project and logstore exist and that the"
                            + " credentials may read them. " + error.getMessage(),
                    error);
        }
        return Verdict.RETRY;
    }

    /**
     * Takes an answer that cannot be read.
     *
     * @throws IOException when there were too many in a row
     */
    void unreadable(Cursor cursor, Exception problem) throws IOException {
        unreadable++;
        if (unreadable >= config.retries().maxMalformed()) {
            throw new IOException(
                    where + ": the answer to the pull from cursor " + cursor + " was unreadable " + unreadable
                            + " times in a row, so it is not the transfer that is broken but what is stored. "
                            + problem.getMessage(),
                    problem);
        }
        LOG.warn("{}: the answer to the pull from cursor {} is unreadable. It is pulled again", where, cursor, problem);
    }

    /** Takes a cursor that is refused though the oldest data left is not behind it: whether it may still be pulled. */
    boolean mayBePulledAgain(Cursor cursor, Cursor begin) {
        refusedThoughHeld++;
        if (refusedThoughHeld >= config.retries().maxMalformed()) {
            return false;
        }
        LOG.warn(
                "{}: cursor {} is refused as expired, though the oldest data left is at {}. It is pulled again",
                where,
                cursor,
                begin);
        return true;
    }

    /**
     * Says whether malformed groups of a shard are stored so, or were damaged on their way: they are believed when two answers
     * to pulls from one cursor brought them alike. An answer that has those of the answer before and further ones, which were
     * written meanwhile, does not count against them: such answers end when they are as large as an answer gets. One thread.
     */
    static final class MalformedGroups {

        /** What an answer with malformed groups means. */
        enum Credibility {
            /** There are none, or they are what is stored. */
            BELIEVED,
            /** The first such answer at this cursor, or it has further ones; the next one decides. */
            FIRST_SEEN,
            /** They are not those of the answer before. */
            DIFFERENT
        }

        private Cursor cursor = Cursor.of("");
        private Map<Integer, Long> last = Map.of();

        /** Judges the answer to a pull from a cursor, and keeps it for the next one. */
        Credibility judge(Cursor pulledFrom, GroupIndex index) {
            boolean isFirst = last.isEmpty() || !cursor.equals(pulledFrom);
            boolean isSame =
                    !isFirst && last.entrySet().containsAll(index.malformed().entrySet());
            if (index.malformed().isEmpty() || isSame) {
                last = Map.of();
                return Credibility.BELIEVED;
            }
            boolean hasMore = index.malformed().entrySet().containsAll(last.entrySet());
            cursor = pulledFrom;
            last = Map.copyOf(index.malformed());
            return isFirst || hasMore ? Credibility.FIRST_SEEN : Credibility.DIFFERENT;
        }
    }
}
