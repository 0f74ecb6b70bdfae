package io.slsdispatch.connector.source.enumerator;

import io.slsdispatch.connector.client.ErrorHints;
import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.config.Durations;
import io.slsdispatch.connector.config.ExpiredCursorPolicy;
import io.slsdispatch.connector.config.SourceConfig;
import io.slsdispatch.connector.metrics.Problem;
import io.slsdispatch.connector.model.Shard;
import io.slsdispatch.connector.source.split.ShardSplit;
import io.slsdispatch.connector.task.FlinkTasks;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.util.FlinkRuntimeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Periodic discovery of shards and their starts, for the {@link ShardTracker}. Each round sends one ListShards request,
 * and one or two cursor look-ups per new shard. A failed request is retried and does not delay the discovery of other
 * shards; only a persistent failure fails the job.
 *
 * <p>Coordinator thread; requests run on the worker thread.
 */
final class ShardDiscovery {

    private static final Logger LOG = LoggerFactory.getLogger(ShardDiscovery.class);

    /** Maximum interval of checks whether a listing is due; short compared with any sensible discovery interval. */
    private static final Duration LONGEST_TICK = Duration.ofSeconds(1);

    /** Number of starts per call of the worker, so that shards are assigned while others are still looked up. */
    private static final int STARTS_PER_CALL = 32;

    /** Number of listings that must lack a shard before the error that it does not exist is accepted. */
    private static final int MISSING_LISTINGS = 2;

    private final EnumeratorEnvironment env;
    private final SplitEnumeratorContext<ShardSplit> context;
    private final SourceConfig config;
    private final ShardTracker tracker;
    private final DiscoverySchedule schedule;
    private final StartResolver starts;
    private final BoundedRunCompletion run;
    private final ListingValidator listingCheck = new ListingValidator();
    private final long madeAt;

    /** Shards whose start could not be looked up, with the time of the first failure. */
    private final Map<Integer, Long> failingSince = new HashMap<>();

    private final Set<Integer> failedThisRound = new HashSet<>();

    /** Assigned shards whose logstore was found to be recreated. */
    private final Set<Integer> recreated = new HashSet<>();

    private Consumer<List<Integer>> listener = becameReadOnly -> {};
    private boolean listing;
    private boolean resolving;

    ShardDiscovery(EnumeratorEnvironment env, ShardTracker tracker) {
        this.env = env;
        this.context = env.context();
        this.config = env.config();
        this.tracker = tracker;
        this.schedule = new DiscoverySchedule(
                config.discovery(), config.retries(), env.nanoTime(), RandomGenerator.getDefault());
        this.starts = new StartResolver(env.client(), config);
        this.run = new BoundedRunCompletion(env, tracker);
        this.madeAt = env.nanoTime().getAsLong();
    }

    /**
     * Starts discovery; the first listing starts at once.
     *
     * @param onChange called after each listing and each look-up of starts, with the shards that became read-only
     */
    void start(Consumer<List<Integer>> onChange) {
        listener = onChange;
        Duration tick = config.discovery().interval().dividedBy(10);
        Duration period = Duration.ofMillis(Math.max(1, Math.min(tick.toMillis(), LONGEST_TICK.toMillis())));
        FlinkTasks.callAsync(context, () -> tick, (ignored, error) -> listWhenDue(), Duration.ZERO, period);
    }

    /** Returns whether all shards of a bounded run are known, so that no more can appear. */
    boolean hasSeenAll() {
        return run.hasSeenAll();
    }

    private void listWhenDue() {
        if (run.takesFinalListing()) {
            schedule.now();
        }
        if (listing || !schedule.isDue() || isDone()) {
            return;
        }
        listing = true;
        long askedAt = env.nanoTime().getAsLong();
        FlinkTasks.callAsync(context, () -> env.client().listShards(config.logstore()), (shards, error) -> {
            listing = false;
            if (shards == null) {
                listingFailed(Objects.requireNonNull(error));
            } else if (shards.isEmpty()) {
                listingFailed(noShards());
            } else {
                listed(shards, askedAt);
            }
        });
    }

    /** Returns whether further listings are unnecessary. */
    private boolean isDone() {
        return run.hasSeenAll() && tracker.allResolved() && (tracker.isComplete() || tracker.allFinished());
    }

    /** Returns the exception for an empty listing: a logstore always has at least one shard. */
    private SlsException noShards() {
        return new SlsException(
                ErrorKind.UNAVAILABLE,
                "ListShards",
                config.logstore().toString(),
                200,
                "",
                "",
                "the response contains no shards",
                null);
    }

    private void listed(List<Shard> answer, long askedAt) {
        int highestKnown = tracker.highestId();
        Optional<List<Shard>> believed = listingCheck.believe(answer, highestKnown);
        if (believed.isEmpty()) {
            LOG.info(
                    "The listing of {} with {} shards may be incomplete; listing again",
                    config.logstore(),
                    answer.size());
            // Nothing is read until the first listing is accepted, so it is retried soon; a later one can wait.
            schedule.in(
                    tracker.initialDiscoveryDone()
                            ? config.retries().maxBackoff()
                            : config.retries().initialBackoff());
            return;
        }
        List<Shard> shards = believed.get();
        schedule.succeeded();
        env.metrics().discovered();
        if (tracker.initialDiscoveryDone() && !tracker.isComplete()) {
            cameAndWent(ListingValidator.leftOut(shards, highestKnown));
        }
        startByServiceClock();
        ShardTracker.Listed news = tracker.merge(shards, env.latestServiceTime().getEpochSecond());
        news.discovered().forEach(shard -> LOG.info("Discovered in {}: {}", config.logstore(), shard));
        news.recreated().forEach(this::takeRecreated);
        if (!run.listed(shards, askedAt)) {
            schedule.in(config.retries().maxBackoff());
        }
        failedThisRound.clear();
        resolveStarts();
        listener.accept(news.becameReadOnly());
    }

    /**
     * Converts the start to the service's clock, which defines receive times. If the clock of the submitting machine
     * was ahead, groups that arrived after the submission would be skipped.
     */
    private void startByServiceClock() {
        if (!tracker.start().needsServiceClock()) {
            return;
        }
        Instant there = env.earliestServiceTime();
        Duration ahead = Duration.between(there, env.clock().instant());
        // The submission was before this object was created, whatever clock recorded it.
        Instant latest = there.minusNanos(env.nanoTime().getAsLong() - madeAt);
        tracker.start(tracker.start().byServiceClock(submitted -> {
            Instant moved = ahead.isNegative() ? submitted : submitted.minus(ahead);
            Instant start = moved.isBefore(latest) ? moved : latest;
            LOG.info(
                    "Reading {} from receive time {} on (service clock); the job was submitted at {} (clock of the"
                            + " submitting machine){}",
                    config.logstore(),
                    start,
                    submitted,
                    env.client().serviceTime().isPresent() ? "" : ". The service's responses do not contain its time");
            return start;
        }));
    }

    private void listingFailed(Throwable error) {
        String what = "Listing the shards of " + config.logstore();
        env.metrics().discoveryFailed();
        schedule.failed();
        env.warn("listing", what, error, failWhenOverdue(what, error, schedule.age()));
    }

    private void resolveStarts() {
        List<TrackedShard> next = tracker.unresolved()
                .filter(shard -> !failedThisRound.contains(shard.id()))
                .limit(STARTS_PER_CALL)
                .toList();
        if (resolving || next.isEmpty()) {
            return;
        }
        resolving = true;
        List<Shard> all = tracker.unfinished().stream().map(TrackedShard::shard).toList();
        ResolvedStart start = tracker.start();
        FlinkTasks.callAsync(context, () -> starts.resolve(start, next, all), (found, error) -> {
            resolving = false;
            if (found != null) {
                tracker.start(found.start());
                env.metrics().startGroupMissing(starts.isGroupMissing());
            }
            for (TrackedShard shard : next) {
                if (found != null) {
                    resolved(shard.id(), found.answers().get(shard.id()));
                } else {
                    lookUpFailed(shard.id(), Objects.requireNonNull(error));
                }
            }
            resolveStarts();
            listener.accept(List.of());
        });
    }

    private void resolved(int shard, StartResolver.@Nullable Answer answer) {
        if (answer instanceof StartResolver.Answer.Found found) {
            failingSince.remove(shard);
            tracker.resolve(shard, found.start(), found.stopCursor());
        } else if (answer instanceof StartResolver.Answer.Failed failed) {
            lookUpFailed(shard, failed.error());
        }
    }

    private void lookUpFailed(int shard, Throwable error) {
        String what = "Looking up the start of shard " + shard + " of " + config.logstore();
        boolean gone = error instanceof SlsException refused
                && refused.kind() == ErrorKind.SHARD_NOT_FOUND
                && tracker.timesMissing(shard) >= MISSING_LISTINGS;
        if (gone) {
            acceptGap(
                    "Shard " + shard + " of " + config.logstore()
                            + " disappeared before any of its groups were read: they have expired.",
                    error);
            env.metrics().shardExpired();
            failingSince.remove(shard);
            tracker.giveUp(shard);
            return;
        }
        env.metrics().discoveryFailed();
        failedThisRound.add(shard);
        long since = failingSince.computeIfAbsent(shard, id -> env.nanoTime().getAsLong());
        env.warn(
                "starts",
                what,
                error,
                failWhenOverdue(what, error, Duration.ofNanos(env.nanoTime().getAsLong() - since)));
    }

    /** Fails the job if a request has failed for too long; otherwise returns how long it is still retried. */
    private Duration failWhenOverdue(String what, Throwable error, Duration age) {
        if (error instanceof StartResolver.MissingStartGroupException refusal) {
            throw refusal;
        }
        if (!(error instanceof SlsException refused)) {
            throw new FlinkRuntimeException(what + " failed", error);
        }
        boolean needsHelp = refused.kind() == ErrorKind.UNAUTHORIZED || refused.kind() == ErrorKind.NOT_FOUND;
        Duration limit =
                needsHelp ? config.retries().grace() : config.discovery().failureAgeLimit();
        env.metrics()
                .problem()
                .failed(
                        needsHelp ? Problem.Kind.DENIED : Problem.Kind.UNAVAILABLE,
                        String.valueOf(refused.getMessage()),
                        schedule.untilNext(),
                        limit.minus(age));
        if (age.compareTo(limit) > 0) {
            throw new FlinkRuntimeException(
                    what + " has failed for " + Durations.measured(age) + ", longer than the limit of "
                            + Durations.text(limit) + " that "
                            + (needsHelp
                                    ? "retry.grace (in code: retries(grace))"
                                    : "discovery.failure-age-limit (in code: discovery(failureAgeLimit))")
                            + " sets. " + ErrorHints.of(refused) + ": " + error.getMessage(),
                    error);
        }
        return limit.minus(age);
    }

    /**
     * Handles shards that were created and have disappeared since the last listing: the job was down, or could not
     * list, for longer than the retention. Shards that disappeared before the first listing do not matter.
     */
    private void cameAndWent(List<Integer> shards) {
        if (shards.isEmpty()) {
            return;
        }
        acceptGap(
                "Shards " + shards + " of " + config.logstore() + " disappeared before any of their groups were"
                        + " read: splits or merges created them after the last listing, and their groups have expired.",
                null);
        shards.forEach(shard -> env.metrics().shardExpired());
    }

    private void takeRecreated(Shard shard) {
        TrackedShard known = tracker.find(shard.id());
        boolean isRead = known != null && known.assigned();
        if (isRead && !recreated.add(shard.id())) {
            return;
        }
        String before = known == null
                ? "was read to its end"
                : "was created at " + Instant.ofEpochSecond(known.shard().createdAtSeconds());
        String what = "Logstore " + config.logstore() + " was deleted and recreated: shard " + shard.id() + " "
                + before + ", and the current shard with this id was created at "
                + Instant.ofEpochSecond(shard.createdAtSeconds())
                + ". Unread groups of the deleted logstore are lost.";
        if (config.onExpiredCursor() == ExpiredCursorPolicy.FAIL) {
            throw new FlinkRuntimeException(what + " Start the job without its state to read the new logstore, or set"
                    + " on-expired-cursor to 'earliest' (in code: onExpiredCursor(EARLIEST)) to continue with it"
                    + " (counted in dataGaps).");
        }
        LOG.warn("{} Continuing with the new logstore, as on-expired-cursor (in code: onExpiredCursor) allows", what);
        // The reader of the shard counts the gap when the service refuses its cursor.
        if (!isRead) {
            env.metrics().dataGap();
            tracker.takeRecreated(shard);
        }
    }

    private void acceptGap(String what, @Nullable Throwable cause) {
        if (config.onExpiredCursor() == ExpiredCursorPolicy.FAIL) {
            throw new FlinkRuntimeException(
                    what + " Restore a newer savepoint, or set on-expired-cursor to 'earliest' (in code:"
                            + " onExpiredCursor(EARLIEST)) to continue without them (counted in dataGaps).",
                    cause);
        }
        env.metrics().dataGap();
        LOG.warn(
                "{} Continuing, as on-expired-cursor (in code: onExpiredCursor) allows{}",
                what,
                cause == null ? "" : ". " + cause.getMessage());
    }
}
