package io.slsdispatch.job.config;

import io.slsdispatch.job.config.ConfigNode.Items;
import io.slsdispatch.job.config.JobConfig.RulesUpdates;
import io.slsdispatch.job.config.ValueType.Reading;
import io.slsdispatch.job.rules.RuleTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the rules, from the configuration itself or from the place that it names. */
public final class RulesReader {

    private static final List<Option<?>> REQUIRED = List.of(JobOptions.ROUTES, JobOptions.DEFAULT_ROUTE);

    private final Reading reading;
    private final Mistakes mistakes;

    RulesReader(Reading reading) {
        this.reading = reading;
        this.mistakes = reading.mistakes();
    }

    /**
     * Reads rules that stand by themselves. Variables are not replaced in them: they may be read by another process than
     * the one that submits the job.
     *
     * @param targets the names of all targets that there are
     * @throws UnsettledException when they may be written just now
     * @throws IOException when they cannot be had
     * @throws BadConfigurationException when anything in them is wrong
     */
    public static RuleTable read(RulesText rules, Set<String> targets)
            throws IOException, InterruptedException, BadConfigurationException {
        String content = rules.read();
        Mistakes mistakes = new Mistakes();
        RuleTable table = new RulesReader(new Reading(new Variables(Map.of()), mistakes))
                .table(rules.location().toString(), content, targets);
        mistakes.throwIfAny();
        if (table == null) {
            throw new IllegalStateException("something is missing although no mistake was found");
        }
        return table;
    }

    /**
     * The rules that a configuration holds or names; null when something is missing or wrong.
     *
     * @param updates where they stand, when they do so by themselves and nothing is wrong with that
     * @param instead a file whose rules count instead of those; null for none
     */
    @Nullable
    RuleTable table(Values top, Set<String> targets, Optional<RulesUpdates> updates, @Nullable Path instead) {
        if (!top.has(JobOptions.RULES_FROM)) {
            for (Option<?> option : List.of(JobOptions.RULES_POLL_INTERVAL, JobOptions.RULES_CREDENTIALS)) {
                if (top.has(option)) {
                    mistakes.add(
                            top.placeOf(option),
                            "It holds only with 'rules.from'.",
                            "Write that too, or take this out.");
                }
            }
            Section.require(top, REQUIRED, mistakes);
            return new RoutesReader(reading, targets).table(items(top, JobOptions.ROUTES, "rule", mistakes), top);
        }
        for (Option<?> option : JobOptions.RULES) {
            if (top.has(option)) {
                mistakes.add(
                        top.placeOf(option),
                        "The rules stand at 'rules.from'.",
                        "Move this there, or take 'rules' out.");
            }
        }
        if (instead != null) {
            RulesLocation file = new RulesLocation(instead.toAbsolutePath().toString());
            return fetched(RulesText.once(file, null), new Place("", instead.toString()), targets);
        }
        return updates.map(known -> fetched(
                        RulesText.once(known.location(), known.connection().orElse(null)),
                        top.placeOf(JobOptions.RULES_FROM),
                        targets))
                .orElse(null);
    }

    private @Nullable RuleTable fetched(RulesText rules, Place place, Set<String> targets) {
        RulesLocation location = rules.location();
        try {
            String content = rules.read();
            return new RulesReader(new Reading(new Variables(Map.of()), mistakes))
                    .table(location.toString(), content, targets);
        } catch (IOException e) {
            mistakes.add(
                    place,
                    location.toString(),
                    "The rules cannot be read: " + e.getMessage() + ".",
                    "They must be readable here, where the job is submitted, and for the JobManager.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            mistakes.add(place, location.toString(), "The reading of the rules was interrupted.", "");
        }
        return null;
    }

    @Nullable
    RuleTable table(String name, String content, Set<String> targets) {
        ConfigNode root = YamlFile.read(name, content, mistakes);
        if (root instanceof ConfigNode.Told) {
            return null;
        }
        Values values = Section.read(root, JobOptions.RULES, reading);
        Section.require(values, REQUIRED, mistakes);
        return new RoutesReader(reading, targets).table(items(values, JobOptions.ROUTES, "rule", mistakes), values);
    }

    /** The entries of a list that must have one at least. */
    static List<ConfigNode> items(Values values, Option<ConfigNode> option, String what, Mistakes mistakes) {
        ConfigNode node = values.find(option);
        if (node instanceof Items list && !list.items().isEmpty()) {
            return list.items();
        }
        if (node != null) {
            mistakes.add(node.place(), "Expected a list of at least one " + what + ".", "Begin each with '- '.");
        }
        return List.of();
    }
}
