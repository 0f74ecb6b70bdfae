package io.slsdispatch.job.rules;

import io.slsdispatch.job.rules.RuleTable.DefaultRule;
import io.slsdispatch.job.yaml.ConfigErrors;
import io.slsdispatch.job.yaml.ConfigNode;
import io.slsdispatch.job.yaml.InvalidConfigException;
import io.slsdispatch.job.yaml.Option;
import io.slsdispatch.job.yaml.ReadContext;
import io.slsdispatch.job.yaml.SectionReader;
import io.slsdispatch.job.yaml.SectionValues;
import io.slsdispatch.job.yaml.SourceLocation;
import io.slsdispatch.job.yaml.Suggestion;
import io.slsdispatch.job.yaml.Variables;
import io.slsdispatch.job.yaml.YamlParser;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reader of rules in YAML, inside or outside a configuration. */
public final class RulesReader {

    /** Far above any real rule set. */
    private static final int MAX_RULES = 10_000;

    private static final List<Option<?>> REQUIRED = List.of(RuleOptions.ROUTES, RuleOptions.DEFAULT_ROUTE);

    /** The targets that rules can name. */
    public interface Targets extends Serializable {

        /** The names of all targets; empty when they are unknown, because of errors. */
        Set<String> names();

        /** Why rules cannot name this logstore outright for this target; empty when they can. */
        Optional<String> refusal(String target, String logstore);

        /** Whether these rules name only known targets, and only logstores that they can name. */
        default boolean accept(RuleSet rules) {
            return names().containsAll(rules.targets())
                    && rules.table().rules().stream().allMatch(rule -> {
                        String logstore = rule.logstore();
                        return logstore == null
                                || refusal(rule.targets().get(0), logstore).isEmpty();
                    });
        }
    }

    private final ReadContext context;
    private final ConfigErrors errors;
    private final Targets targets;
    private final Map<String, SourceLocation> names = new HashMap<>();

    private RulesReader(ReadContext context, Targets targets) {
        this.context = context;
        this.errors = context.errors();
        this.targets = targets;
    }

    /**
     * Reads rules from outside the configuration. Variables in them are not replaced, because a process other than the
     * one that submits the job may read them.
     *
     * @param targets the targets that rules can name
     * @throws RulesLoader.UnstableRulesException when they may still be being written
     * @throws IOException when they cannot be read
     * @throws InvalidConfigException when anything in them is wrong
     */
    public static RuleTable read(RulesLoader rules, Targets targets)
            throws IOException, InterruptedException, InvalidConfigException {
        String content = rules.read();
        ConfigErrors errors = new ConfigErrors();
        rules.location().secrets().forEach(errors::hide);
        RuleTable table = parse(rules.location().toString(), content, targets, errors);
        errors.throwIfAny();
        if (table == null) {
            throw new IllegalStateException("a value is missing although no error was reported");
        }
        return table;
    }

    /**
     * Reads rules for a configuration that names their location; null, with an error, when they cannot be read or are
     * invalid.
     *
     * @param location source location of the option that names them
     */
    public static @Nullable RuleTable read(
            RulesLoader rules, SourceLocation location, Targets targets, ConfigErrors errors) {
        String from = rules.location().toString();
        rules.location().secrets().forEach(errors::hide);
        try {
            return parse(from, rules.read(), targets, errors);
        } catch (IOException e) {
            errors.add(
                    location,
                    from,
                    "The rules cannot be read: " + e.getMessage() + ".",
                    "Both this machine, where the job is submitted, and the JobManager must be able to read them.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            errors.add(location, from, "Reading the rules was interrupted.", "");
        }
        return null;
    }

    /** Parses the rules in a text; null, with an error, when something in it is missing or invalid. */
    public static @Nullable RuleTable parse(String name, String content, Targets targets, ConfigErrors errors) {
        ConfigNode root = YamlParser.read(name, content, errors);
        if (root instanceof ConfigNode.Invalid) {
            return null;
        }
        ReadContext context = new ReadContext(new Variables(Map.of()), errors);
        return read(SectionReader.read(root, RuleOptions.FILE, context), targets, context);
    }

    /**
     * Reads the rules in a section with {@link RuleOptions#FILE}; null, with an error, when something is missing or
     * invalid.
     */
    public static @Nullable RuleTable read(SectionValues section, Targets targets, ReadContext context) {
        section.require(REQUIRED, context.errors());
        return new RulesReader(context, targets)
                .table(section.items(RuleOptions.ROUTES, "rule", context.errors()), section);
    }

    private @Nullable RuleTable table(List<ConfigNode> sections, SectionValues top) {
        if (sections.size() > MAX_RULES) {
            errors.add(
                    sections.get(MAX_RULES).location(),
                    "Found " + sections.size() + " rules; expected at most " + MAX_RULES + ".",
                    "List several topics in one rule.");
            return null;
        }
        List<Rule> rules = new ArrayList<>();
        List<SourceLocation> locations = new ArrayList<>();
        int number = 0;
        for (ConfigNode section : sections) {
            SectionValues values = SectionReader.read(section, RuleOptions.RULE, context);
            String numbered = "rule " + ++number;
            Rule rule = errors.build(values.location(), () -> rule(values, numbered));
            if (rule != null) {
                rules.add(rule);
                locations.add(values.locationOf(RuleOptions.TOPIC));
            }
        }
        noteShadowed(rules, locations);
        DefaultRule unmatched = otherwise(top, RuleOptions.DEFAULT_ROUTE);
        DefaultRule malformed = otherwise(top, RuleOptions.ON_MALFORMED);
        return errors.build(
                top.location(), () -> new RuleTable(rules, ConfigErrors.need(unmatched), ConfigErrors.need(malformed)));
    }

    private Rule rule(SectionValues values, String numbered) {
        values.require(List.of(RuleOptions.TO), errors);
        String given = values.getOrNull(RuleOptions.NAME);
        String name = given == null ? numbered : given;
        SourceLocation first = names.putIfAbsent(name, values.locationOf(RuleOptions.NAME));
        if (first != null) {
            errors.add(
                    values.locationOf(RuleOptions.NAME),
                    name,
                    "Another rule already has this name, at " + first.where() + ".",
                    "Give each rule a unique name.");
        }
        // Targets first, so that an error in a condition does not hide an error in a target.
        boolean continues = Boolean.TRUE.equals(values.find(RuleOptions.CONTINUE));
        List<String> targets = targets(values, continues);
        String logstore = values.getOrNull(RuleOptions.LOGSTORE);
        if (logstore != null && !isPossible(logstore, targets, values.locationOf(RuleOptions.LOGSTORE))) {
            throw new ConfigErrors.AlreadyReportedException(RuleOptions.LOGSTORE.key());
        }
        return new Rule(
                name,
                Objects.requireNonNullElse(values.getOrNull(RuleOptions.TOPIC), TextMatch.ANY),
                Objects.requireNonNullElse(values.getOrNull(RuleOptions.SOURCE), TextMatch.ANY),
                Objects.requireNonNullElse(values.getOrNull(RuleOptions.TAGS), Map.of()),
                targets,
                continues,
                logstore);
    }

    /** Whether a rule can name this logstore; otherwise adds an error. */
    private boolean isPossible(String logstore, List<String> named, SourceLocation location) {
        if (named.size() != 1) {
            errors.add(
                    location,
                    logstore,
                    "'logstore' applies to one target by template, and 'to' names "
                            + (named.isEmpty() ? "none." : "several targets."),
                    "Set 'to' to one target by template, and write another rule with 'continue' for copies.");
            return false;
        }
        String target = named.get(0);
        Optional<String> refusal =
                targets.names().contains(target) ? targets.refusal(target, logstore) : Optional.empty();
        refusal.ifPresent(problem -> errors.add(
                location,
                logstore,
                "Target '" + target + "' cannot write this logstore: " + problem + ".",
                "Choose a logstore within 'allow' of a target by template, or remove 'logstore'."));
        return refusal.isEmpty();
    }

    private List<String> targets(SectionValues values, boolean continues) {
        List<String> names = values.get(RuleOptions.TO);
        SourceLocation location = values.locationOf(RuleOptions.TO);
        if (names.contains(RuleOptions.DROP)) {
            if (names.size() > 1 || continues) {
                errors.add(
                        location,
                        String.join(", ", names),
                        "'drop' cannot be combined with targets or 'continue'.",
                        "Write 'to: drop' alone and without 'continue', or remove 'drop'.");
            }
            return List.of();
        }
        names.forEach(name -> requireTarget(name, location));
        return names;
    }

    private void requireTarget(String name, SourceLocation location) {
        // Without any targets, report only that, and not each rule that names one.
        if (!targets.names().isEmpty() && !targets.names().contains(name)) {
            String hint = Suggestion.instead(name, targets.names());
            errors.add(location, name, "There is no target with this name.", hint);
        }
    }

    private @Nullable DefaultRule otherwise(SectionValues top, Option<String> option) {
        String text = top.find(option);
        if (text == null) {
            return null;
        }
        if (text.equals(RuleOptions.DROP)) {
            return new DefaultRule.Drop();
        }
        if (text.equals(RuleOptions.FAIL)) {
            return new DefaultRule.Fail();
        }
        requireTarget(text, top.locationOf(option));
        return new DefaultRule.To(text);
    }

    private void noteShadowed(List<Rule> rules, List<SourceLocation> locations) {
        for (ShadowedRules.Shadowed shadowed : ShadowedRules.in(rules)) {
            Rule taker = rules.get(shadowed.takenBy());
            String what = shadowed.wholly() ? "This rule" : "This part of the rule";
            errors.add(
                    locations.get(shadowed.rule()),
                    shadowed.topic().toString(),
                    what + " never matches a log group: '" + taker.name() + "' at "
                            + locations.get(shadowed.takenBy()).where() + " matches all such groups first.",
                    "Move it before that rule, remove it, or set 'continue' in that rule.");
        }
    }
}
