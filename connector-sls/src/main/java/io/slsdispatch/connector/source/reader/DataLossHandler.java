package io.slsdispatch.connector.source.reader;

import io.slsdispatch.connector.client.CursorOrigin;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.config.Durations;
import io.slsdispatch.connector.config.ExpiredCursorPolicy;
import io.slsdispatch.connector.model.Cursor;
import io.slsdispatch.connector.model.Position;
import io.slsdispatch.connector.source.reader.PullAction.PullResult;
import io.slsdispatch.connector.source.reader.PullAction.Purpose;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handling of groups that may be gone before they were read: determines the necessary look-ups, decides where reading
 * continues, and counts the loss. Emitted groups are not lost, so a data gap begins after them. Plain logic, one
 * thread.
 */
final class DataLossHandler {

    private static final Logger LOG = LoggerFactory.getLogger(DataLossHandler.class);

    private final ReaderEnvironment env;
    private final ReadPosition position;
    private final EmptyRangeSearch emptyRanges;
    private final StoppingCursor stop;
    private final ReadFailures failures;
    private final AnomalyReporter anomalies;

    /** Whether the service refused the cursor as expired, so that the oldest remaining data must be looked up. */
    private boolean refused;

    /** Whether reading continues with new data only. */
    private boolean toLatest;

    private @Nullable SlsException refusal;

    DataLossHandler(
            ReaderEnvironment env,
            ReadPosition position,
            EmptyRangeSearch emptyRanges,
            StoppingCursor stop,
            ReadFailures failures,
            AnomalyReporter anomalies) {
        this.env = env;
        this.position = position;
        this.emptyRanges = emptyRanges;
        this.stop = stop;
        this.failures = failures;
        this.anomalies = anomalies;
    }

    /** Returns the look-up that must precede further reading; null if none. */
    @Nullable
    PullAction nextAction() {
        if (toLatest) {
            return new PullAction.LookUp(Purpose.LATEST, new CursorOrigin.End(), null, false);
        }
        if (refused) {
            return new PullAction.LookUp(Purpose.BEGIN, new CursorOrigin.Begin(), withoutNumber(stop.fixed()), false);
        }
        return emptyRanges.isDue()
                ? new PullAction.LookUp(
                        Purpose.EMPTY_RANGE, new CursorOrigin.Begin(), withoutNumber(position.cursor()), false)
                : null;
    }

    /** Returns the cursor if it has no number, so that only the service knows whether it is gone. */
    private static @Nullable Cursor withoutNumber(@Nullable Cursor cursor) {
        return cursor != null && cursor.number().isEmpty() ? cursor : null;
    }

    /** Records that the service refused the cursor as expired repeatedly. */
    void cursorRefused(SlsException error) {
        // The oldest remaining data is looked up first, to report how much is lost.
        refused = true;
        refusal = error;
        emptyRanges.restart();
    }

    /**
     * Processes the begin cursor (the oldest remaining data), after the service refused the cursor as expired.
     *
     * @return null if the begin cursor contradicts that, so that the cursor must be pulled again
     * @throws IOException if groups are lost and the configuration does not allow the job to continue
     */
    @Nullable
    PullResult begins(PullAction.LookedUp answer) throws IOException {
        refused = false;
        Cursor begin = answer.cursor();
        Cursor fixedStop = stop.fixed();
        if (fixedStop != null && (answer.checkedIsGone() || begin.isAtOrAfter(fixedStop))) {
            return lose(fixedStop, true, answer.receivedAtSeconds());
        }
        if (position.cursor().isAtOrAfter(begin)) {
            if (failures.mayBePulledAgain(position.cursor(), begin)) {
                return null;
            }
            failures.clear();
        }
        return gone(begin, true, answer.receivedAtSeconds());
    }

    /**
     * Processes the end cursor, when reading continues there.
     *
     * @throws IOException if the configuration does not allow the job to continue
     */
    PullResult latest(PullAction.LookedUp answer) throws IOException {
        toLatest = false;
        return lose(answer.cursor(), true, answer.receivedAtSeconds());
    }

    /**
     * Processes the begin cursor (the oldest remaining data), after a range was found empty.
     *
     * @throws IOException if groups may be lost and the configuration does not allow the job to continue
     */
    PullResult rangeIsEmpty(PullAction.LookedUp answer) throws IOException {
        Cursor cursor = position.cursor();
        Cursor farSide = Objects.requireNonNull(emptyRanges.farSide());
        EmptyRangeSearch.Cause cause = EmptyRangeSearch.causeOf(
                cursor,
                farSide,
                answer,
                position.lastKnownReceipt(),
                env.serviceTime().now());
        return switch (cause) {
            case JUMP -> {
                anomalies.jumped(cursor, farSide, new DataGap(cursor, farSide, 0, 0).groups());
                emptyRanges.passed(farSide);
                yield new PullResult.Nothing();
            }
            case MAYBE_GONE -> gone(farSide, false, answer.receivedAtSeconds());
            case GONE ->
                gone(answer.cursor().isAfter(cursor) ? answer.cursor() : farSide, true, answer.receivedAtSeconds());
        };
    }

    /** Handles the loss of everything before a cursor; emitted groups are not lost. */
    private PullResult gone(Cursor left, boolean isCertain, long leftSeconds) throws IOException {
        Cursor cursor = position.cursor();
        if (left.isAfter(cursor) && position.behindEmitted().isAtOrAfter(left)) {
            int emittedAndGone = (int) cursor.distanceTo(left).orElse(0);
            return moveTo(new Position(left, position.skip() - emittedAndGone));
        }
        if (env.config().onExpiredCursor() == ExpiredCursorPolicy.LATEST) {
            toLatest = true;
            return new PullResult.Nothing();
        }
        return lose(left, isCertain, leftSeconds);
    }

    private PullResult lose(Cursor left, boolean isCertain, long leftSeconds) throws IOException {
        DataGap gap = gap(left, leftSeconds);
        count(gap, isCertain ? cursorGap(gap, refusal) : unprovenGap(gap));
        refusal = null;
        return moveTo(Position.at(left));
    }

    private PullResult moveTo(Position left) {
        position.moveTo(left);
        emptyRanges.restart();
        stop.forget();
        return new PullResult.Move(left);
    }

    /**
     * Handles a shard that disappeared before it was read to the end.
     *
     * @throws IOException if the configuration does not allow the job to continue
     */
    void shardIsGone(SlsException error) throws IOException {
        DataGap gap = gap(null, 0);
        count(gap, shardGap(gap, error));
        env.metrics().shardExpired();
    }

    private DataGap gap(@Nullable Cursor to, long toSeconds) {
        return new DataGap(position.behindEmitted(), to, position.receivedAtSeconds(), toSeconds);
    }

    private void count(DataGap gap, String message) {
        env.metrics().dataGap(gap.groups().orElse(0), gap.seconds().orElse(0));
        LOG.warn(message);
    }

    /**
     * Returns the message for a gap that may or may not have contained groups.
     *
     * @throws IOException with that message if the configuration does not allow gaps
     */
    private String unprovenGap(DataGap gap) throws IOException {
        return allowed(
                failures.where() + ": the service has no groups from cursor " + gap.from() + " to " + gap.to()
                        + ", but it has older data. Either no groups ever had these cursors, or retention removed them:"
                        + " the previous group is older than half of the retention, or this is unknown. Skipped: "
                        + gap.size() + ".",
                null);
    }

    /**
     * Returns the message for a gap that begins at a cursor.
     *
     * @throws IOException with that message if the configuration does not allow gaps
     */
    private String cursorGap(DataGap gap, @Nullable SlsException error) throws IOException {
        return allowed(
                failures.where() + ": cursor " + gap.from()
                        + " is older than the oldest available data. Skipped unread: " + gap.size() + ".",
                error);
    }

    /**
     * Returns the message for the gap of a shard that disappeared.
     *
     * @throws IOException with that message if the configuration does not allow gaps
     */
    private String shardGap(DataGap gap, SlsException error) throws IOException {
        return allowed(
                failures.where() + " no longer exists. Unread groups from cursor " + gap.from() + " on are lost: "
                        + gap.size() + ".",
                error);
    }

    private String allowed(String what, @Nullable SlsException error) throws IOException {
        return switch (env.config().onExpiredCursor()) {
            case FAIL ->
                throw new IOException(
                        what + " Restore a newer savepoint, or set on-expired-cursor to 'earliest' (in code:"
                                + " onExpiredCursor(EARLIEST)) to continue with the oldest available data (counted in"
                                + " dataGaps).",
                        error);
            case EARLIEST ->
                what + " Continuing with the oldest available data, as on-expired-cursor (in code:"
                        + " onExpiredCursor) is 'earliest'.";
            case LATEST ->
                what + " Continuing with new data only, as on-expired-cursor (in code: onExpiredCursor) is"
                        + " 'latest'.";
        };
    }

    /**
     * Data gap: groups that are skipped unread, and their number as far as it is known. For messages and metrics only:
     * reading does not depend on it.
     *
     * @param from the cursor of the first of them
     * @param to the cursor after the last of them; null if no longer known
     * @param fromSeconds when the service received the group before them, unix seconds, 0 if not known
     * @param toSeconds when the service received the group after them, unix seconds, 0 if not known
     */
    record DataGap(Cursor from, @Nullable Cursor to, long fromSeconds, long toSeconds) {

        /**
         * Upper limit of groups that a shard can receive in a second: 500 requests (help page "Data read and write"),
         * of at most a few thousand groups each.
         */
        private static final long MOST_PER_SECOND = 1_000_000;

        /** Upper limit of groups that a shard receives in all the years that it may keep them. */
        private static final long MOST = 10_000_000_000L;

        /**
         * Returns the number of groups, if the cursors have numbers and can belong to one logstore. A recreated
         * logstore counts from another number on: the creation time of its shard in nanoseconds, according to the
         * examples of the service.
         */
        OptionalLong groups() {
            OptionalLong numbers = numbers();
            return isOfTwoLogstores() ? OptionalLong.empty() : numbers;
        }

        private OptionalLong numbers() {
            return to == null ? OptionalLong.empty() : from.distanceTo(to);
        }

        /** Returns whether the cursors are too far apart to belong to one logstore. */
        boolean isOfTwoLogstores() {
            OptionalLong seconds = seconds();
            long most = seconds.isPresent() && seconds.getAsLong() < MOST / MOST_PER_SECOND
                    ? (seconds.getAsLong() + 1) * MOST_PER_SECOND
                    : MOST;
            return numbers().orElse(0) > most;
        }

        /** Returns the maximum number of seconds of receive time in the gap. */
        OptionalLong seconds() {
            return fromSeconds > 0 && toSeconds > 0
                    ? OptionalLong.of(Math.max(0, toSeconds - fromSeconds))
                    : OptionalLong.empty();
        }

        /** Returns the size as text. */
        String size() {
            if (isOfTwoLogstores()) {
                return "an unknown number of groups; the cursors are too far apart to count, for example because the"
                        + " logstore was deleted and recreated";
            }
            String groups = groups().isPresent() ? groups().getAsLong() + " groups" : "an unknown number of groups";
            return seconds().isPresent()
                    ? groups + ", received within at most "
                            + Durations.text(Duration.ofSeconds(seconds().getAsLong()))
                    : groups;
        }
    }
}
