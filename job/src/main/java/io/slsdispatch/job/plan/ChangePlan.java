package io.slsdispatch.job.plan;

import io.slsdispatch.job.config.ConfigReader.Detailed;
import io.slsdispatch.job.config.JobConfig;
import io.slsdispatch.job.config.options.SourceOptions;
import io.slsdispatch.job.config.options.SourceOptions.Start;
import io.slsdispatch.job.plan.Effect.Kind;
import io.slsdispatch.job.rules.Rule;
import io.slsdispatch.job.rules.RuleTable.DefaultRule;
import io.slsdispatch.job.savepoint.RestoreCheck;
import io.slsdispatch.job.savepoint.TargetChanges;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Everything that changes when a job continues with another configuration.
 *
 * @param targets added, removed, renamed and changed targets
 * @param settings changed settings, in the order of the options
 * @param rules added, removed, moved and renamed rules
 * @param topics topics whose groups go to other targets, in alphabetical order
 * @param everyOtherTopic how the destination of groups that no rule matches changes; empty when it does not
 * @param restore whether a savepoint of the old configuration can be restored
 * @param effects what all of these can do to data, the worst first
 */
public record ChangePlan(
        TargetChanges targets,
        List<SettingChange> settings,
        RuleChanges rules,
        List<TopicChange> topics,
        List<TopicChange> everyOtherTopic,
        RestoreCheck restore,
        List<Effect> effects) {

    /** The topic in the row for groups that no rule matches. */
    public static final String EVERY_OTHER_TOPIC = "every other topic";

    /**
     * Groups that go to other targets.
     *
     * @param topic their topic, or {@link #EVERY_OTHER_TOPIC}
     */
    public record TopicChange(String topic, String before, String after) {}

    /**
     * Compares two configurations.
     *
     * @param asked topics to compare in addition to those that the rules name
     */
    public static ChangePlan between(Detailed before, Detailed after, Collection<String> asked) {
        JobConfig old = before.config();
        JobConfig now = after.config();
        TargetChanges targets = TargetChanges.between(old, now);
        RuleChanges rules = RuleChanges.between(
                targets.underNewNames(old.ruleTable().rules()), now.ruleTable().rules());
        RestoreCheck restore = RestoreCheck.between(old, now, targets);
        List<SettingChange> settings = SettingChanges.between(
                before.options(), old.ruleTable(), after.options(), now.ruleTable(), names(old, targets));
        TopicRules oldRules = new TopicRules(old);
        TopicRules newRules = new TopicRules(now);
        List<TopicChange> topics = topics(oldRules, newRules, asked);
        List<TopicChange> others = Stream.of(
                        new TopicChange(EVERY_OTHER_TOPIC, oldRules.unmatched(), newRules.unmatched()))
                .filter(change -> !change.before.equals(change.after))
                .toList();
        List<Effect> effects = new ArrayList<>();
        settings.forEach(setting -> effects.addAll(setting.effects()));
        topics.forEach(topic -> effects.addAll(effects(topic)));
        effects.addAll(effects(rules, now.ruleTable().unmatched()));
        if (!restore.works()) {
            effects.addAll(withoutSavepoint(after.options().source().get(SourceOptions.START)));
        }
        effects.sort(Effect.worstFirst());
        return new ChangePlan(targets, settings, rules, topics, others, restore, effects);
    }

    /** The targets that both configurations have: the new name of each by its old name. */
    private static Map<String, String> names(JobConfig before, TargetChanges targets) {
        Map<String, String> names = new LinkedHashMap<>();
        before.destinations().forEach(target -> names.put(target.name(), target.name()));
        targets.removed().forEach(target -> names.remove(target.name()));
        targets.renamed()
                .forEach(pair -> names.put(pair.before().name(), pair.after().name()));
        return names;
    }

    private static List<TopicChange> topics(TopicRules before, TopicRules after, Collection<String> asked) {
        TreeSet<String> candidates = new TreeSet<>(asked);
        Stream.concat(before.namedTopics(), after.namedTopics()).forEach(candidates::add);
        return candidates.stream()
                .map(topic -> new TopicChange(topic, before.destination(topic), after.destination(topic)))
                .filter(change -> !change.before.equals(change.after))
                .toList();
    }

    private static List<Effect> effects(TopicChange change) {
        String subject = "topic '" + change.topic + "'";
        if (isNew(TopicRules.DROPPED, change)) {
            return List.of(new Effect(Kind.LOSE, subject, "its groups are dropped"));
        }
        if (isNew(TopicRules.FAILS, change)) {
            return List.of(new Effect(Kind.DELAY, subject, "the job stops at the first group of it"));
        }
        List<String> before = List.of(change.before.split(", "));
        List<String> after = List.of(change.after.split(", "));
        boolean fewer = before.size() > after.size() && before.containsAll(after);
        return fewer
                ? List.of(new Effect(
                        Kind.LOSE,
                        subject,
                        "no longer goes to "
                                + String.join(
                                        ", ",
                                        before.stream()
                                                .filter(place -> !after.contains(place))
                                                .toList())))
                : List.of();
    }

    private static boolean isNew(String outcome, TopicChange change) {
        return change.after.contains(outcome) && !change.before.contains(outcome);
    }

    /** The effects of a start that cannot restore a savepoint. */
    private static List<Effect> withoutSavepoint(@Nullable Object start) {
        String subject = "start without the savepoint";
        Effect repeat = new Effect(
                Kind.REPEAT, subject, "groups after 'start' that the old job has delivered are delivered again");
        Effect lose = new Effect(
                Kind.LOSE, subject, "groups before 'start' that the old job has not delivered are not delivered");
        Start.Kind kind = start instanceof Start known ? known.kind() : Start.Kind.TIME;
        return switch (kind) {
            case BEGIN, GROUP -> List.of(repeat);
            case END -> List.of(lose);
            case TIME -> List.of(lose, repeat);
        };
    }

    /** The effects on topics that are not compared one by one. */
    private static List<Effect> effects(RuleChanges rules, DefaultRule unmatched) {
        List<Effect> effects = new ArrayList<>();
        for (Rule added : rules.added()) {
            if (added.targets().isEmpty()) {
                effects.add(
                        new Effect(Kind.LOSE, "rule '" + added.name() + "'", "drops groups: " + added.conditions()));
            }
        }
        for (Rule removed : rules.removed()) {
            boolean stays =
                    rules.added().stream().anyMatch(added -> added.conditions().equals(removed.conditions()));
            if (!stays
                    && unmatched instanceof DefaultRule.Drop
                    && !removed.targets().isEmpty()) {
                effects.add(new Effect(
                        Kind.LOSE,
                        "rule '" + removed.name() + "'",
                        "is removed: groups that no other rule matches are dropped"));
            }
        }
        return effects;
    }
}
