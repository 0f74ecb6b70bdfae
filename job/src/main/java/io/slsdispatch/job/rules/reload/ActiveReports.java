package io.slsdispatch.job.rules.reload;

import io.slsdispatch.job.rules.reload.RulesEvent.Active;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which rules each subtask has reported as active. Each change and each question takes the same time, whatever the
 * number of subtasks: all of them report at the start and after each change of the rules.
 */
final class ActiveReports {

    private final @Nullable Active[] reports;

    /** How many subtasks have reported each version of the rules. */
    private final Map<Rules, Integer> subtasks = new HashMap<>();

    private int reported;
    private int sinceStart;

    private record Rules(long version, String fingerprint) {

        static Rules of(Active report) {
            return new Rules(report.version(), report.fingerprint());
        }
    }

    ActiveReports(int parallelism) {
        reports = new Active[parallelism];
    }

    /** Records the report of a subtask in place of its earlier one; null if that is no longer valid. */
    void set(int subtask, @Nullable Active report) {
        count(reports[subtask], -1);
        count(report, 1);
        reports[subtask] = report;
    }

    private void count(@Nullable Active report, int change) {
        if (report == null) {
            return;
        }
        reported += change;
        sinceStart += report.sinceStart() ? change : 0;
        subtasks.merge(Rules.of(report), change, (before, more) -> before + more == 0 ? null : before + more);
    }

    /** Forgets the reports of other versions than this. */
    void keepOnly(long version) {
        for (int subtask = 0; subtask < reports.length; subtask++) {
            Active report = reports[subtask];
            if (report != null && report.version() != version) {
                set(subtask, null);
            }
        }
    }

    boolean areComplete() {
        return reported == reports.length;
    }

    /** Whether all reports are the first of their subtasks. */
    boolean areAllSinceStart() {
        return sinceStart == reports.length;
    }

    /** Whether all reports are of the same rules. */
    boolean agree() {
        return subtasks.size() <= 1;
    }

    /** The report of the first subtask. */
    @Nullable
    Active first() {
        return reports.length == 0 ? null : reports[0];
    }

    @Override
    public String toString() {
        return Arrays.toString(reports);
    }
}
