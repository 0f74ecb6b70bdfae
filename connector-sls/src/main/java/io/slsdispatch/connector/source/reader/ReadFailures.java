package io.slsdispatch.connector.source.reader;

import io.slsdispatch.connector.client.ErrorHints;
import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.FeatureSupport;
import io.slsdispatch.connector.client.PullRequest;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.config.Durations;
import io.slsdispatch.connector.config.SourceConfig;
import io.slsdispatch.connector.model.Cursor;
import io.slsdispatch.connector.model.PulledBatch;
import io.slsdispatch.connector.task.FailureLog;
import io.slsdispatch.connector.wire.Compression;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Classification of a shard's consecutive failures: retry, continue without lost groups, or fail the job. One thread.
 */
final class ReadFailures {

    private static final Logger LOG = LoggerFactory.getLogger(ReadFailures.class);

    /**
     * Number of consecutive responses that must report groups as gone, because a single machine of the service may lag.
     */
    private static final int ANSWERS_TO_BELIEVE = 3;

    /** Fewer consecutive failures are not logged: most are transient. */
    private static final int FEW = 3;

    enum Verdict {
        THROTTLED,
        RETRY,
        CURSOR_GONE,
        SHARD_GONE
    }

    private final SourceConfig config;
    private final String where;
    private final LongSupplier nanoTime;
    private final Clock clock;
    private final FailureLog log;
    private @Nullable ErrorKind last;
    private int sameInARow;
    private boolean needsHelp;
    private long needsHelpSince;
    private int unreadable;
    private int refusedThoughHeld;

    /** @param env the log of failures is shared by all shards: a service that is down is one cause */
    ReadFailures(ReaderEnvironment env, int shard, LongSupplier nanoTime) {
        this.config = env.config();
        this.clock = env.clock();
        this.log = env.failures();
        this.where = "Shard " + shard + " of " + config.logstore();
        this.nanoTime = nanoTime;
    }

    /** Returns the shard, for messages. */
    String where() {
        return where;
    }

    /** Records a response that is not a refusal. */
    void answered() {
        last = null;
        needsHelp = false;
    }

    /** Records a response to a pull without any of these failures. */
    void clear() {
        answered();
        unreadable = 0;
        refusedThoughHeld = 0;
    }

    /**
     * Classifies a refused request.
     *
     * @throws IOException if a retry cannot succeed
     */
    Verdict judge(SlsException error) throws IOException {
        if (error.kind() != last) {
            last = error.kind();
            sameInARow = 0;
        }
        sameInARow++;
        if (error.kind() == ErrorKind.UNAVAILABLE && sameInARow > FEW) {
            log.warn("reading", error, () -> text(error, null));
        }
        return switch (error.kind()) {
            case THROTTLED -> Verdict.THROTTLED;
            case UNAVAILABLE -> Verdict.RETRY;
            case UNAUTHORIZED, NOT_FOUND -> bearForAWhile(error);
            case CURSOR_EXPIRED -> sameInARow < ANSWERS_TO_BELIEVE ? Verdict.RETRY : Verdict.CURSOR_GONE;
            case SHARD_NOT_FOUND -> sameInARow < ANSWERS_TO_BELIEVE ? Verdict.RETRY : Verdict.SHARD_GONE;
            case ALREADY_EXISTS, QUOTA_EXCEEDED, SEQUENCE_REPEATED, TOO_LARGE, INVALID_REQUEST ->
                throw new IOException(
                        where + ": reading failed, and a retry cannot succeed. " + error.getMessage(), error);
        };
    }

    private Verdict bearForAWhile(SlsException error) throws IOException {
        Duration grace = config.retries().grace();
        if (!needsHelp) {
            needsHelp = true;
            needsHelpSince = nanoTime.getAsLong();
        }
        Duration age = Duration.ofNanos(nanoTime.getAsLong() - needsHelpSince);
        if (age.compareTo(grace) > 0) {
            throw new IOException(
                    where + ": reading has failed for " + Durations.measured(age) + ", longer than the grace period of "
                            + Durations.text(grace) + " that retry.grace (in code: retries(grace)) sets. "
                            + ErrorHints.of(error) + ". " + error.getMessage(),
                    error);
        }
        log.warn("reading", error, () -> text(error, clock.instant().plus(grace.minus(age))));
        return Verdict.RETRY;
    }

    private String text(SlsException error, @Nullable Instant end) {
        return where + ": reading fails; " + FailureLog.retryingUntil(end) + ". " + ErrorHints.of(error) + ". "
                + error.getMessage();
    }

    /** Returns how long an error that an operator must fix is retried from now on; null after another error. */
    @Nullable
    Duration left() {
        return needsHelp ? config.retries().grace().minusNanos(nanoTime.getAsLong() - needsHelpSince) : null;
    }

    /**
     * Processes an unreadable response.
     *
     * @throws IOException if there were too many in a row
     */
    void unreadable(Cursor cursor, Exception problem) throws IOException {
        unreadable++;
        if (unreadable >= config.retries().maxMalformed()) {
            throw new IOException(
                    where + ": the response to the pull from cursor " + cursor + " was unreadable " + unreadable
                            + " times in a row, so not the transfer but the stored data is damaged. "
                            + problem.getMessage(),
                    problem);
        }
        log.warn(
                "unreadable responses",
                problem,
                () -> where + ": the response to the pull from cursor " + cursor
                        + " is unreadable; pulling again. Check any proxy or gateway in between. "
                        + problem.getMessage());
    }

    /**
     * Returns whether to retry the pull from a cursor that was refused although the oldest remaining data is not after
     * it.
     */
    boolean mayBePulledAgain(Cursor cursor, Cursor begin) {
        refusedThoughHeld++;
        if (refusedThoughHeld >= config.retries().maxMalformed()) {
            return false;
        }
        LOG.warn(
                "{}: cursor {} was rejected as expired, but the oldest available data is at {}; pulling again",
                where,
                cursor,
                begin);
        return true;
    }

    /**
     * Decides whether malformed groups of a shard are stored like that, or were damaged in transfer. They are accepted
     * when two responses to pulls from one cursor contain the same ones. A response may contain those of the response
     * before and more, because more were written meanwhile; that does not count as a difference. Such growth ends when a
     * response has its maximum size. One thread.
     */
    static final class MalformedGroups {

        /** Meaning of a response with malformed groups. */
        enum Credibility {
            /** There are none, or they are stored like that. */
            BELIEVED,
            /**
             * The first such response at this cursor, or one with additional malformed groups; the next one decides.
             */
            FIRST_SEEN,
            /** They differ from those of the response before. */
            DIFFERENT
        }

        private Cursor cursor = Cursor.of("");
        private Map<Integer, Long> last = Map.of();

        /** Classifies the response to a pull from a cursor, and keeps it for the next comparison. */
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

    /**
     * Requests LZ4 for a shard after zstd may have been the reason why its pull failed. If LZ4 is answered, that is
     * evidence that the service, or a gateway in between, does not support zstd; so is an answer in LZ4 to a request for
     * zstd. With enough evidence the reader requests LZ4 for all its shards for a while, and warns once. One thread.
     */
    static final class ZstdFallback {

        private final ReaderEnvironment env;
        private final LongSupplier nanoTime;
        private @Nullable String problem;
        private long failedAt;
        private int failures;

        /** @param env contains what is known about the service, for all shards of the reader */
        ZstdFallback(ReaderEnvironment env, LongSupplier nanoTime) {
            this.env = env;
            this.nanoTime = nanoTime;
        }

        private boolean isWanted() {
            return env.config().pulls().compression() == Compression.ZSTD;
        }

        /** Returns the compression that the next pull requests. */
        Compression compression() {
            boolean mayBeZstd = isWanted() && problem == null && env.zstd().isOn(nanoTime.getAsLong());
            return mayBeZstd ? Compression.ZSTD : Compression.LZ4;
        }

        /**
         * Records a failed pull.
         *
         * @return whether the pull is to be repeated as LZ4 before the failure counts
         */
        boolean failed(PullRequest request, SlsException error) {
            if (request.compression() != Compression.ZSTD || error.httpStatus() <= 0) {
                return false;
            }
            boolean refused = error.kind() == ErrorKind.INVALID_REQUEST;
            if (error.kind() == ErrorKind.UNAVAILABLE) {
                failures++;
            }
            // A gateway may answer like this, too; most such errors pass with the first retry.
            if (refused || failures > 1) {
                fallBack("its last response to zstd: " + error.getMessage());
            }
            return refused;
        }

        /** Records a response that cannot be read. */
        void unreadable(PullRequest request) {
            if (request.compression() == Compression.ZSTD) {
                fallBack("its responses to zstd are unreadable");
            }
        }

        private void fallBack(String why) {
            problem = why;
            failedAt = nanoTime.getAsLong();
        }

        /** Records the response to a pull. */
        void answered(PullRequest request, PulledBatch batch) {
            if (!isWanted()) {
                return;
            }
            String before = problem;
            problem = null;
            failures = 0;
            if (request.compression() == Compression.LZ4) {
                if (before != null) {
                    evidence(failedAt, before);
                }
            } else if (batch.block() != null) {
                evidence(nanoTime.getAsLong(), "it sends lz4 although zstd is requested");
            } else if (batch.length() > 0) {
                env.zstd().accepted();
                env.metrics().lz4InsteadOfZstd(false);
            }
        }

        private void evidence(long failedAt, String why) {
            if (env.zstd().contrast(failedAt, nanoTime.getAsLong())
                    && env.metrics().lz4InsteadOfZstd(true)) {
                LOG.warn(
                        "The service of {} does not send zstd: this reader now requests LZ4, and tries zstd again every"
                                + " {}, without another warning. If it never sends zstd, set 'compression: lz4' (in"
                                + " code: pulls(compression = LZ4)) for the source. {}",
                        env.config().logstore(),
                        Durations.text(FeatureSupport.ZSTD_AGAIN_AFTER),
                        why);
            }
        }
    }
}
