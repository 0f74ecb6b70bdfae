package io.slsdispatch.job.preview;

import io.slsdispatch.connector.client.CursorOrigin;
import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.PullRequest;
import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.client.SlsFutures;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.PulledBatch;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.model.Shard;
import io.slsdispatch.connector.wire.LogGroupListWalker;
import io.slsdispatch.connector.wire.LogGroupScanner;
import io.slsdispatch.connector.wire.MalformedLogGroupException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Reader of a bounded sample of a logstore. It lists the shards, then pulls from each in turn, so that every shard has a
 * part in the sample whatever ends it. It stores nothing in the service. One thread.
 */
public final class SourceSampler {

    /** Answers in memory at once; each is at most what one pull returns. */
    private static final int AT_A_TIME = 4;

    /** A shard that is being read. */
    private static final class Reading {

        private final int shard;
        private String cursor;
        private long groups;
        private long bytes;
        private int pulls;
        private long lastReceived;
        private boolean endReached;

        Reading(int shard, String cursor) {
            this.shard = shard;
            this.cursor = cursor;
        }
    }

    private record Asked(Reading reading, CompletableFuture<PulledBatch> answer) {}

    private final SlsClient client;
    private final LogstoreId logstore;
    private final SampleLimits limits;
    private final LongSupplier nanoTime;
    private final LogGroupListWalker groups = new LogGroupListWalker();
    private final LogGroupScanner scanner = new LogGroupScanner();
    private final CountDownLatch never = new CountDownLatch(1);
    private long bytes;

    /** @param nanoTime clock for the limits of time, as {@link System#nanoTime} */
    public SourceSampler(SlsClient client, LogstoreId logstore, SampleLimits limits, LongSupplier nanoTime) {
        this.client = client;
        this.logstore = logstore;
        this.limits = limits;
        this.nanoTime = nanoTime;
    }

    /**
     * Reads the sample.
     *
     * @param since the first receive time
     * @param now the current time, when the service does not report its own
     * @param each receives each group; malformed ones are marked. The group is valid only during the call
     * @return what was read of each shard, in the order of the ids; a shard that is no longer there is left out
     */
    public List<SampledShard> read(Instant since, Instant now, Consumer<RawLogGroup> each)
            throws SlsException, InterruptedException {
        long start = nanoTime.getAsLong();
        List<Shard> shards = client.listShards(logstore).stream()
                .sorted(Comparator.comparingInt(Shard::id))
                .limit(limits.shards())
                .toList();
        Instant serviceNow = client.serviceTime().orElse(now);
        List<Reading> readings = new ArrayList<>();
        for (Shard shard : shards) {
            readings.add(new Reading(shard.id(), client.cursor(logstore, shard.id(), new CursorOrigin.At(since))));
        }
        List<Reading> left = readings;
        while (!left.isEmpty() && bytes < limits.bytes() && elapsed(start).compareTo(limits.longest()) < 0) {
            pullOnce(left, each);
            boolean follows = elapsed(start).compareTo(limits.follow()) < 0;
            left = left.stream().filter(reading -> continues(reading, follows)).toList();
            if (follows && !left.isEmpty() && left.stream().allMatch(reading -> reading.endReached)) {
                never.await(limits.pause().toMillis(), TimeUnit.MILLISECONDS);
            }
        }
        Instant end = serviceNow.plus(elapsed(start));
        return readings.stream().map(reading -> sampled(reading, since, end)).toList();
    }

    private Duration elapsed(long start) {
        return Duration.ofNanos(nanoTime.getAsLong() - start);
    }

    private boolean continues(Reading reading, boolean follows) {
        return reading.groups < limits.groupsPerShard()
                && reading.pulls < limits.pullsPerShard()
                && (!reading.endReached || follows);
    }

    /** Pulls once from each shard, until the bytes are used up. */
    private void pullOnce(List<Reading> readings, Consumer<RawLogGroup> each)
            throws SlsException, InterruptedException {
        Deque<Asked> asked = new ArrayDeque<>();
        try {
            for (Reading reading : readings) {
                if (bytes >= limits.bytes()) {
                    break;
                }
                if (asked.size() == AT_A_TIME) {
                    take(asked.remove(), each);
                }
                long wanted = Math.min(PullRequest.MAX_GROUPS, limits.groupsPerShard() - reading.groups);
                reading.pulls++;
                asked.add(new Asked(
                        reading,
                        client.pull(new PullRequest(logstore, reading.shard, reading.cursor, (int) wanted, null))));
            }
            while (!asked.isEmpty()) {
                take(asked.remove(), each);
            }
        } finally {
            asked.forEach(unneeded -> unneeded.answer.cancel(true));
        }
    }

    private void take(Asked asked, Consumer<RawLogGroup> each) throws SlsException, InterruptedException {
        Reading reading = asked.reading;
        PulledBatch batch;
        try {
            batch = SlsFutures.await(asked.answer);
        } catch (SlsException e) {
            if (e.kind() == ErrorKind.SHARD_NOT_FOUND || e.kind() == ErrorKind.CURSOR_EXPIRED) {
                // Its data expired since the shards were listed.
                reading.endReached = true;
                reading.pulls = limits.pullsPerShard();
                return;
            }
            throw e;
        }
        walk(reading, batch, each);
        bytes += batch.length();
        reading.bytes += batch.length();
        if (batch.receivedAtSeconds() > 0) {
            reading.lastReceived = batch.receivedAtSeconds();
        }
        boolean moved = !batch.nextCursor().isEmpty() && !batch.nextCursor().equals(reading.cursor);
        reading.cursor = moved ? batch.nextCursor() : reading.cursor;
        reading.endReached = batch.endOfShard() || !moved;
        batch.release().run();
    }

    private void walk(Reading reading, PulledBatch batch, Consumer<RawLogGroup> each) throws SlsException {
        try {
            groups.reset(batch.data(), batch.length());
            for (int index = 0; groups.next(); index++) {
                reading.groups++;
                each.accept(group(reading, batch, index));
            }
        } catch (MalformedLogGroupException e) {
            throw new SlsException(
                    ErrorKind.UNAVAILABLE,
                    "PullLogs",
                    logstore + " shard " + reading.shard,
                    -1,
                    "BadAnswer",
                    "",
                    "malformed response: " + e.getMessage(),
                    e);
        }
    }

    /** The group with its topic, as the job's reader finds it. */
    private RawLogGroup group(Reading reading, PulledBatch batch, int index) {
        String topic = "";
        boolean isMalformed = false;
        try {
            topic = scanner.topic(batch.data(), groups.offset(), groups.length());
        } catch (MalformedLogGroupException | RuntimeException | StackOverflowError e) {
            isMalformed = true;
        }
        RawLogGroup group = new RawLogGroup(
                batch.data(), groups.offset(), groups.length(), topic, reading.shard, reading.cursor, index);
        return isMalformed ? group.asMalformed() : group;
    }

    private static SampledShard sampled(Reading reading, Instant since, Instant end) {
        // A sample that ended before the end of the shard covers the time up to its last group.
        long last = reading.endReached || reading.lastReceived == 0 ? end.getEpochSecond() : reading.lastReceived;
        long seconds = reading.pulls == 0 ? 0 : Math.max(1, last - since.getEpochSecond());
        return new SampledShard(
                reading.shard, reading.groups, reading.bytes, reading.pulls, seconds, reading.endReached);
    }
}
