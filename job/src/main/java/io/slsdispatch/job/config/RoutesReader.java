package io.slsdispatch.job.config;

import io.slsdispatch.job.config.ValueType.Reading;
import io.slsdispatch.job.rules.DefaultRule;
import io.slsdispatch.job.rules.Rule;
import io.slsdispatch.job.rules.RuleTable;
import io.slsdispatch.job.rules.ShadowedRules;
import io.slsdispatch.job.rules.TextMatch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the section {@code routes}, the default route and what happens to malformed groups. */
final class RoutesReader {

    private final Reading reading;
    private final Mistakes mistakes;
    private final Set<String> targets;
    private final Map<String, Place> names = new HashMap<>();

    RoutesReader(Reading reading, Set<String> targets) {
        this.reading = reading;
        this.mistakes = reading.mistakes();
        this.targets = targets;
    }

    /** The rule table; null when something is missing or wrong. */
    @Nullable
    RuleTable table(List<ConfigNode> sections, Values top) {
        if (sections.size() > RulesBudget.MAX_RULES) {
            mistakes.add(
                    sections.get(RulesBudget.MAX_RULES).place(),
                    "These are " + sections.size() + " rules; expected at most " + RulesBudget.MAX_RULES + ".",
                    "One rule may list many topics.");
            return null;
        }
        List<Rule> rules = new ArrayList<>();
        List<Place> places = new ArrayList<>();
        int number = 0;
        for (ConfigNode section : sections) {
            Values values = Section.read(section, RouteOptions.ALL, reading);
            String numbered = "rule " + ++number;
            Rule rule = Build.of(values.place(), mistakes, () -> rule(values, numbered));
            if (rule != null) {
                rules.add(rule);
                places.add(values.placeOf(RouteOptions.TOPIC));
            }
        }
        noteShadowed(rules, places);
        DefaultRule unmatched = otherwise(top, JobOptions.DEFAULT_ROUTE);
        DefaultRule malformed = otherwise(top, JobOptions.ON_MALFORMED);
        return Build.of(
                top.place(), mistakes, () -> new RuleTable(rules, Build.need(unmatched), Build.need(malformed)));
    }

    private Rule rule(Values values, String numbered) {
        Section.require(values, List.of(RouteOptions.TO), mistakes);
        String given = values.getOrNull(RouteOptions.NAME);
        String name = given == null ? numbered : given;
        Place first = names.putIfAbsent(name, values.placeOf(RouteOptions.NAME));
        if (first != null) {
            mistakes.add(
                    values.placeOf(RouteOptions.NAME),
                    name,
                    "Another rule has this name, at " + first.where() + ".",
                    "Give each rule a name of its own.");
        }
        // The targets first, so that a mistake in a condition does not hide one there.
        boolean continues = Boolean.TRUE.equals(values.find(RouteOptions.CONTINUE));
        List<String> targets = targets(values, continues);
        return new Rule(
                name,
                Objects.requireNonNullElse(values.getOrNull(RouteOptions.TOPIC), TextMatch.ANY),
                Objects.requireNonNullElse(values.getOrNull(RouteOptions.SOURCE), TextMatch.ANY),
                Objects.requireNonNullElse(values.getOrNull(RouteOptions.TAGS), Map.of()),
                targets,
                continues);
    }

    private List<String> targets(Values values, boolean continues) {
        List<String> names = values.get(RouteOptions.TO);
        Place place = values.placeOf(RouteOptions.TO);
        if (names.contains(JobOptions.DROP)) {
            if (names.size() > 1 || continues) {
                mistakes.add(
                        place,
                        String.join(", ", names),
                        "What is dropped goes nowhere else.",
                        "Write 'to: drop' alone, without 'continue', or leave it out.");
            }
            return List.of();
        }
        names.forEach(name -> requireTarget(name, place));
        return names;
    }

    private void requireTarget(String name, Place place) {
        // Without any target that is the mistake to be told, not each rule that names one.
        if (!targets.isEmpty() && !targets.contains(name)) {
            String cure = Suggestion.instead(name, targets);
            mistakes.add(place, name, "There is no target with this name.", cure);
        }
    }

    private @Nullable DefaultRule otherwise(Values top, Option<String> option) {
        String text = top.find(option);
        if (text == null) {
            return null;
        }
        if (text.equals(JobOptions.DROP)) {
            return new DefaultRule.Drop();
        }
        if (text.equals(JobOptions.FAIL)) {
            return new DefaultRule.Fail();
        }
        requireTarget(text, top.placeOf(option));
        return new DefaultRule.To(text);
    }

    private void noteShadowed(List<Rule> rules, List<Place> places) {
        for (ShadowedRules.Shadowed shadowed : ShadowedRules.in(rules)) {
            Rule taker = rules.get(shadowed.takenBy());
            String what = shadowed.wholly() ? "This rule" : "This part of the rule";
            mistakes.add(
                    places.get(shadowed.rule()),
                    shadowed.topic().toString(),
                    what + " never gets a log group: '" + taker.name() + "' at "
                            + places.get(shadowed.takenBy()).where() + " takes them all before.",
                    "Move it before that rule, take it out, or let that rule 'continue'.");
        }
    }
}
