package io.slsdispatch.connector.source.reader;

import io.slsdispatch.connector.client.CursorOrigin;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.config.ExpiredCursorPolicy;
import io.slsdispatch.connector.model.Cursor;
import io.slsdispatch.connector.model.Position;
import io.slsdispatch.connector.source.reader.PullAction.PullResult;
import io.slsdispatch.connector.source.reader.PullAction.Purpose;
import java.io.IOException;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens when groups of a shard may be gone before they were read: says what is to be looked up for that, decides
 * where reading continues, and counts what is lost. Groups that are emitted are no loss, so a data gap begins behind them.
 * Plain logic, one thread.
 */
final class DataLossHandler {

    private static final Logger LOG = LoggerFactory.getLogger(DataLossHandler.class);

    private final ReaderEnvironment env;
    private final ReadPosition position;
    private final EmptyRangeSearch emptyRanges;
    private final StoppingCursor stop;
    private final ReadFailures failures;
    private final AnomalyReporter anomalies;

    /** Whether the service says that the cursor is gone, so that the oldest data left must be looked up. */
    private boolean refused;

    /** Whether reading continues with what comes from now on. */
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

    /** What must be looked up before reading continues; null when nothing must. */
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

    /** A cursor of which only the service can say whether it is gone. */
    private static @Nullable Cursor withoutNumber(@Nullable Cursor cursor) {
        return cursor != null && cursor.number().isEmpty() ? cursor : null;
    }

    /** Takes it that the service says again and again that the cursor is gone. */
    void cursorRefused(SlsException error) {
        // What is left is looked up first, so that it can be said how much is lost.
        refused = true;
        refusal = error;
        emptyRanges.restart();
    }

    /**
     * Takes the oldest data left, when the service says that the cursor is gone.
     *
     * @return null when that does not fit, and the cursor is to be pulled again
     * @throws IOException when groups are lost and the configuration does not allow to go on
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
     * Takes the end of the shard, when reading continues there.
     *
     * @throws IOException when the configuration does not allow to go on
     */
    PullResult latest(PullAction.LookedUp answer) throws IOException {
        toLatest = false;
        return lose(answer.cursor(), true, answer.receivedAtSeconds());
    }

    /**
     * Takes the oldest data left, when a range was found empty.
     *
     * @throws IOException when groups may be lost and the configuration does not allow to go on
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

    /** Takes it that everything before a cursor is gone; what is emitted is no loss. */
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
     * Takes it that the shard is gone before it was read to its end.
     *
     * @throws IOException when the configuration does not allow to go on
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
     * The message of a gap of which it is not known whether there were groups.
     *
     * @throws IOException with that message when the configuration does not allow gaps
     */
    private String unprovenGap(DataGap gap) throws IOException {
        return allowed(
                failures.where() + ": there are no groups from cursor " + gap.from() + " to " + gap.to()
                        + ", and the service holds"
                        + " what is before. Either no groups ever had these cursors, or retention removed them: the last"
                        + " group before is older than half of the retention, or that is not known. Passed over: "
                        + gap.size() + ".",
                null);
    }

    /**
     * The message of a gap that begins at a cursor.
     *
     * @throws IOException with that message when the configuration does not allow gaps
     */
    private String cursorGap(DataGap gap, @Nullable SlsException error) throws IOException {
        return allowed(
                failures.where() + ": cursor " + gap.from()
                        + " is older than the oldest data left. Passed over unread: " + gap.size() + ".",
                error);
    }

    /**
     * The message of a gap that a vanished shard leaves.
     *
     * @throws IOException with that message when the configuration does not allow gaps
     */
    private String shardGap(DataGap gap, SlsException error) throws IOException {
        return allowed(
                failures.where() + " does not exist any more. What it held from cursor " + gap.from()
                        + " on was lost unread: " + gap.size() + ".",
                error);
    }

    private String allowed(String what, @Nullable SlsException error) throws IOException {
        return switch (env.config().onExpiredCursor()) {
            case FAIL ->
                throw new IOException(
                        what + " Restore a newer savepoint, or set on-expired-cursor to 'earliest' (in code:"
                                + " onExpiredCursor(EARLIEST)) to go on with the oldest data left (counted in dataGaps).",
                        error);
            case EARLIEST -> what + " Going on with the oldest data left, as on-expired-cursor is 'earliest'.";
            case LATEST -> what + " Going on with what comes from now on, as on-expired-cursor is 'latest'.";
        };
    }

    /**
     * Groups that are passed over unread, and how many they are as far as that can be told. For people only: nothing that is
     * read depends on it.
     *
     * @param from the cursor of the first of them
     * @param to the cursor after the last of them; null when nobody knows any more
     * @param fromSeconds when the service received the group before them, unix seconds, 0 when not known
     * @param toSeconds when the service received the group after them, unix seconds, 0 when not known
     */
    record DataGap(Cursor from, @Nullable Cursor to, long fromSeconds, long toSeconds) {

        /**
         * More groups than this a shard cannot receive in a second: it takes 500 requests (help page "Data read and write"), of
         * at most some thousands of groups each.
         */
        private static final long MOST_PER_SECOND = 1_000_000;

        /** More groups than this a shard does not receive in all the years that it may keep them. */
        private static final long MOST = 10_000_000_000L;

        /**
         * How many groups, as far as the cursors have numbers and can be of one logstore. A logstore that was deleted and
         * created again counts from another number on: its shard's creation in nanoseconds, by the examples of the service.
         */
        OptionalLong groups() {
            OptionalLong numbers = numbers();
            return isOfTwoLogstores() ? OptionalLong.empty() : numbers;
        }

        private OptionalLong numbers() {
            return to == null ? OptionalLong.empty() : from.distanceTo(to);
        }

        /** Whether the cursors are too far apart to be of one logstore. */
        boolean isOfTwoLogstores() {
            OptionalLong seconds = seconds();
            long most = seconds.isPresent() && seconds.getAsLong() < MOST / MOST_PER_SECOND
                    ? (seconds.getAsLong() + 1) * MOST_PER_SECOND
                    : MOST;
            return numbers().orElse(0) > most;
        }

        /** How many seconds of receive times they span at most. */
        OptionalLong seconds() {
            return fromSeconds > 0 && toSeconds > 0
                    ? OptionalLong.of(Math.max(0, toSeconds - fromSeconds))
                    : OptionalLong.empty();
        }

        /** The size in words. */
        String size() {
            if (isOfTwoLogstores()) {
                return "an unknown number of groups; the cursors are too far apart to be counted by, as of a logstore that was"
                        + " deleted and created again";
            }
            String groups = groups().isPresent() ? groups().getAsLong() + " groups" : "an unknown number of groups";
            return seconds().isPresent()
                    ? groups + ", received within at most " + seconds().getAsLong() + " s"
                    : groups;
        }
    }
}
