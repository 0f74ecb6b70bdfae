package io.slsdispatch.job.cli;

import io.slsdispatch.job.config.JobConfig;
import io.slsdispatch.job.config.JobConfig.Target;
import io.slsdispatch.job.savepoint.OperatorIds;
import io.slsdispatch.job.savepoint.RestoreCheck;
import io.slsdispatch.job.savepoint.TargetChanges;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Command {@code plan}: shows the effects of a configuration change. */
@Command(
        name = "plan",
        description = {
            "Shows what changes when a job continues with another configuration: added, removed and renamed targets; added,"
                    + " removed and moved rules; topics that go to other targets; and whether a savepoint of the old"
                    + " configuration can be restored with the new one. Sends no request to the service.",
            "",
            "It compares the topics in the rules of both configurations (for a prefix, a topic that starts with it) and the"
                    + " topics given here. A topic that only a glob or a regular expression matches must be given here."
        })
final class PlanCommand implements Terminal.SubCommand {

    /** A topic whose groups go to other targets. */
    private record TopicChange(String topic, String before, String after) {}

    @Option(names = "--old", required = true, paramLabel = "FILE", description = "Configuration of the running job.")
    private Path oldFile = Path.of("");

    @Option(names = "--new", required = true, paramLabel = "FILE", description = "New configuration.")
    private Path newFile = Path.of("");

    @Option(names = "--topic", paramLabel = "TOPIC", description = "Topic to compare. Can be given several times.")
    private List<String> topics = new ArrayList<>();

    @Option(
            names = "--topics-file",
            paramLabel = "FILE",
            description = "File with topics to compare, one per line, in UTF-8.")
    private @Nullable Path topicsFile;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Override
    public int run(Terminal terminal) throws Exception {
        List<String> ofFile = List.of();
        if (topicsFile != null) {
            try {
                ofFile = Files.readAllLines(topicsFile);
            } catch (IOException e) {
                return terminal.refuse("Cannot read --topics-file " + topicsFile + " as UTF-8: " + e);
            }
        }
        JobConfig before = ConfigFile.read(oldFile, terminal);
        JobConfig after = ConfigFile.read(newFile, terminal);
        TargetChanges targets = TargetChanges.between(before, after);
        RuleChanges rules = RuleChanges.between(
                targets.underNewNames(before.ruleTable().rules()),
                after.ruleTable().rules());
        RestoreCheck restore = RestoreCheck.between(before, after, targets);
        List<TopicChange> topicChanges = topicChanges(new TopicRules(before), new TopicRules(after), ofFile);
        if (json) {
            Json.print(terminal.out(), json(targets, rules, topicChanges, restore));
        } else {
            print(terminal.out(), targets, rules, topicChanges, restore);
        }
        return restore.works() ? ExitCode.OK : ExitCode.NOT_CONFIRMED;
    }

    private List<TopicChange> topicChanges(TopicRules before, TopicRules after, List<String> ofFile) {
        TreeSet<String> candidates = new TreeSet<>(topics);
        candidates.addAll(ofFile);
        Stream.concat(before.namedTopics(), after.namedTopics()).forEach(candidates::add);
        List<TopicChange> topicChanges = new ArrayList<>();
        for (String topic : candidates) {
            TopicChange change = new TopicChange(topic, before.destination(topic), after.destination(topic));
            if (!change.before.equals(change.after)) {
                topicChanges.add(change);
            }
        }
        return topicChanges;
    }

    private static void print(
            PrintWriter out,
            TargetChanges targets,
            RuleChanges rules,
            List<TopicChange> topicChanges,
            RestoreCheck restore) {
        printTargets(out, targets);
        out.println("\nRules" + (rules.isEmpty() ? "  unchanged" : ""));
        rules.added().forEach(rule -> out.println("  + " + RuleChanges.words(rule)));
        rules.removed().forEach(rule -> out.println("  - " + RuleChanges.words(rule)));
        rules.moved().forEach(rule -> out.println("  ~ moved: " + RuleChanges.words(rule)));
        out.println("\nTopics  " + (topicChanges.isEmpty() ? "unchanged" : "with other targets"));
        TextTable table = new TextTable("TOPIC", "BEFORE", "AFTER");
        topicChanges.forEach(change -> table.add("'" + change.topic + "'", change.before, change.after));
        if (!topicChanges.isEmpty()) {
            out.print(table.text("  "));
        }
        printRestore(out, restore, gone(targets));
    }

    private static void printTargets(PrintWriter out, TargetChanges targets) {
        out.println("Targets" + (targets.isEmpty() ? "  unchanged" : ""));
        targets.added().forEach(target -> out.println("  + " + target.name() + "  " + TargetChanges.place(target)));
        targets.removed().forEach(target -> out.println("  - " + target.name() + "  " + TargetChanges.place(target)));
        targets.renamed()
                .forEach(pair -> out.println("  ~ " + pair.before().name() + " renamed to "
                        + pair.after().name() + "  " + TargetChanges.place(pair.after())));
        targets.changed()
                .forEach(pair -> out.println("  ~ " + pair.after().name() + "  "
                        + (pair.isSameLogstore()
                                ? "options changed"
                                : TargetChanges.place(pair.before()) + " changed to "
                                        + TargetChanges.place(pair.after()))));
    }

    private static void printRestore(PrintWriter out, RestoreCheck restore, List<String> gone) {
        out.println("\nRestore of a savepoint");
        restore.obstacles().forEach(obstacle -> out.println("  NO  " + obstacle));
        if (restore.works()) {
            out.println("  works, without --allowNonRestoredState");
        }
        restore.notes().forEach(note -> out.println("  note: " + note));
        out.println("  removed operators: "
                + (gone.isEmpty()
                        ? "none"
                        : String.join(", ", gone) + "; they have no state, because sinks deliver everything before a"
                                + " savepoint completes"));
    }

    /** The ids, as in savepoints, of the sinks that no longer exist. */
    private static List<String> gone(TargetChanges targets) {
        return Stream.concat(
                        targets.removed().stream(), targets.renamed().stream().map(TargetChanges.Pair::before))
                .map(target -> OperatorIds.target(target.name()))
                .toList();
    }

    private static Map<String, @Nullable Object> json(
            TargetChanges targets, RuleChanges rules, List<TopicChange> topicChanges, RestoreCheck restore) {
        return Json.object(
                "targets",
                Json.object(
                        "added", names(targets.added()),
                        "removed", names(targets.removed()),
                        "renamed",
                                targets.renamed().stream()
                                        .map(pair -> Json.object(
                                                "before", pair.before().name(),
                                                "after", pair.after().name()))
                                        .toList(),
                        "changed",
                                targets.changed().stream()
                                        .map(pair -> Json.object(
                                                "name", pair.after().name(), "sameLogstore", pair.isSameLogstore()))
                                        .toList()),
                "rules",
                Json.object(
                        "added", rules.added().stream().map(RuleChanges::words).toList(),
                        "removed",
                                rules.removed().stream().map(RuleChanges::words).toList(),
                        "moved", rules.moved().stream().map(RuleChanges::words).toList()),
                "topics",
                topicChanges.stream()
                        .map(change ->
                                Json.object("topic", change.topic, "before", change.before, "after", change.after))
                        .toList(),
                "restore",
                Json.object(
                        "works",
                        restore.works(),
                        "obstacles",
                        restore.obstacles(),
                        "notes",
                        restore.notes(),
                        "operatorsGone",
                        gone(targets)));
    }

    private static List<String> names(List<Target> targets) {
        return targets.stream().map(Target::name).toList();
    }
}
