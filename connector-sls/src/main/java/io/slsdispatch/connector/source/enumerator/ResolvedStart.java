package io.slsdispatch.connector.source.enumerator;

import io.slsdispatch.connector.config.StartingPosition;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Resolved start: the result of the configured start for one source. It is part of the enumerator's state from the
 * first checkpoint on and applies to each shard of the first listing that has no cursor yet, whatever the configuration
 * says after a restore. So "end" does not move to a later submission, nor the start of an unread shard to a cursor that
 * a consumer group has reached since.
 *
 * @param position never {@link StartingPosition.End}; a {@link StartingPosition.Submission} until the service's clock
 *     is known, then a time
 * @param groupCursors the cursors of the consumer group when it was first read, by shard; null before that, and if the
 *     position is not a consumer group
 */
record ResolvedStart(StartingPosition position, @Nullable Map<Integer, String> groupCursors) {

    ResolvedStart {
        groupCursors = groupCursors == null ? null : Map.copyOf(groupCursors);
    }

    /** Returns the start of a source without state. */
    static ResolvedStart of(StartingPosition configured) {
        return new ResolvedStart(resolved(configured), null);
    }

    /** Returns the part of a configured start that state contains: whether a group must exist is not in it. */
    static StartingPosition resolved(StartingPosition configured) {
        return configured instanceof StartingPosition.Committed group
                ? new StartingPosition.Committed(group.consumerGroup(), group.otherwise())
                : configured;
    }

    /**
     * Returns the start of a source with state of version 1, which does not contain it: the configured start, except
     * for "end", which was the time of an earlier submission and is no longer known. Instead of "end", everything that
     * a shard still holds is read: that can repeat much, but loses nothing.
     */
    static ResolvedStart afterVersion1(StartingPosition configured) {
        return new ResolvedStart(
                withoutSubmission(resolved(configured), submitted -> new StartingPosition.Begin()), null);
    }

    /** Returns whether this start depends on a submission time that is not converted to the service's clock yet. */
    boolean needsServiceClock() {
        return position instanceof StartingPosition.Submission
                || (position instanceof StartingPosition.Committed group
                        && group.otherwise() instanceof StartingPosition.Submission);
    }

    /** Returns this start with the submission time converted to the service's clock. */
    ResolvedStart byServiceClock(UnaryOperator<Instant> toServiceClock) {
        return new ResolvedStart(
                withoutSubmission(
                        position, submitted -> new StartingPosition.At(toServiceClock.apply(submitted.submitted()))),
                groupCursors);
    }

    @FunctionalInterface
    private interface Replacement {
        StartingPosition of(StartingPosition.Submission submission);
    }

    private static StartingPosition withoutSubmission(StartingPosition position, Replacement replacement) {
        if (position instanceof StartingPosition.Submission submission) {
            return replacement.of(submission);
        }
        return position instanceof StartingPosition.Committed group
                ? new StartingPosition.Committed(
                        group.consumerGroup(), withoutSubmission(group.otherwise(), replacement))
                : position;
    }

    /** Returns the consumer group that must be read before a shard can be resolved; null if none. */
    @Nullable
    String groupToRead() {
        return groupCursors == null && position instanceof StartingPosition.Committed group
                ? group.consumerGroup()
                : null;
    }

    ResolvedStart withGroupCursors(Map<Integer, String> cursors) {
        return new ResolvedStart(position, cursors);
    }

    /** Returns the cursors of the consumer group, empty if there is no such group. */
    Map<Integer, String> cursors() {
        return Objects.requireNonNullElse(groupCursors, Map.of());
    }

    /** Returns the start of shards that are not in the consumer group. */
    StartingPosition otherwise() {
        return position instanceof StartingPosition.Committed group ? group.otherwise() : position;
    }
}
