package io.slsdispatch.connector.source.enumerator;

import io.slsdispatch.connector.config.StoppingPosition;
import io.slsdispatch.connector.model.Shard;
import io.slsdispatch.connector.source.enumerator.EnumeratorState.StopNowCutoff;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.flink.util.FlinkRuntimeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows when a bounded run has seen every shard that belongs to it. How old an answer to ListShards may be is documented
 * nowhere: a listing that is whole may lack the children of a split that happened just before it. So one listing ends no
 * run, but for a margin ({@link io.slsdispatch.connector.config.DiscoveryConfig#margin}):
 *
 * <ul>
 *   <li>A run with a stop time needs a listing that was asked for the margin after the stop, by the service's clock. A stop
 *       that is long past costs no waiting.
 *   <li>A run that stops "now" needs a second listing, the margin after the first. Of the shards that only the second shows
 *       those belong to the run that are not younger than it ({@link StopNowCutoff}).
 * </ul>
 *
 * <p>In that listing the shards that take writes must cover the keys of each one that does not: else its children are
 * missing, and it is asked for again, until it has not been whole for as long as listings may fail.
 *
 * <p>Coordinator thread.
 */
final class BoundedRunCompletion {

    private static final Logger LOG = LoggerFactory.getLogger(BoundedRunCompletion.class);

    private final EnumeratorEnvironment env;
    private final ShardTracker tracker;
    private final StoppingPosition stop;
    private final Duration margin;

    /** When the first listing of a run that stops "now" came, or that run was restored after it; null before that. */
    private @Nullable Long firstListing;

    /** Whether a listing came that ends a run with a stop time. */
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

    /** Whether no shard can appear any more that belongs to the run; never true for a run without a stop. */
    boolean hasSeenAll() {
        return seenAll || tracker.isComplete();
    }

    /** True once, when the listing that can end the run need not wait any more. */
    boolean takesFinalListing() {
        boolean due =
                !askedForLast && !hasSeenAll() && isLateEnough(env.nanoTime().getAsLong());
        askedForLast |= due;
        return due;
    }

    /**
     * Takes a listing that is believed, after the tracker.
     *
     * @param askedAt when it was asked for
     * @return false when it should have ended the run and lacks shards, so that it is to be asked for again soon
     * @throws FlinkRuntimeException when that has lasted too long
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
                "All shards of {} that belong to a run that stops at {} are known",
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
                + " as split or merged, but not all of the shards that these became. A run that stops cannot end without"
                + " them";
        if (age.compareTo(env.config().discovery().failureAgeLimit()) > 0) {
            throw new FlinkRuntimeException(what + ", and that for " + age.toSeconds() + " s, longer than the limit of "
                    + env.config().discovery().failureAgeLimit().toSeconds()
                    + " s (discovery failure age limit). Look at the shards of the logstore in the service's console; to"
                    + " go on waiting, restore the last checkpoint.");
        }
        LOG.warn("{}. It is asked for again", what);
    }
}
