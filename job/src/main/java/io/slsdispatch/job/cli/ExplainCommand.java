package io.slsdispatch.job.cli;

import io.slsdispatch.connector.text.ForeignText;
import io.slsdispatch.job.config.JobConfig;
import io.slsdispatch.job.output.Json;
import io.slsdispatch.job.output.TextTable;
import io.slsdispatch.job.rules.Explanation;
import io.slsdispatch.job.rules.Explanation.Labels;
import io.slsdispatch.job.rules.Explanation.Outcome;
import io.slsdispatch.job.template.LogstoreNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Command {@code explain}: shows where a log group would go, and why. */
@Command(
        name = "explain",
        description = {
            "Shows where a log group with this topic, source and these tags goes: which rule matches it, its targets,"
                    + " and why the rules before it do not match. Labels that are not given are missing in the group."
                    + " Sends no request to the service."
        })
final class ExplainCommand implements Terminal.SubCommand {

    @Mixin
    private final ConfigFile file = new ConfigFile();

    @Option(
            names = "--topic",
            required = true,
            paramLabel = "TOPIC",
            description = "Topic of the group; '' for a group without a topic.")
    private String topic = "";

    @Option(names = "--source", paramLabel = "SOURCE", description = "Source of the group, such as an IP address.")
    private String source = "";

    @Option(names = "--tag", paramLabel = "KEY=VALUE", description = "Tag of the group. Can be given several times.")
    private List<String> tags = new ArrayList<>();

    @Option(names = "--json", description = "Print one JSON object: 'fate', 'targets', 'logstores' and 'rules'.")
    private boolean json;

    private Labels labels = new Labels("", "", Map.of());

    @Override
    public int run(Terminal terminal) throws Exception {
        Map<String, List<String>> byKey = new TreeMap<>();
        for (String tag : tags) {
            int equals = tag.indexOf('=');
            if (equals < 0) {
                return terminal.refuse("--tag '" + tag + "': expected KEY=VALUE.");
            }
            byKey.computeIfAbsent(tag.substring(0, equals), key -> new ArrayList<>())
                    .add(tag.substring(equals + 1));
        }
        JobConfig config = file.read(terminal);
        labels = new Labels(topic, source, byKey);
        Explanation explanation = Explanation.of(config.ruleTable(), labels);
        if (json) {
            Json.print(terminal.out(), json(config, explanation));
        } else {
            print(terminal, config, explanation);
        }
        return ExitCode.OK;
    }

    private void print(Terminal terminal, JobConfig config, Explanation explanation) {
        TextTable table = new TextTable("RULE", "WHEN", "");
        for (Explanation.Step step : explanation.steps()) {
            table.add(step.rule().name(), step.rule().conditions(), outcome(step));
        }
        terminal.out()
                .println("A log group of topic '" + ForeignText.visible(topic) + "' " + goesTo(config, explanation)
                        + "\n");
        terminal.out().print(table.text("  "));
        if (!explanation.steps().isEmpty()
                && explanation.steps().stream().noneMatch(step -> step.outcome() == Outcome.MATCHED)) {
            terminal.out()
                    .println("\nNo rule matched; 'default-route' is '"
                            + config.ruleTable().unmatched() + "'.");
        }
    }

    private static String outcome(Explanation.Step step) {
        return switch (step.outcome()) {
            case MATCHED ->
                "MATCHED, to "
                        + (step.rule().targets().isEmpty()
                                ? "nowhere"
                                : step.rule().destinations())
                        + (step.rule().continues() ? ", then continues" : "");
            case NOT_MATCHED -> "no: " + step.why();
            case NOT_REACHED -> "not evaluated: " + step.why();
        };
    }

    private String goesTo(JobConfig config, Explanation explanation) {
        return switch (explanation.fate()) {
            case DELIVERED, UNMATCHED_DELIVERED ->
                "goes to "
                        + String.join(
                                ", ",
                                explanation.places().stream()
                                        .map(place -> place.target() + " (" + logstore(config, place) + ")")
                                        .toList())
                        + ".";
            case DROPPED, UNMATCHED_DROPPED -> "is dropped and counted.";
            case UNMATCHED_FAILED -> "stops the job; nothing after it is read.";
        };
    }

    private String logstore(JobConfig config, Explanation.Place place) {
        for (JobConfig.Template template : config.templates()) {
            if (template.name().equals(place.target())) {
                String named = place.logstore();
                LogstoreNames.Name name = named == null
                        ? template.names().of(labels)
                        : template.names().ofOutright(named);
                return name.logstore() == null
                        ? "no logstore: " + name.problem() + "; 'when-invalid' decides"
                        : template.config().project() + "/" + name.logstore();
            }
        }
        return config.targets().stream()
                .filter(target -> target.name().equals(place.target()))
                .map(target -> target.config().logstore().toString())
                .findFirst()
                .orElse("?");
    }

    private Map<String, ?> json(JobConfig config, Explanation explanation) {
        return Json.object(
                "fate",
                explanation.fate().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                "targets",
                explanation.targets(),
                "logstores",
                explanation.places().stream()
                        .map(place -> logstore(config, place))
                        .toList(),
                "rules",
                explanation.steps().stream()
                        .map(step -> Json.object(
                                "name",
                                step.rule().name(),
                                "when",
                                step.rule().conditions(),
                                "outcome",
                                step.outcome().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                                "why",
                                step.why(),
                                "targets",
                                step.rule().targets()))
                        .toList());
    }
}
