package io.slsdispatch.job.redrive;

import io.slsdispatch.connector.config.DynamicSinkConfig;
import io.slsdispatch.connector.config.SinkConfig;
import io.slsdispatch.connector.deadletter.DeadLetter;
import io.slsdispatch.connector.deadletter.DynamicReasons;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.wire.MalformedLogGroupException;
import io.slsdispatch.job.config.JobConfig;
import io.slsdispatch.job.config.JobConfig.Target;
import io.slsdispatch.job.config.JobConfig.Template;
import io.slsdispatch.job.rules.Decision.RuleTarget;
import io.slsdispatch.job.rules.RuleMatcher;
import io.slsdispatch.job.rules.RuleTable;
import io.slsdispatch.job.rules.RuleTable.DefaultRule;
import io.slsdispatch.job.template.LogstoreNamer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Destinations of dead letters. Usually the target with the logstore that the dead letter was for, even if the target
 * was renamed; otherwise the target with the name that it was for, even if that has another logstore now. Logstores of
 * equal project and name that the configuration distinguishes count as two.
 *
 * <p>A dead letter of a target by template goes to the logstore that it was for. One that had no logstore, because its
 * name was invalid or there were too many, goes where the rules and settings of now send its log group.
 */
public final class Destinations {

    private static final int MAX_NAMES = 10_000;

    private final List<Target> targets;
    private final List<Template> templates;
    private final RuleMatcher rules;
    private final Map<String, LogstoreNamer> namers = new HashMap<>();
    private final @Nullable Target all;

    /**
     * @param config targets and rules of now
     * @param all target of all dead letters, whatever they were for; null for none
     */
    public Destinations(JobConfig config, @Nullable Target all) {
        this(config.targets(), config.templates(), config.ruleTable(), all);
    }

    /** Destinations without targets by template. */
    Destinations(List<Target> targets, @Nullable Target all) {
        this(targets, List.of(), new RuleTable(List.of(), new DefaultRule.Fail(), new DefaultRule.Fail()), all);
    }

    private Destinations(List<Target> targets, List<Template> templates, RuleTable rules, @Nullable Target all) {
        this.targets = List.copyOf(targets);
        this.templates = List.copyOf(templates);
        this.rules = new RuleMatcher(rules);
        this.all = all;
        for (Template template : templates) {
            namers.put(template.name(), new LogstoreNamer(template.names(), MAX_NAMES, (logstore, first, other) -> {}));
        }
    }

    /** The target of a dead letter; empty when the configuration has none for it. */
    Optional<Target> of(DeadLetter letter) {
        if (all != null) {
            return Optional.of(all);
        }
        if (DynamicReasons.isInvalid(letter.reason())) {
            return byRules(letter);
        }
        List<Target> equalNames = ofEqualNames(letter);
        List<Target> same = equalNames.stream()
                .filter(target -> target.config().scopeText().equals(letter.scope()))
                .toList();
        List<Target> maybeSame = equalNames.stream()
                .filter(target ->
                        letter.scope().isEmpty() || target.config().scopeText().isEmpty())
                .toList();
        List<Target> candidates = same.size() == 1 ? same : maybeSame;
        return candidates.size() == 1
                ? Optional.of(candidates.get(0))
                : named(letter.target(), candidates)
                        .or(() -> ofTemplate(letter))
                        .or(() -> named(letter.target(), targets));
    }

    /** The logstore of a dead letter, written as its target by template does: that of its name, or another one. */
    private Optional<Target> ofTemplate(DeadLetter letter) {
        List<Template> possible = templates.stream()
                .filter(template ->
                        template.config().project().equals(letter.logstore().project()))
                .filter(template -> letter.scope().isEmpty()
                        || template.config().scopeText().isEmpty()
                        || template.config().scopeText().equals(letter.scope()))
                .filter(template -> template.names().problemOf(letter.logstore().logstore()) == null)
                .toList();
        return possible.stream()
                .filter(template -> template.name().equals(letter.target()))
                .findFirst()
                .or(() -> possible.stream().findFirst())
                .map(template -> logstore(template, letter.logstore().logstore()));
    }

    /**
     * Where the rules of now send the group. When they send copies to several targets, the dead letter is for the copy
     * of its own target.
     */
    private Optional<Target> byRules(DeadLetter letter) {
        List<RuleTarget> decided = decide(letter.group());
        List<RuleTarget> own = decided.stream()
                .filter(target -> target.target().equals(letter.target()))
                .toList();
        List<RuleTarget> candidates = own.isEmpty() ? decided : own;
        if (candidates.size() != 1) {
            return Optional.empty();
        }
        RuleTarget target = candidates.get(0);
        return named(target.target(), targets).or(() -> templates.stream()
                .filter(template -> template.name().equals(target.target()))
                .findFirst()
                .flatMap(template -> named(template, target, letter.group())));
    }

    private List<RuleTarget> decide(RawLogGroup group) {
        try {
            return group.isMalformed() ? List.of() : rules.decide(group).targets();
        } catch (MalformedLogGroupException e) {
            return List.of();
        }
    }

    private Optional<Target> named(Template template, RuleTarget target, RawLogGroup group) {
        String outright = target.logstore();
        LogstoreNamer namer = Objects.requireNonNull(namers.get(template.name()));
        String logstore = outright == null
                ? namer.name(group).logstore()
                : template.names().ofOutright(outright).logstore();
        return Optional.ofNullable(logstore).map(name -> logstore(template, name));
    }

    private static Target logstore(Template template, String name) {
        DynamicSinkConfig config = template.config();
        SinkConfig.Builder one = SinkConfig.builder(template.name(), new LogstoreId(config.project(), name))
                .delivery(config.delivery())
                .retry(config.retry());
        if (config.scope() != null) {
            one.scope(config.scope());
        }
        return new Target(template.connection(), one.build());
    }

    /**
     * The id of a dead letter. Dead letters of earlier builds do not record which of several logstores of equal project
     * and name they are for, so their ids are the same. For these, the name of the target is part of the id: it is the
     * only information that distinguishes them.
     */
    String idOf(DeadLetter letter) {
        List<Target> equalNames = ofEqualNames(letter);
        if (!letter.hasOlderId() || equalNames.size() < 2) {
            return letter.id();
        }
        return letter.renewed(named(letter.target(), equalNames)
                        .map(target -> target.config().scopeText())
                        .orElse("target:" + letter.target()))
                .id();
    }

    private List<Target> ofEqualNames(DeadLetter letter) {
        return targets.stream()
                .filter(target -> target.config().logstore().equals(letter.logstore()))
                .toList();
    }

    private static Optional<Target> named(String name, List<Target> among) {
        return among.stream().filter(target -> target.name().equals(name)).findFirst();
    }
}
