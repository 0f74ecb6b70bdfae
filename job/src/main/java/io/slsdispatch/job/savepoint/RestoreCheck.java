package io.slsdispatch.job.savepoint;

import io.slsdispatch.job.config.JobConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Check whether a savepoint taken with one configuration can be restored with another.
 *
 * @param obstacles reasons against a restore; empty when it is possible
 * @param notes differences after a restore that do not prevent it
 */
public record RestoreCheck(List<String> obstacles, List<String> notes) {

    public static RestoreCheck between(JobConfig before, JobConfig after, TargetChanges targets) {
        RestoreCheck check = new RestoreCheck(new ArrayList<>(), new ArrayList<>());
        check.compareSources(before, after);
        check.compareExecution(before, after);
        check.compareReading(before, after);
        for (TargetChanges.Pair pair : targets.changed()) {
            if (!pair.isSameLogstore()) {
                check.notes.add("Target " + pair.after().name()
                        + " now has another logstore. Groups before the savepoint are in"
                        + " the old logstore; groups after it go to the new one.");
            }
        }
        return check;
    }

    private void compareSources(JobConfig before, JobConfig after) {
        if (!before.source().config().logstore().equals(after.source().config().logstore())) {
            obstacles.add("The source logstore changed: "
                    + before.source().config().logstore() + " changed to "
                    + after.source().config().logstore()
                    + ". The cursors in the savepoint belong to the old logstore. Start without the savepoint.");
        } else if (!before.source()
                .connection()
                .endpoint()
                .equals(after.source().connection().endpoint())) {
            notes.add("The source's endpoint changed. This works if both endpoints reach the same region; in another"
                    + " region it is another logstore, and the cursors are not valid there.");
        }
    }

    private void compareExecution(JobConfig before, JobConfig after) {
        int oldMax = before.execution().maxParallelism();
        int newMax = after.execution().maxParallelism();
        if (oldMax != newMax) {
            obstacles.add("'max-parallelism' changed from " + oldMax + " to " + newMax
                    + ". A savepoint contains it. Restore the old value, or start without the savepoint.");
        }
        if (before.execution().lanes() != after.execution().lanes()) {
            notes.add(
                    "'dispatch.lanes' changed: restore from a savepoint, which is always aligned, not from an unaligned"
                            + " retained checkpoint.");
        }
    }

    private void compareReading(JobConfig before, JobConfig after) {
        if (!before.source().start().equals(after.source().start())) {
            notes.add("'start' changed: it applies only to shards that are not in the savepoint.");
        }
        if (!before.source().config().stop().equals(after.source().config().stop())) {
            notes.add("'stop' changed: the new value applies after the restore.");
        }
        if (!Objects.equals(group(before), group(after))) {
            notes.add("'consumer-group' changed from " + words(group(before)) + " to " + words(group(after))
                    + ": after the restore, progress is saved in the new group; update alarms on the old one.");
        }
    }

    private static @Nullable String group(JobConfig config) {
        return config.source().config().consumerGroup();
    }

    private static String words(@Nullable String group) {
        return group == null ? "none" : "'" + group + "'";
    }

    public boolean works() {
        return obstacles.isEmpty();
    }
}
