package io.slsdispatch.job.rules;

import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.wire.MalformedLogGroupException;
import io.slsdispatch.job.rules.Decision.RuleTarget;
import io.slsdispatch.job.rules.RuleTable.DefaultRule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Matcher of rules: a {@link RuleTable} prepared to decide where log groups go. It caches for each topic the rules
 * whose topic condition matches and, if the topic alone decides, the decision. It parses a group only when one of these
 * rules has a condition on the source or a tag.
 *
 * <p>Time per group: one map look-up for a topic seen before. Memory: bounded, whatever the topics. Not thread-safe.
 */
public final class RuleMatcher {

    private static final int REMEMBERED_TOPICS = 16_384;
    private static final int REMEMBERED_TOPIC_LENGTH = 256;

    /** The decision about the groups of one topic; {@code rules} are used only when source or tags must be checked. */
    private record Plan(@Nullable Decision decision, List<Integer> rules) {}

    private final List<Rule> rules;
    private final List<List<RuleTarget>> targetsOfRule = new ArrayList<>();
    private final List<RuleTarget> targets = new ArrayList<>();
    private final Decision unmatched;
    private final @Nullable Decision malformed;
    private final TopicCache<Plan> plans = new TopicCache<>(REMEMBERED_TOPICS, REMEMBERED_TOPIC_LENGTH);
    private final GroupLabels labels = new GroupLabels();

    public RuleMatcher(RuleTable table) {
        this.rules = table.rules();
        for (Rule rule : rules) {
            targetsOfRule.add(rule.targets().stream()
                    .map(target -> newTarget(rule.name(), target, rule.logstore()))
                    .toList());
        }
        this.unmatched = unmatched(table.unmatched());
        this.malformed = table.malformed() instanceof DefaultRule.To to
                ? new Decision(Decision.Fate.DELIVERED, List.of(newTarget(RuleTarget.MALFORMED, to.target(), null)))
                : null;
    }

    private Decision unmatched(DefaultRule rule) {
        if (rule instanceof DefaultRule.To to) {
            return new Decision(
                    Decision.Fate.UNMATCHED_DELIVERED, List.of(newTarget(RuleTarget.UNMATCHED, to.target(), null)));
        }
        boolean drops = rule instanceof DefaultRule.Drop;
        return new Decision(drops ? Decision.Fate.UNMATCHED_DROPPED : Decision.Fate.UNMATCHED_FAILED, List.of());
    }

    private RuleTarget newTarget(String rule, String target, @Nullable String logstore) {
        RuleTarget added = new RuleTarget(targets.size(), rule, target, logstore);
        targets.add(added);
        return added;
    }

    /** All targets that a decision can name, each at its index. */
    public List<RuleTarget> targets() {
        return List.copyOf(targets);
    }

    /**
     * Decides where a group goes.
     *
     * @throws MalformedLogGroupException when a rule has a condition on the source or a tag and the group cannot be
     *     parsed; then {@link #malformed()} applies
     */
    public Decision decide(RawLogGroup group) throws MalformedLogGroupException {
        Plan plan = plans.get(group.topic());
        if (plan == null) {
            plan = plan(group.topic());
            plans.put(group.topic(), plan);
        }
        Decision decision = plan.decision;
        return decision != null ? decision : decideByLabels(plan.rules, group);
    }

    /** The decision about a group that cannot be parsed; null when the job must fail. */
    public @Nullable Decision malformed() {
        return malformed;
    }

    private Plan plan(String topic) {
        List<Integer> candidates = new ArrayList<>();
        boolean topicDecides = true;
        for (int i = 0; i < rules.size(); i++) {
            Rule rule = rules.get(i);
            if (!rule.topic().matches(topic)) {
                continue;
            }
            candidates.add(i);
            topicDecides &= rule.asksTopicOnly();
            if (rule.asksTopicOnly() && !rule.continues()) {
                break;
            }
        }
        return topicDecides ? new Plan(decision(candidates), List.of()) : new Plan(null, List.copyOf(candidates));
    }

    private Decision decideByLabels(List<Integer> candidates, RawLogGroup group) throws MalformedLogGroupException {
        labels.reset(group);
        List<Integer> matching = new ArrayList<>(candidates.size());
        for (int i : candidates) {
            Rule rule = rules.get(i);
            if (fulfils(rule)) {
                matching.add(i);
                if (!rule.continues()) {
                    break;
                }
            }
        }
        return decision(matching);
    }

    private boolean fulfils(Rule rule) throws MalformedLogGroupException {
        if (!(rule.source() instanceof TextMatch.Any) && !rule.source().matches(labels.source())) {
            return false;
        }
        for (Map.Entry<String, TextMatch> tag : rule.tags().entrySet()) {
            if (!labels.hasTag(tag.getKey(), tag.getValue())) {
                return false;
            }
        }
        return true;
    }

    private Decision decision(List<Integer> matching) {
        if (matching.isEmpty()) {
            return unmatched;
        }
        Set<List<@Nullable String>> taken = new HashSet<>();
        List<RuleTarget> result = new ArrayList<>();
        for (int i : matching) {
            for (RuleTarget target : targetsOfRule.get(i)) {
                // A target by template may get a group twice, for two logstores.
                if (taken.add(Arrays.asList(target.target(), target.logstore()))) {
                    result.add(target);
                }
            }
        }
        return new Decision(result.isEmpty() ? Decision.Fate.DROPPED : Decision.Fate.DELIVERED, result);
    }
}
