package io.slsdispatch.job.cli;

import io.slsdispatch.connector.text.SmallFile;
import io.slsdispatch.job.config.ConfigReader.Detailed;
import io.slsdispatch.job.config.JobConfig.Destination;
import io.slsdispatch.job.output.Json;
import io.slsdispatch.job.output.TextTable;
import io.slsdispatch.job.plan.ChangePlan;
import io.slsdispatch.job.plan.ChangePlan.TopicChange;
import io.slsdispatch.job.plan.Effect;
import io.slsdispatch.job.plan.RuleChanges;
import io.slsdispatch.job.plan.SettingChange;
import io.slsdispatch.job.savepoint.OperatorIds;
import io.slsdispatch.job.savepoint.RestoreCheck;
import io.slsdispatch.job.savepoint.TargetChanges;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.CharacterCodingException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Command {@code plan}: shows the effects of a configuration change. */
@Command(
        name = "plan",
        description = {
            "Shows what changes when a job continues with another configuration: each setting, old and new; added, removed"
                    + " and renamed targets; added, removed and moved rules; topics that go to other targets; which of these"
                    + " changes can lose, repeat, delay or reorder data; and whether a savepoint of the old configuration"
                    + " can be restored with the new one. Sends no request to the service.",
            "",
            "It compares the topics in the rules of both configurations (for a prefix, a topic that starts with it) and the"
                    + " topics given here. A topic that only a glob or a regular expression matches must be given here."
        })
final class PlanCommand implements Terminal.SubCommand {

    /** Far more than the topics of any logstore. */
    private static final int MAX_TOPICS_FILE = 64 << 20;

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
        List<String> asked = new ArrayList<>(topics);
        if (topicsFile != null) {
            try {
                asked.addAll(SmallFile.text(topicsFile, MAX_TOPICS_FILE).lines().toList());
            } catch (IOException e) {
                return terminal.refuse("Cannot read --topics-file " + topicsFile + ": " + reason(e));
            }
        }
        Detailed before = ConfigFile.readInDetail(oldFile, terminal);
        Detailed after = ConfigFile.readInDetail(newFile, terminal);
        ChangePlan plan = ChangePlan.between(before, after, asked);
        if (json) {
            Json.print(terminal.out(), json(plan));
        } else {
            print(terminal.out(), plan);
        }
        return plan.restore().works() ? ExitCode.OK : ExitCode.NOT_CONFIRMED;
    }

    private static String reason(IOException error) {
        if (error instanceof NoSuchFileException) {
            return "no such file.";
        }
        return error instanceof CharacterCodingException ? "it is not UTF-8." : error.toString();
    }

    private static void print(PrintWriter out, ChangePlan plan) {
        printSettings(out, plan.settings());
        printTargets(out, plan.targets());
        RuleChanges rules = plan.rules();
        out.println("\nRules" + (rules.isEmpty() ? "  unchanged" : ""));
        rules.added().forEach(rule -> out.println("  + " + RuleChanges.words(rule)));
        rules.removed().forEach(rule -> out.println("  - " + RuleChanges.words(rule)));
        rules.moved().forEach(rule -> out.println("  ~ moved: " + RuleChanges.words(rule)));
        rules.renamed()
                .forEach(renamed -> out.println("  ~ renamed from " + renamed.before() + ": "
                        + RuleChanges.words(renamed.rule()) + " (only metric labels change)"));
        printTopics(out, plan);
        printEffects(out, plan.effects());
        printRestore(out, plan.restore(), gone(plan.targets()));
    }

    private static void printSettings(PrintWriter out, List<SettingChange> settings) {
        out.println("Settings  " + (settings.isEmpty() ? "unchanged" : settings.size() + " changed"));
        if (!settings.isEmpty()) {
            TextTable table = new TextTable("SETTING", "BEFORE", "AFTER", "OF");
            settings.forEach(change -> table.add(change.key(), change.before(), change.after(), change.where()));
            out.print(table.text("  "));
        }
        out.println();
    }

    private static void printTopics(PrintWriter out, ChangePlan plan) {
        boolean unchanged = plan.topics().isEmpty() && plan.everyOtherTopic().isEmpty();
        out.println("\nTopics  " + (unchanged ? "unchanged" : "with other targets"));
        TextTable table = new TextTable("TOPIC", "BEFORE", "AFTER");
        plan.topics().forEach(change -> table.add("'" + change.topic() + "'", change.before(), change.after()));
        plan.everyOtherTopic().forEach(change -> table.add(change.topic(), change.before(), change.after()));
        if (!unchanged) {
            out.print(table.text("  "));
        }
    }

    private static void printEffects(PrintWriter out, List<Effect> effects) {
        out.println("\nEffects on data  " + (effects.isEmpty() ? "none known" : ""));
        TextTable table = new TextTable("CAN", "CHANGE", "HOW");
        effects.forEach(
                effect -> table.add(effect.kind().text().toUpperCase(Locale.ROOT), effect.subject(), effect.text()));
        if (!effects.isEmpty()) {
            out.print(table.text("  "));
        }
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

    private static Map<String, @Nullable Object> json(ChangePlan plan) {
        return Json.object(
                "settings",
                plan.settings().stream().map(PlanCommand::json).toList(),
                "targets",
                json(plan.targets()),
                "rules",
                json(plan.rules()),
                "topics",
                plan.topics().stream().map(PlanCommand::json).toList(),
                "everyOtherTopic",
                plan.everyOtherTopic().stream()
                        .map(PlanCommand::json)
                        .findFirst()
                        .orElse(null),
                "effects",
                plan.effects().stream().map(PlanCommand::json).toList(),
                "restore",
                Json.object(
                        "works",
                        plan.restore().works(),
                        "obstacles",
                        plan.restore().obstacles(),
                        "notes",
                        plan.restore().notes(),
                        "operatorsGone",
                        gone(plan.targets())));
    }

    private static Map<String, @Nullable Object> json(SettingChange change) {
        return Json.object(
                "key",
                change.key(),
                "targets",
                change.targets(),
                "before",
                change.before(),
                "after",
                change.after(),
                "effects",
                change.effects().stream().map(PlanCommand::json).toList());
    }

    private static Map<String, @Nullable Object> json(Effect effect) {
        return Json.object("can", effect.kind().text(), "change", effect.subject(), "how", effect.text());
    }

    private static Map<String, @Nullable Object> json(TopicChange change) {
        return Json.object("topic", change.topic(), "before", change.before(), "after", change.after());
    }

    private static Map<String, @Nullable Object> json(TargetChanges targets) {
        return Json.object(
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
                                .map(pair ->
                                        Json.object("name", pair.after().name(), "sameLogstore", pair.isSameLogstore()))
                                .toList());
    }

    private static Map<String, @Nullable Object> json(RuleChanges rules) {
        return Json.object(
                "added", rules.added().stream().map(RuleChanges::words).toList(),
                "removed", rules.removed().stream().map(RuleChanges::words).toList(),
                "moved", rules.moved().stream().map(RuleChanges::words).toList(),
                "renamed",
                        rules.renamed().stream()
                                .map(renamed -> Json.object(
                                        "before",
                                        renamed.before(),
                                        "after",
                                        renamed.rule().name()))
                                .toList());
    }

    private static List<String> names(List<Destination> targets) {
        return targets.stream().map(Destination::name).toList();
    }
}
