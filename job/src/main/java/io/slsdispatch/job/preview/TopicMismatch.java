package io.slsdispatch.job.preview;

import io.slsdispatch.connector.text.ForeignText;
import io.slsdispatch.connector.text.Secrets;
import io.slsdispatch.job.preview.Preview.Kind;
import io.slsdispatch.job.preview.Preview.Row;
import io.slsdispatch.job.rules.RuleTable;
import io.slsdispatch.job.rules.TextMatch;
import io.slsdispatch.job.yaml.Suggestion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds signs in a sample that the rules name other topics than the source has. */
public final class TopicMismatch {

    private static final int MOST_TOPICS = 5;

    /** In shorter topics, a difference of two characters does not look like a misspelling. */
    private static final int SHORTEST = 4;

    private TopicMismatch() {}

    /** A description of the mismatch; empty when there is none, or the sample is empty. */
    public static Optional<String> find(RuleTable table, List<Row> sample) {
        List<String> unmatched = sample.stream()
                .filter(row -> row.kind() == Kind.UNMATCHED)
                .map(Row::topic)
                .toList();
        boolean noneMatches = sample.stream().noneMatch(row -> row.kind() == Kind.MATCHED);
        List<String> near = nearMisses(table, sample, unmatched);
        if (unmatched.isEmpty() || (near.isEmpty() && !noneMatches)) {
            return Optional.empty();
        }
        String found = noneMatches
                ? "none of the rules matches a sampled log group; the source has the topics " + named(unmatched) + ". "
                : "";
        return Optional.of(found + String.join(" ", near) + (near.isEmpty() ? "Compare with 'preview'." : ""));
    }

    /** Topics of rules that do not occur, although the source has a similar topic that no rule matches. */
    private static List<String> nearMisses(RuleTable table, List<Row> sample, List<String> unmatched) {
        TreeSet<String> occurring = sample.stream().map(Row::topic).collect(Collectors.toCollection(TreeSet::new));
        List<String> misses = new ArrayList<>();
        table.rules().stream()
                .flatMap(rule -> literals(rule.topic()))
                .distinct()
                .filter(topic -> topic.length() >= SHORTEST && !occurring.contains(topic))
                .forEach(topic -> Suggestion.near(topic, unmatched)
                        .filter(near -> !letters(near).equals(letters(topic)))
                        .ifPresent(near -> misses.add("The rules have the topic " + quoted(topic)
                                + ", which does not occur; the source has " + quoted(near)
                                + ", which no rule matches.")));
        return misses;
    }

    /** Topics that differ in their digits only are meant to differ. */
    private static String letters(String topic) {
        return topic.replaceAll("\\d+", "0");
    }

    private static String quoted(String topic) {
        return "'" + ForeignText.name(topic, Secrets.NONE, ForeignText.NAME) + "'";
    }

    private static String named(List<String> topics) {
        int more = topics.size() - MOST_TOPICS;
        return topics.stream().limit(MOST_TOPICS).map(TopicMismatch::quoted).collect(Collectors.joining(", "))
                + (more > 0 ? " and " + more + " more" : "");
    }

    private static Stream<String> literals(TextMatch match) {
        if (match instanceof TextMatch.Exactly exactly) {
            return Stream.of(exactly.text());
        }
        return match instanceof TextMatch.AnyOf several
                ? several.alternatives().stream().flatMap(TopicMismatch::literals)
                : Stream.empty();
    }
}
