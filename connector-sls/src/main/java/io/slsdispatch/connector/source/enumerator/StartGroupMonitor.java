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
 * Detects that another consumer still commits to the consumer group that this job took its start from: the consumers
 * that the job replaces are still running, and everything is delivered twice. This job never commits to that group, so
 * any change in it comes from another consumer. If the job commits its own progress to the same group, its readers
 * detect that, because they know their own commits. Reading does not depend on it, so a failure here does not fail the
 * job.
 */
final class StartGroupMonitor {

    private static final Logger LOG = LoggerFactory.getLogger(StartGroupMonitor.class);

    /** Infrequent, because each check costs a request. */
    private static final Duration BETWEEN_LOOKS = Duration.ofMinutes(1);

    private final EnumeratorEnvironment env;
    private final StartingPosition start;

    /** The cursors of the group at the last check. */
    private @Nullable Map<Integer, String> before;

    private boolean seen;

    /** @param start the position of the resolved start */
    StartGroupMonitor(EnumeratorEnvironment env, StartingPosition start) {
        this.env = env;
        this.start = start;
    }

    /** Starts monitoring, if there is such a group. Coordinator thread; requests run on the worker thread. */
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
            // The group may have been deleted, because it is no longer needed.
            LOG.debug(
                    "Consumer group '{}' of {} cannot be read",
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
                    "Another consumer still commits to consumer group '{}' of {}, from which this job took its start:"
                            + " the cursors of shards {} have moved. Log groups are delivered twice, by the consumers"
                            + " of this group and by this job. Stop these consumers",
                    group,
                    env.config().logstore(),
                    moved);
        }
        seen = !moved.isEmpty();
    }
}
