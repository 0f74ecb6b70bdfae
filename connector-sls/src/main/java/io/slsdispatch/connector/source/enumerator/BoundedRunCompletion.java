package io.slsdispatch.connector.source.enumerator;

import io.slsdispatch.connector.config.Durations;
import io.slsdispatch.connector.config.StoppingPosition;
import io.slsdispatch.connector.model.Shard;
import io.slsdispatch.connector.source.enumerator.EnumeratorState.StopNowCutoff;
import io.slsdispatch.connector.task.FailureLog;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.flink.util.FlinkRuntimeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides when all shards of a bounded run are known. No document specifies how outdated a ListShards response can be:
 * a complete listing may lack the children of a split that happened shortly before. So a single listing does not end a
 * run, unless it respects a margin ({@link io.slsdispatch.connector.config.DiscoveryConfig#margin}):
 *
 * <ul>
 *   <li>A run with a stop time needs a listing that was requested at least the margin after the stop, by the service's
 *       clock. A stop that is long past causes no wait.
 *   <li>A run that stops "now" needs a second listing, the margin after the first. A shard that only the second
 *       contains belongs to the run if it is not younger than the run ({@link StopNowCutoff}).
 * </ul>
 *
 * <p>In that listing the writable shards must cover the keys of each read-only shard. Otherwise its children are
 * missing, and the listing is requested again, until incomplete listings have lasted for the limit of failed listings.
 *
 * <p>Coordinator thread.
 */
final class BoundedRunCompletion {

    private static final Logger LOG = LoggerFactory.getLogger(BoundedRunCompletion.class);

    private final EnumeratorEnvironment env;
    private final ShardTracker tracker;
    private final StoppingPosition stop;
    private final Duration margin;

    /**
     * Arrival time of the first listing of a run that stops "now", or of its restore after that listing; null before.
     */
    private @Nullable Long firstListing;

    /** Whether the final listing of a run with a stop time has arrived. */
    private boolean seenAll;

    private boolean askedForLast;

    /** Since when listings that should end the run have lacked shards. */
    private @Nullable Long lackingSince;

    BoundedRunCompletion(EnumeratorEnvironment env, ShardTracker tracker) {
        this.env = env;
        this.tracker = tracker;
        this.stop = env.config().stop();
        this.margin = env.config().discovery().margin();
        if (tracker.isListedForRun()) {
            firstListing = env.nanoTime().getAsLong();
        }
    }

    /** Returns whether no more shards of the run can appear; always false for a run without a stop. */
    boolean hasSeenAll() {
        return seenAll || tracker.isComplete();
    }

    /** Returns true once, when the final listing of the run can be requested. */
    boolean takesFinalListing() {
        boolean due =
                !askedForLast && !hasSeenAll() && isLateEnough(env.nanoTime().getAsLong());
        askedForLast |= due;
        return due;
    }

    /**
     * Processes an accepted listing, after the tracker.
     *
     * @param askedAt when the listing was requested
     * @return false if the listing should have ended the run but lacks shards, so that it must be requested again soon
     * @throws FlinkRuntimeException if that has lasted too long
     */
    boolean listed(List<Shard> listing, long askedAt) {
        if (stop instanceof StoppingPosition.Never || hasSeenAll()) {
            return true;
        }
        if (firstListing == null) {
            firstListing = env.nanoTime().getAsLong();
        }
        if (!isLateEnough(askedAt)) {
            return true;
        }
        List<Integer> withoutChildren = ShardLineage.withoutSuccessors(
                listing.stream().map(tracker::asKnown).toList());
        if (!withoutChildren.isEmpty()) {
            lacking(withoutChildren);
            return false;
        }
        LOG.info(
                "Discovery is complete: all shards of {} for a run that stops at {} are known",
                env.config().logstore(),
                stop);
        lackingSince = null;
        if (stop instanceof StoppingPosition.Now) {
            tracker.complete();
        } else {
            seenAll = true;
        }
        return true;
    }

    private boolean isLateEnough(long askedAt) {
        long now = env.nanoTime().getAsLong();
        if (stop instanceof StoppingPosition.At at) {
            Instant asked = env.earliestServiceTime().minusNanos(now - askedAt);
            return !asked.isBefore(at.receiveTime().plus(margin));
        }
        return stop instanceof StoppingPosition.Now
                && firstListing != null
                && (margin.isZero() || askedAt - firstListing >= margin.toNanos());
    }

    private void lacking(List<Integer> withoutChildren) {
        long now = env.nanoTime().getAsLong();
        long since = lackingSince == null ? now : lackingSince;
        lackingSince = since;
        env.metrics().discoveryFailed();
        Duration age = Duration.ofNanos(now - since);
        String what = "The listing of " + env.config().logstore() + " shows shards " + withoutChildren
                + " as split or merged, but lacks some of the shards that were created from them. A run with a stop"
                + " cannot end without these";
        if (age.compareTo(env.config().discovery().failureAgeLimit()) > 0) {
            throw new FlinkRuntimeException(what + ". This has lasted for "
                    + Durations.measured(age) + ", longer than the limit of "
                    + Durations.text(env.config().discovery().failureAgeLimit())
                    + " that discovery.failure-age-limit (in code: discovery(failureAgeLimit)) sets. Check the"
                    + " shards of the logstore in the service's console; to continue waiting, restore the"
                    + " last checkpoint.");
        }
        Instant end = env.clock()
                .instant()
                .plus(env.config().discovery().failureAgeLimit().minus(age));
        env.failures().warn("incomplete listing", null, () -> what + "; " + FailureLog.retryingUntil(end));
    }
}
