package io.slsdispatch.job.rules;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Search for shadowed rules, which never get a group because earlier rules take every group that they could match.
 * Exact topics are looked up in a map, since there may be thousands of rules. With very many patterns the search stops
 * after a limited amount of work and may find fewer.
 */
public final class ShadowedRules {

    /**
     * A rule, or a part of one, that never gets a group.
     *
     * @param rule index of the rule, from 0
     * @param topic the part of its topic condition that never gets a group
     * @param takenBy index of the rule that takes it, from 0
     * @param wholly whether the rule as a whole is shadowed and not only this part of its topic condition
     */
    public record Shadowed(int rule, TextMatch topic, int takenBy, boolean wholly) {}

    /** Maximum number of comparisons of one pattern element with another: about 1 s. */
    private static final long MAX_WORK = 300_000_000;

    private final List<Rule> rules = new ArrayList<>();
    private final List<Integer> sizes = new ArrayList<>();
    private long work;
    private final Map<String, List<Integer>> byExactTopic = new HashMap<>();
    private final List<Integer> byPattern = new ArrayList<>();

    private ShadowedRules() {}

    /**
     * Returns the rules, and parts of rules, that are certain never to match. It compares exact texts, prefixes, globs
     * and equal expressions.
     */
    public static List<Shadowed> in(List<Rule> rules) {
        List<Shadowed> found = new ArrayList<>();
        ShadowedRules earlier = new ShadowedRules();
        for (int later = 1; later < rules.size(); later++) {
            earlier.add(rules.get(later - 1));
            Rule rule = rules.get(later);
            List<Shadowed> ofThis = new ArrayList<>();
            for (TextMatch topic : rule.topicAlternatives()) {
                int takenBy = earlier.firstTaking(rule, topic);
                if (takenBy >= 0) {
                    ofThis.add(new Shadowed(later, topic, takenBy, false));
                }
            }
            if (ofThis.size() == rule.topicAlternatives().size()) {
                found.add(new Shadowed(later, rule.topic(), ofThis.get(0).takenBy(), true));
            } else {
                found.addAll(ofThis);
            }
        }
        return found;
    }

    /** Adds the next rule, in order. */
    private void add(Rule rule) {
        int place = rules.size();
        rules.add(rule);
        sizes.add(rule.topic().size());
        if (rule.continues()) {
            return;
        }
        boolean patterns = false;
        for (TextMatch topic : rule.topicAlternatives()) {
            if (topic instanceof TextMatch.Exactly exactly) {
                byExactTopic
                        .computeIfAbsent(exactly.text(), text -> new ArrayList<>())
                        .add(place);
            } else {
                patterns = true;
            }
        }
        if (patterns) {
            byPattern.add(place);
        }
    }

    /**
     * The index of the first rule that takes every group that a later rule matches by this part of its topic; -1 for
     * none.
     */
    private int firstTaking(Rule rule, TextMatch topic) {
        int first = firstTaking(byPattern, rule, topic);
        // An exact topic covers only itself.
        int exact = topic instanceof TextMatch.Exactly exactly
                ? firstTaking(byExactTopic.getOrDefault(exactly.text(), List.of()), rule, topic)
                : -1;
        return first < 0 || (exact >= 0 && exact < first) ? exact : first;
    }

    private int firstTaking(List<Integer> places, Rule rule, TextMatch topic) {
        int size = topic.size() + 1;
        for (int place : places) {
            work += (long) sizes.get(place) * size;
            if (work > MAX_WORK) {
                return -1;
            }
            if (rules.get(place).covers(rule, topic)) {
                return place;
            }
        }
        return -1;
    }
}
