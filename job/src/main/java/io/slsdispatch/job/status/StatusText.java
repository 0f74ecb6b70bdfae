package io.slsdispatch.job.status;

import io.slsdispatch.job.status.JobReport.Checkpoints;
import io.slsdispatch.job.status.JobReport.Run;
import io.slsdispatch.job.status.JobReport.Shard;
import io.slsdispatch.job.status.JobReport.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** The report on a screen of 80 columns. */
final class StatusText {

    private static final int WIDTH = 80;
    private static final int BAR = 30;
    private static final int NAME = 24;

    /** A job this far behind is not current. */
    private static final long CATCHING_UP_SECONDS = 60;

    /** Further shards and targets are summarized. */
    private static final int MOST_ROWS = 20;

    private final JobReport report;
    private final Complaints complaints;
    private final List<String> lines = new ArrayList<>();

    private StatusText(JobReport report, Complaints complaints) {
        this.report = report;
        this.complaints = complaints;
    }

    /** The lines of the report. */
    static List<String> of(JobReport report, Complaints complaints) {
        StatusText text = new StatusText(report, complaints);
        text.head();
        text.run();
        text.complaints("WRONG", complaints.wrong());
        text.complaints("NOTE", complaints.notes());
        text.shards();
        text.targets();
        return text.lines;
    }

    private void line(String text) {
        lines.add(text.stripTrailing());
    }

    private void wrapped(String indent, String text) {
        Texts.wrap(text, WIDTH - indent.length()).forEach(part -> line(indent + part));
    }

    private void head() {
        String age = Texts.words(Duration.between(report.since(), report.now()));
        line(Texts.cut(report.state() + " for " + age + verdict() + "  " + report.name(), WIDTH));
        line("Job " + report.id()
                + (report.restarts().isPresent()
                        ? "  restarts " + report.restarts().getAsLong()
                        : "")
                + (report.rules().version().isPresent()
                        ? "  rules version " + report.rules().version().getAsLong()
                        : ""));
        Checkpoints checkpoints = report.checkpoints();
        if (checkpoints != null) {
            line(checkpoint(checkpoints));
        }
    }

    /** How the job is, in two or three words. */
    private String verdict() {
        long lag = report.source().lagSeconds();
        if (!report.state().equals("RUNNING")) {
            return report.state().equals("FINISHED") ? ", all delivered" : "";
        }
        if (!complaints.isWell()) {
            return report.isStarting() && complaints.wrong().size() == 1 ? ", starting" : ", something is wrong";
        }
        if (report.source().run() != null) {
            return ", bounded run";
        }
        return lag > CATCHING_UP_SECONDS ? ", catching up" : ", running well";
    }

    private String checkpoint(Checkpoints checkpoints) {
        Checkpoints.Completed last = checkpoints.last();
        String text = last == null
                ? "Checkpoint: none completed yet"
                : "Checkpoint " + last.id() + ": "
                        + Texts.words(Duration.between(last.at(), report.now())) + " ago, took "
                        + Texts.precise(last.took().toMillis());
        return checkpoints.running() == null
                ? text
                : text + "; the next one is in progress for "
                        + Texts.words(Duration.between(checkpoints.running(), report.now()));
    }

    private void run() {
        Run run = report.source().run();
        if (run == null || !report.state().equals("RUNNING")) {
            return;
        }
        String filled = Texts.bar(run.percent(), 100, BAR);
        Duration left = run.left();
        line(String.format(
                Locale.ROOT,
                "Bounded run [%s%s] %.1f %%, %s",
                filled,
                ".".repeat(BAR - filled.length()),
                run.percent(),
                left == null ? "time left not known yet" : "about " + Texts.words(left) + " left"));
    }

    private void complaints(String title, List<Complaint> all) {
        if (all.isEmpty()) {
            return;
        }
        line("");
        line(title);
        for (Complaint complaint : all) {
            wrapped("  ", complaint.subject() + ": " + complaint.what());
            if (!complaint.when().isEmpty()) {
                wrapped("      ", complaint.when());
            }
            if (!complaint.hint().isEmpty()) {
                wrapped("      ", complaint.hint());
            }
        }
    }

    private void shards() {
        List<Shard> shards = report.source().shards();
        if (shards.isEmpty()) {
            return;
        }
        long longest = report.source().lagSeconds();
        line("");
        line(String.format(Locale.ROOT, "%-8s %-12s %9s %8s", "SHARD", "LAG", "THROTTLED", "ERRORS"));
        List<Shard> shown = shards.stream()
                .sorted(Comparator.comparingLong(Shard::lagSeconds).reversed())
                .limit(MOST_ROWS)
                .toList();
        for (Shard shard : shards) {
            if (shown.contains(shard)) {
                line(String.format(
                        Locale.ROOT,
                        "%-8s %-12s %9d %8d  %s",
                        shard.name(),
                        Texts.words(Duration.ofSeconds(shard.lagSeconds())),
                        shard.throttles(),
                        shard.errors(),
                        Texts.bar((double) shard.lagSeconds(), (double) longest, BAR)));
            }
        }
        if (shards.size() > MOST_ROWS) {
            line("... and " + (shards.size() - MOST_ROWS) + " more with a shorter lag");
        }
    }

    private void targets() {
        List<Target> targets = report.targets();
        if (targets.isEmpty() || report.state().equals("FINISHED")) {
            return;
        }
        line("");
        line(String.format(
                Locale.ROOT,
                "%-24s %-10s %8s %10s %12s %9s",
                "TARGET",
                "STATE",
                "MB/S",
                "RETRIES",
                "DEAD LETTERS",
                "DROPPED"));
        targets.stream()
                .sorted(Comparator.comparing((Target target) -> target.status().orElse(0) == 0))
                .limit(MOST_ROWS)
                .forEach(this::target);
        if (targets.size() > MOST_ROWS) {
            line("... and " + (targets.size() - MOST_ROWS) + " more");
        }
    }

    private void target(Target target) {
        String rate = target.bytesPerSecond().isPresent()
                ? String.format(Locale.ROOT, "%.2f", target.bytesPerSecond().getAsDouble() / 1_000_000)
                : "?";
        line(String.format(
                Locale.ROOT,
                "%-24s %-10s %8s %10d %12d %9d",
                Texts.cut(target.name(), NAME),
                target.status().isPresent() ? Hints.state(target.status().getAsLong()) : "?",
                rate,
                target.retries(),
                target.deadLettered(),
                target.dropped()));
    }
}
