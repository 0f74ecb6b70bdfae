package io.slsdispatch.connector.source.enumerator;

import io.slsdispatch.connector.config.Durations;
import io.slsdispatch.connector.config.StartingPosition;
import io.slsdispatch.connector.config.StoppingPosition;
import io.slsdispatch.connector.model.Cursor;
import io.slsdispatch.connector.source.split.ShardEvent.ShardProgress;
import io.slsdispatch.connector.source.split.ShardSplit;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Progress of a bounded run: the mean over its shards of the part that is read. In a shard, that is the distance between
 * the numbers in its cursors, else between receive times; for a stop in the future it is the time alone, because the end
 * cursor still moves. After a restart, a shard whose start is not a time counts from the restored position. It is for
 * information only: nothing is decided by it. Coordinator thread.
 */
final class RunProgress {

    private static final Logger LOG = LoggerFactory.getLogger(RunProgress.class);

    private static final Duration LOG_EVERY = Duration.ofMinutes(1);

    /** The speed is the mean of the last minutes. */
    private static final Duration WINDOW = Duration.ofMinutes(5);

    private static final Duration SAMPLE_EVERY = Duration.ofSeconds(5);

    /** A shorter time says nothing about the speed. */
    private static final Duration SHORTEST = Duration.ofSeconds(2);

    private record Sample(long nanos, double fraction) {}

    private final EnumeratorEnvironment env;
    private final ShardTracker tracker;
    private final LongSupplier nanoTime;
    private final StoppingPosition stop;

    /** The cursors at which shards were begun; shards that readers restored are not among them. */
    private final Map<Integer, String> begun = new HashMap<>();

    private final Map<Integer, ShardProgress> firstReports = new HashMap<>();
    private final Map<Integer, ShardProgress> reports = new HashMap<>();
    private final Deque<Sample> samples = new ArrayDeque<>();
    private long loggedAt;

    RunProgress(EnumeratorEnvironment env, ShardTracker tracker) {
        this.env = env;
        this.tracker = tracker;
        this.nanoTime = env.nanoTime();
        this.stop = env.config().stop();
        this.loggedAt = nanoTime.getAsLong();
    }

    private boolean isBounded() {
        return !(stop instanceof StoppingPosition.Never);
    }

    /** A shard is assigned to a reader. */
    void begins(ShardSplit split) {
        if (isBounded()) {
            begun.putIfAbsent(split.shard(), split.position().cursor().text());
        }
    }

    /** A reader reports how far it has read. */
    void read(Iterable<ShardProgress> shards) {
        for (ShardProgress shard : shards) {
            firstReports.putIfAbsent(shard.shard(), shard);
            reports.put(shard.shard(), shard);
        }
    }

    /** Updates the metrics, and logs a line each minute. Called periodically. */
    void show() {
        if (!isBounded() || !tracker.initialDiscoveryDone()) {
            return;
        }
        long now = nanoTime.getAsLong();
        double fraction = fraction();
        remember(new Sample(now, fraction));
        long left = secondsLeft(now, fraction);
        double percent = Math.floor(fraction * 1000) / 10;
        env.metrics().run(percent, left);
        if (now - loggedAt >= LOG_EVERY.toNanos()) {
            loggedAt = now;
            LOG.info(
                    "Bounded run of {}: {} % read, {} of {} shards finished, {}",
                    env.config().logstore(),
                    percent,
                    tracker.finishedCount(),
                    shards(),
                    left < 0 ? "the time left is not known yet" : "about " + rounded(left) + " left");
        }
    }

    private static String rounded(long seconds) {
        return Durations.text(Duration.ofSeconds(seconds < 120 ? seconds : seconds / 60 * 60));
    }

    private int shards() {
        return tracker.finishedCount() + tracker.unfinishedCount();
    }

    /** The part of the run that is read, from 0 to 1. */
    double fraction() {
        double sum = tracker.finishedCount();
        for (TrackedShard shard : tracker.unfinished()) {
            ShardProgress report = reports.get(shard.id());
            sum += report == null || !shard.assigned() ? 0 : fraction(report);
        }
        return shards() == 0 ? 0 : sum / shards();
    }

    private double fraction(ShardProgress report) {
        Instant now = env.earliestServiceTime();
        boolean stopMoves = stop instanceof StoppingPosition.At at && now.isBefore(at.receiveTime());
        double byCursor = stopMoves ? -1 : byCursor(begun.get(report.shard()), report);
        if (byCursor >= 0) {
            return byCursor;
        }
        double byTime = byTime(report, stopMoves ? now : null);
        ShardProgress first = firstReports.get(report.shard());
        return byTime >= 0 || first == null || stopMoves
                ? Math.max(0, byTime)
                : Math.max(0, byCursor(first.cursor(), report));
    }

    /** Negative if it is not known. */
    private static double byCursor(@Nullable String begin, ShardProgress report) {
        if (begin == null || report.stopCursor() == null) {
            return -1;
        }
        OptionalLong from = Cursor.of(begin).number();
        OptionalLong at = Cursor.of(report.cursor()).number();
        OptionalLong to = Cursor.of(report.stopCursor()).number();
        if (from.isEmpty() || at.isEmpty() || to.isEmpty()) {
            return -1;
        }
        return ratio(at.getAsLong() - from.getAsLong(), to.getAsLong() - from.getAsLong());
    }

    /**
     * Negative if it is not known.
     *
     * @param caughtUp the time of a shard that has nothing more to read at present; null for its last group's
     */
    private double byTime(ShardProgress report, @Nullable Instant caughtUp) {
        StartingPosition start = tracker.start().otherwise();
        if (!(start instanceof StartingPosition.At from) || !(stop instanceof StoppingPosition.At to)) {
            return -1;
        }
        long seconds = report.receivedAtSeconds();
        if (caughtUp != null && report.cursor().equals(report.stopCursor())) {
            seconds = caughtUp.getEpochSecond();
        }
        if (seconds == 0) {
            return -1;
        }
        long begin = from.receiveTime().getEpochSecond();
        return ratio(seconds - begin, to.receiveTime().getEpochSecond() - begin);
    }

    private static double ratio(long done, long all) {
        return all <= 0 ? 1 : Math.min(1, Math.max(0, (double) done / all));
    }

    private void remember(Sample sample) {
        Sample last = samples.peekLast();
        if (last != null && sample.fraction < last.fraction) {
            // More shards were found, or some are read again: the speed before says nothing.
            samples.clear();
            last = null;
        }
        if (last == null || sample.nanos - last.nanos >= SAMPLE_EVERY.toNanos()) {
            samples.addLast(sample);
        }
        while (sample.nanos - samples.getFirst().nanos > WINDOW.toNanos() && samples.size() > 1) {
            samples.removeFirst();
        }
    }

    /** The estimated time until the end; -1 if it is not known. */
    private long secondsLeft(long now, double fraction) {
        if (stop instanceof StoppingPosition.At at) {
            Duration toStop = Duration.between(env.earliestServiceTime(), at.receiveTime());
            if (!toStop.isNegative()) {
                return toStop.toSeconds();
            }
        }
        Sample first = samples.getFirst();
        double speed = (fraction - first.fraction) / Math.max(1, now - first.nanos);
        boolean isTooEarly = now - first.nanos < SHORTEST.toNanos() || speed <= 0;
        return isTooEarly ? -1 : TimeUnit.NANOSECONDS.toSeconds((long) ((1 - fraction) / speed));
    }
}
