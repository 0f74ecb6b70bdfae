package io.slsdispatch.connector.source.enumerator;

import io.slsdispatch.connector.config.SourceConfig;
import io.slsdispatch.connector.config.StartingPosition;
import io.slsdispatch.connector.model.Cursor;
import io.slsdispatch.connector.task.FlinkTasks;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that somebody still commits to the consumer group that this job took its start from: the consumers that it
 * took over from still run, and everything is delivered twice. This job never commits to that group, so any change in
 * it is somebody else's. A group that the job also commits its own progress to is left to its readers, who know what is
 * theirs. Reading does not depend on it, so no failure here ends the job.
 */
final class StartGroupMonitor {

    private static final Logger LOG = LoggerFactory.getLogger(StartGroupMonitor.class);

    /** Seldom, as it costs a request. */
    private static final Duration BETWEEN_LOOKS = Duration.ofMinutes(1);

    private final EnumeratorEnvironment env;
    private final StartingPosition start;

    /** What the group held when it was looked at last. */
    private @Nullable Map<Integer, String> before;

    private boolean seen;

    /**
     * @param start what the start became
     */
    StartGroupMonitor(EnumeratorEnvironment env, StartingPosition start) {
        this.env = env;
        this.start = start;
    }

    /** Begins, if there is such a group. Coordinator thread; requests are made on the worker's. */
    void start() {
        SourceConfig config = env.config();
        if (start instanceof StartingPosition.Committed committed
                && !committed.consumerGroup().equals(config.consumerGroup())) {
            String group = committed.consumerGroup();
            FlinkTasks.callAsync(
                    env.context(),
                    () -> env.client().consumerGroupCursors(config.logstore(), group),
                    (cursors, error) -> looked(group, cursors, error),
                    Duration.ZERO,
                    BETWEEN_LOOKS);
        }
    }

    private void looked(String group, @Nullable Map<Integer, String> cursors, @Nullable Throwable error) {
        if (cursors == null) {
            // It may have been deleted, as it is of no more use.
            LOG.debug(
                    "Consumer group '{}' of {} cannot be looked at",
                    group,
                    env.config().logstore(),
                    error);
            return;
        }
        Map<Integer, String> last = before == null ? cursors : before;
        before = cursors;
        List<Integer> moved = cursors.entrySet().stream()
                .filter(cursor -> !Cursor.same(cursor.getValue(), last.getOrDefault(cursor.getKey(), "")))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
        env.metrics().startGroupCommits(moved.size());
        if (!moved.isEmpty() && !seen) {
            LOG.warn(
                    "Somebody still commits to consumer group '{}' of {}, which this job took its start from: shards {} have"
                            + " moved. What its consumers deliver, this job delivers, too. Stop them",
                    group,
                    env.config().logstore(),
                    moved);
        }
        seen = !moved.isEmpty();
    }
}
