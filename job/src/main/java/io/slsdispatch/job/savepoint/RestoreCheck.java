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
                check.notes.add(
                        "Target " + pair.after().name() + " is another logstore now. Groups before the savepoint are in"
                                + " the old one, those after it go to the new one.");
            }
        }
        return check;
    }

    private void compareSources(JobConfig before, JobConfig after) {
        if (!before.source().config().logstore().equals(after.source().config().logstore())) {
            obstacles.add("The source is another logstore: "
                    + before.source().config().logstore() + " became "
                    + after.source().config().logstore()
                    + ". The cursors in the savepoint belong to the old one. Start the new one without it.");
        } else if (!before.source()
                .connection()
                .endpoint()
                .equals(after.source().connection().endpoint())) {
            notes.add(
                    "The source's endpoint changed. That is right when it is another way to the same region; in another"
                            + " region it is another logstore, whose cursors do not fit.");
        }
    }

    private void compareExecution(JobConfig before, JobConfig after) {
        int oldMax = before.execution().maxParallelism();
        int newMax = after.execution().maxParallelism();
        if (oldMax != newMax) {
            obstacles.add("'max-parallelism' changed from " + oldMax + " to " + newMax
                    + ". A savepoint keeps it. Set it back, or start without the savepoint.");
        }
        if (before.execution().lanes() != after.execution().lanes()) {
            notes.add(
                    "'dispatch.lanes' changed: restore a savepoint, which is always aligned, and no retained checkpoint"
                            + " that is not.");
        }
    }

    private void compareReading(JobConfig before, JobConfig after) {
        if (!before.source().start().equals(after.source().start())) {
            notes.add("'start' changed: it does not count for shards that the savepoint knows.");
        }
        if (!before.source().config().stop().equals(after.source().config().stop())) {
            notes.add("'stop' changed: it holds from the restore on.");
        }
        if (!Objects.equals(group(before), group(after))) {
            notes.add(
                    "'consumer-group' changed from " + words(group(before)) + " to " + words(group(after))
                            + ": from the restore on, the service shows the progress there, so alarms on the old one must follow.");
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
