package io.slsdispatch.job.rules;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Rules by what they could take from later ones. An exact topic is looked up, since there may be thousands of rules. Among
 * very many patterns it looks for so long and then no longer: it finds less, and ends.
 */
final class ShadowedRules {

    /** Comparisons of one element of a pattern with one of another: about a second. */
    private static final long MAX_WORK = 300_000_000;

    private final List<Rule> rules = new ArrayList<>();
    private final List<Integer> sizes = new ArrayList<>();
    private long work;
    private final Map<String, List<Integer>> byExactTopic = new HashMap<>();
    private final List<Integer> byPattern = new ArrayList<>();

    /** The next rule, in order. */
    void add(Rule rule) {
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

    /** The place of the first that takes all that a later rule matches through this part of its topic; -1 for none. */
    int firstTaking(Rule rule, TextMatch topic) {
        int first = firstTaking(byPattern, rule, topic);
        // An exact topic covers nothing but itself.
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
