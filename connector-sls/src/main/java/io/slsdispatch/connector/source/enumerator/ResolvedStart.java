package io.slsdispatch.connector.source.enumerator;

import io.slsdispatch.connector.config.StartingPosition;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What the configured start has become for one source. It is part of the enumerator's state from the first checkpoint on
 * and holds for each shard of the first listing that has no cursor yet, whatever the configuration says after a restore:
 * "end" must not move to a later submission, nor the start of an unread shard to what a consumer group has reached since.
 *
 * @param position never {@link StartingPosition.End}; a {@link StartingPosition.Submission} until the service's clock is
 *     known, then a time
 * @param groupCursors what the consumer group of the position held when it was read first, by shard; null before that, and
 *     when the position is none of a group
 */
record ResolvedStart(StartingPosition position, @Nullable Map<Integer, String> groupCursors) {

    ResolvedStart {
        groupCursors = groupCursors == null ? null : Map.copyOf(groupCursors);
    }

    /** That of a source that never ran. */
    static ResolvedStart of(StartingPosition configured) {
        return new ResolvedStart(configured, null);
    }

    /**
     * That of a source whose state, of version 1, does not say what its start was: as configured, but for "end", which was
     * the moment of another submission that nobody knows any more. Everything that a shard still holds is read in its place:
     * that can repeat much, and lose nothing.
     */
    static ResolvedStart afterVersion1(StartingPosition configured) {
        return new ResolvedStart(withoutSubmission(configured, submitted -> new StartingPosition.Begin()), null);
    }

    /** Whether this depends on the moment of the submission by a clock that was not compared with the service's yet. */
    boolean needsServiceClock() {
        return position instanceof StartingPosition.Submission
                || (position instanceof StartingPosition.Committed group
                        && group.otherwise() instanceof StartingPosition.Submission);
    }

    /** The same with the moment of the submission by the service's clock. */
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

    /** The consumer group that must be read before a shard can be resolved; null when none must. */
    @Nullable
    String groupToRead() {
        return groupCursors == null && position instanceof StartingPosition.Committed group
                ? group.consumerGroup()
                : null;
    }

    ResolvedStart withGroupCursors(Map<Integer, String> cursors) {
        return new ResolvedStart(position, cursors);
    }

    /** The cursors of the consumer group, none when there is no such group. */
    Map<Integer, String> cursors() {
        return Objects.requireNonNullElse(groupCursors, Map.of());
    }

    /** Where shards begin that no consumer group knows. */
    StartingPosition otherwise() {
        return position instanceof StartingPosition.Committed group ? group.otherwise() : position;
    }
}
