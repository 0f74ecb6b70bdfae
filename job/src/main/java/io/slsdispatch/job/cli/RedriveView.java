package io.slsdispatch.job.cli;

import io.slsdispatch.connector.text.ForeignText;
import io.slsdispatch.connector.text.Secrets;
import io.slsdispatch.job.config.JobConfig.Destination;
import io.slsdispatch.job.output.Json;
import io.slsdispatch.job.output.TextTable;
import io.slsdispatch.job.redrive.DeadLetterLogstore;
import io.slsdispatch.job.redrive.Redrive;
import io.slsdispatch.job.redrive.RedriveReport;
import io.slsdispatch.job.redrive.RedriveReport.Row;
import io.slsdispatch.job.redrive.RedriveReport.Sample;
import io.slsdispatch.job.redrive.RedriveState;
import io.slsdispatch.job.redrive.Selection;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Output of a redrive, as text or JSON. */
final class RedriveView implements Redrive.Watcher {

    private static final Duration PROGRESS_EVERY = Duration.ofSeconds(5);

    /** Maximum number of items of each kind in text; the JSON lists more. */
    private static final int MOST_NAMED = 20;

    /** More than a message of the service and the names around it. */
    private static final int MAX_NAMED = 4 * ForeignText.MESSAGE;

    private final Terminal terminal;
    private final boolean json;
    private Instant nextProgress;

    RedriveView(Terminal terminal, boolean json) {
        this.terminal = terminal;
        this.json = json;
        this.nextProgress = terminal.clock().instant().plus(PROGRESS_EVERY);
    }

    /** Prints what the run will do. */
    void announce(
            Redrive.Task task,
            List<Destination> targets,
            @Nullable String to,
            @Nullable Path file,
            RedriveState state) {
        if (json) {
            return;
        }
        line("Redrive of dead letters" + (task.sends() ? "" : " (dry run: nothing is sent)"));
        task.stores()
                .forEach(store -> line("  from     " + store.logstore() + " at "
                        + store.connection().endpoint()));
        line("  filter   " + task.selection().text());
        targets.stream()
                .filter(target -> to == null || target.name().equals(to))
                .filter(target -> to != null || mayGetLetters(target, task.selection()))
                .forEach(target -> line("  to       " + target.logstoreText() + ", target " + target.name()));
        task.selection().targets().stream()
                .filter(name ->
                        targets.stream().noneMatch(target -> target.name().equals(name)))
                .forEach(name -> line("  note     the configuration has no target '" + name
                        + "'; only dead letters of a renamed or removed target can match"));
        if (file != null) {
            line("  state    " + file + ", " + (state.isNew() ? "new" : "continues from the state"));
        } else if (task.sends()) {
            line("  state    none; an interrupted run starts again from the beginning (--state FILE avoids that)");
        }
        line("");
    }

    private static boolean mayGetLetters(Destination target, Selection selection) {
        return selection.targets().isEmpty() || selection.targets().contains(target.name());
    }

    @Override
    public void begins(int shards) {
        if (!json) {
            note("reading " + shards + (shards == 1 ? " shard" : " shards"));
        }
    }

    @Override
    public void progress(RedriveReport report, Optional<Instant> readUpTo) {
        Instant now = terminal.clock().instant();
        if (json || now.isBefore(nextProgress)) {
            return;
        }
        nextProgress = now.plus(PROGRESS_EVERY);
        long sent = 0;
        long others = 0;
        long bytes = 0;
        for (Row row : report.rows().values()) {
            sent += row.sent() + row.counted();
            others += row.refused() + row.notSent();
            bytes += row.bytes();
        }
        note(String.format(
                Locale.ROOT,
                "%,d dead letters, %s%s%s",
                sent,
                megabytes(bytes),
                others == 0 ? "" : String.format(Locale.ROOT, ", %,d not sent", others),
                readUpTo.map(time -> ", read up to " + time).orElse("")));
    }

    @Override
    public void says(String line) {
        note(line);
    }

    private void note(String line) {
        terminal.err()
                .println("  " + terminal.clock().instant().toString().substring(11, 19) + "  "
                        + ForeignText.name(line, Secrets.NONE, MAX_NAMED));
        terminal.err().flush();
    }

    /** Prints what the run did. */
    void result(RedriveReport report, Redrive.Task task, @Nullable Path file) {
        if (json) {
            Json.print(terminal.out(), answer(report, task, file));
            return;
        }
        tellNames("Rejected by the target", report.refused());
        tellNames("Not sent", report.notSent());
        tellNames("Unreadable", report.unreadable());
        tellNames("Incomplete", report.incomplete());
        tellNames("Expired before they were read", report.gaps());
        if (!report.rows().isEmpty()) {
            line(table(report, task.sends()));
        }
        if (report.lettersNotSelected() > 0) {
            line(report.lettersNotSelected() + " other dead letters do not match the selection.");
        }
        if (report.mixesIds()) {
            line(report.lettersWithOlderIds()
                    + " dead letters have ids of an earlier build, others have ids of this build. A group"
                    + " that became a dead letter under both builds has two ids and is sent twice.");
        }
        if (report.foreignLogs() > 0) {
            line(report.foreignLogs() + " logs are not dead letters and were skipped.");
        }
        String cannotRead = report.cannotRead();
        if (cannotRead != null) {
            line("Reading stopped early: " + cannotRead);
        }
        line(conclusion(report, task, file));
    }

    private static String table(RedriveReport report, boolean sends) {
        TextTable table = sends
                ? new TextTable(
                        "TARGET", "TO", "REASON", "COUNT", "SIZE", "SENT", "SENT BEFORE", "REJECTED", "NOT SENT")
                : new TextTable(
                        "TARGET", "TO", "REASON", "COUNT", "SIZE", "TO SEND", "SENT BEFORE", "REJECTED", "NO TARGET");
        for (RedriveReport.Key key : report.keys()) {
            Row row = Objects.requireNonNull(report.rows().get(key));
            table.add(
                    key.target(),
                    key.destination() == null
                            ? "(no target)"
                            : key.destination().toString(),
                    Selection.name(key.cause()),
                    Long.toString(row.letters()),
                    megabytes(row.bytes()),
                    Long.toString(sends ? row.sent() : row.counted()),
                    Long.toString(row.sentBefore()),
                    Long.toString(row.refused()),
                    Long.toString(row.notSent()));
        }
        return table.text("  ");
    }

    private static String conclusion(RedriveReport report, Redrive.Task task, @Nullable Path file) {
        String again = file == null
                ? "To retry, run the command again; it sends everything again (use --state FILE to avoid that)."
                : "To continue, run the same command again; dead letters that were sent are not sent again.";
        if (report.isBrokenOff()) {
            return "Interrupted. " + again;
        }
        if (!report.isComplete()) {
            return task.sends()
                    ? "NOT all dead letters were sent; see above. " + again
                    : "NOT all dead letters would be sent; see above.";
        }
        if (report.rows().isEmpty()) {
            return file == null ? "No dead letters found." : "No dead letters found that are not sent yet.";
        }
        return task.sends()
                ? "All dead letters were sent."
                : "Dry run: nothing was sent. Run it without --dry-run to send.";
    }

    private void tellNames(String what, Sample sample) {
        if (sample.count() == 0) {
            return;
        }
        line(what + ": " + sample.count());
        sample.first().stream()
                .limit(MOST_NAMED)
                .forEach(name -> line("  " + ForeignText.name(name, Secrets.NONE, MAX_NAMED)));
        if (sample.count() > MOST_NAMED) {
            line("  and " + (sample.count() - MOST_NAMED) + " more (--json lists the first 1000)");
        }
        line("");
    }

    private static Map<String, @Nullable Object> answer(RedriveReport report, Redrive.Task task, @Nullable Path file) {
        return Json.object(
                "complete", report.isComplete(),
                "brokenOff", report.isBrokenOff(),
                "cannotRead", report.cannotRead(),
                "dryRun", !task.sends(),
                "from",
                        task.stores().stream()
                                .map(DeadLetterLogstore::logstore)
                                .map(Object::toString)
                                .collect(Collectors.toList()),
                "state", file == null ? null : file.toString(),
                "letters",
                        report.keys().stream()
                                .map(key -> row(
                                        key,
                                        Objects.requireNonNull(report.rows().get(key))))
                                .toList(),
                "refused", names(report.refused()),
                "notSent", names(report.notSent()),
                "unreadable", names(report.unreadable()),
                "incomplete", names(report.incomplete()),
                "gaps", names(report.gaps()),
                "lettersNotSelected", report.lettersNotSelected(),
                "lettersWithOlderIds", report.lettersWithOlderIds(),
                "foreignLogs", report.foreignLogs());
    }

    private static Map<String, @Nullable Object> row(RedriveReport.Key key, Row row) {
        return Json.object(
                "target", key.target(),
                "to", key.destination() == null ? null : key.destination().toString(),
                "reason", Selection.name(key.cause()),
                "letters", row.letters(),
                "bytes", row.bytes(),
                "sent", row.sent(),
                "toSend", row.counted(),
                "sentBefore", row.sentBefore(),
                "refused", row.refused(),
                "notSent", row.notSent());
    }

    private static Map<String, @Nullable Object> names(Sample sample) {
        return Json.object("count", sample.count(), "first", sample.first());
    }

    private static String megabytes(long bytes) {
        return bytes < 1_000_000
                ? String.format(Locale.ROOT, "%.1f kB", bytes / 1e3)
                : String.format(Locale.ROOT, "%,.1f MB", bytes / 1e6);
    }

    private void line(String text) {
        terminal.out().println(text);
        terminal.out().flush();
    }
}
