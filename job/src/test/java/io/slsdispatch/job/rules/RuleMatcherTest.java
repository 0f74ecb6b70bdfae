package io.slsdispatch.job.rules;

import static io.slsdispatch.testing.LogGroupBuilder.logGroup;
import static io.slsdispatch.testing.LogGroupBuilder.ofTopic;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.wire.MalformedLogGroupException;
import io.slsdispatch.job.rules.Decision.Fate;
import io.slsdispatch.job.rules.RuleTable.DefaultRule;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class RuleMatcherTest {

    @Test
    void firstRuleThatMatchesDecides() throws Exception {
        RuleMatcher matcher = matcherOf(
                Rule.ofTopic("errors", TextMatch.glob("*-error"), "errors"),
                Rule.ofTopic("nginx", TextMatch.prefix("nginx"), "nginx"));

        assertThat(targets(matcher, ofTopic("nginx-error"))).containsExactly("errors");
        assertThat(targets(matcher, ofTopic("nginx-access"))).containsExactly("nginx");
    }

    @Test
    void ruleThatContinuesAddsTheTargetsOfLaterOnesEachOnce() throws Exception {
        RuleMatcher matcher = matcherOf(
                new Rule("archive", TextMatch.ANY, TextMatch.ANY, Map.of(), List.of("archive"), true),
                Rule.ofTopic("nginx", TextMatch.exactly("nginx"), "nginx", "archive"),
                Rule.ofTopic("never reached", TextMatch.exactly("nginx"), "other"));

        assertThat(targets(matcher, ofTopic("nginx"))).containsExactly("archive", "nginx");
        assertThat(targets(matcher, ofTopic("click"))).containsExactly("archive");
    }

    @Test
    void groupWithoutTopicIsMatchedByTheEmptyText() throws Exception {
        RuleMatcher matcher = matcherOf(Rule.ofTopic("none", TextMatch.exactly(""), "none"));

        assertThat(targets(matcher, logGroup().source("10.0.0.1").build())).containsExactly("none");
    }

    @Test
    void ruleAsksForSourceAndTags() throws Exception {
        RuleMatcher matcher = matcherOf(
                new Rule(
                        "eu",
                        TextMatch.exactly("nginx"),
                        TextMatch.prefix("10.1."),
                        Map.of("__hostname__", TextMatch.glob("web-*")),
                        List.of("eu"),
                        false),
                Rule.ofTopic("rest", TextMatch.exactly("nginx"), "rest"));

        assertThat(targets(matcher, nginx("10.1.2.3", "web-1"))).containsExactly("eu");
        assertThat(targets(matcher, nginx("10.2.2.3", "web-1"))).containsExactly("rest");
        assertThat(targets(matcher, nginx("10.1.2.3", "db-1"))).containsExactly("rest");
        assertThat(targets(matcher, nginx("10.1.2.3", "web-9"))).containsExactly("eu");
    }

    @Test
    void tagConditionHoldsWhenOneOfSeveralTagsWithTheKeyFulfilsIt() throws Exception {
        RuleMatcher matcher = matcherOf(new Rule(
                "client", TextMatch.ANY, TextMatch.ANY, Map.of("ip", TextMatch.exactly("b")), List.of("t"), false));

        RawLogGroup twice = logGroup().tag("ip", "a").tag("ip", "b").build();
        assertThat(targets(matcher, twice)).containsExactly("t");
        assertThat(matcher.decide(logGroup().tag("ip", "a").tag("host", "b").build())
                        .fate())
                .isEqualTo(Fate.UNMATCHED_DROPPED);
    }

    @Test
    void lastSourceCountsWhenItStandsThereTwice() throws Exception {
        RuleMatcher matcher = matcherOf(
                new Rule("source", TextMatch.ANY, TextMatch.exactly("second"), Map.of(), List.of("t"), false));

        assertThat(targets(matcher, logGroup().source("first").source("second").build()))
                .containsExactly("t");
    }

    @Test
    void ruleWithoutTargetsDrops() throws Exception {
        RuleMatcher matcher = matcherOf(Rule.ofTopic("health", TextMatch.exactly("health")));

        assertThat(matcher.decide(ofTopic("health")).fate()).isEqualTo(Fate.DROPPED);
    }

    @Test
    void unmatchedGroupsGoWhereTheTableSays() throws Exception {
        Rule rule = Rule.ofTopic("a", TextMatch.exactly("a"), "a");
        RawLogGroup other = ofTopic("b");

        assertThat(matcher(List.of(rule), new DefaultRule.Drop()).decide(other).fate())
                .isEqualTo(Fate.UNMATCHED_DROPPED);
        assertThat(matcher(List.of(rule), new DefaultRule.Fail()).decide(other).fate())
                .isEqualTo(Fate.UNMATCHED_FAILED);
        Decision toTarget = matcher(List.of(rule), new DefaultRule.To("rest")).decide(other);
        assertThat(toTarget.fate()).isEqualTo(Fate.UNMATCHED_DELIVERED);
        assertThat(toTarget.targets()).extracting(Decision.RuleTarget::target).containsExactly("rest");
    }

    @Test
    void groupThatCannotBeWalkedMattersOnlyWhenARuleOfItsTopicLooksInside() throws Exception {
        RuleMatcher matcher = matcherOf(
                new Rule(
                        "inside", TextMatch.exactly("a"), TextMatch.exactly("10.0.0.1"), Map.of(), List.of("t"), false),
                Rule.ofTopic("outside", TextMatch.exactly("b"), "t"));

        assertThat(targets(matcher, logGroup().topic("b").garbage().build())).containsExactly("t");
        assertThatExceptionOfType(MalformedLogGroupException.class)
                .isThrownBy(() -> matcher.decide(logGroup().topic("a").garbage().build()));
        assertThat(matcher.malformed()).isNull();
        assertThat(targets(matcher, logGroup().topic("a").source("10.0.0.1").build()))
                .as("the matcher goes on after a malformed group")
                .containsExactly("t");
    }

    @Test
    void topicsThatAreNotUtf8StayApart() throws Exception {
        RuleMatcher matcher = matcherOf(
                Rule.ofTopic("ff", TextMatch.exactly("\uDCFF"), "ff"),
                Rule.ofTopic("fe", TextMatch.exactly("\uDCFE"), "fe"));

        assertThat(targets(matcher, ofTopic("\uDCFF"))).containsExactly("ff");
        assertThat(targets(matcher, ofTopic("\uDCFE"))).containsExactly("fe");
    }

    @Test
    void decidesTheSameAfterTheTableTravelledToAnotherJvm() throws Exception {
        RuleTable table = new RuleTable(
                List.of(new Rule(
                        "r",
                        TextMatch.anyOf(List.of(TextMatch.regex("a+"), TextMatch.glob("b?c"))),
                        TextMatch.ANY,
                        Map.of(),
                        List.of("t"),
                        false)),
                new DefaultRule.Drop(),
                new DefaultRule.Fail());

        RuleTable travelled = copy(table);

        assertThat(travelled).isEqualTo(table);
        assertThat(travelled.rules().get(0).asksTopicOnly()).isTrue();
        assertThat(targets(new RuleMatcher(travelled), ofTopic("aaa"))).containsExactly("t");
    }

    @Property
    void decidesAsAPlainReadingOfTheRulesWould(
            @ForAll("tables") RuleTable table, @ForAll("streams") List<RawLogGroup> groups) throws Exception {
        RuleMatcher matcher = new RuleMatcher(table);

        for (RawLogGroup group : groups) {
            Set<String> expected = plainReading(table, group);
            assertThat(targets(matcher, group)).containsExactlyElementsOf(expected);
        }
    }

    /** The definition of the rule table, without memory, shortcuts or laziness. Labels are read back from the bytes. */
    private static Set<String> plainReading(RuleTable table, RawLogGroup group) throws MalformedLogGroupException {
        GroupLabels labels = new GroupLabels();
        labels.reset(group);
        Set<String> targets = new LinkedHashSet<>();
        boolean matched = false;
        for (Rule rule : table.rules()) {
            boolean fulfilled =
                    rule.topic().matches(group.topic()) && rule.source().matches(labels.source());
            for (Map.Entry<String, TextMatch> tag : rule.tags().entrySet()) {
                fulfilled &= labels.hasTag(tag.getKey(), tag.getValue());
            }
            if (fulfilled) {
                matched = true;
                targets.addAll(rule.targets());
                if (!rule.continues()) {
                    break;
                }
            }
        }
        if (!matched && table.unmatched() instanceof DefaultRule.To to) {
            targets.add(to.target());
        }
        return targets;
    }

    @Provide
    Arbitrary<RuleTable> tables() {
        Arbitrary<TextMatch> text = Arbitraries.of(
                TextMatch.ANY,
                TextMatch.exactly("a"),
                TextMatch.exactly(""),
                TextMatch.prefix("a"),
                TextMatch.glob("?b"),
                TextMatch.regex("[ab]+"));
        Arbitrary<Map<String, TextMatch>> tags =
                Arbitraries.maps(Arbitraries.of("k", "l"), text).ofMaxSize(1);
        Arbitrary<List<String>> targets =
                Arbitraries.of("t1", "t2", "t3").list().uniqueElements().ofMinSize(1);
        Arbitrary<Rule> rule = Combinators.combine(text, text, tags, targets, Arbitraries.of(true, false))
                .as((topic, source, tag, to, continues) -> new Rule("rule", topic, source, tag, to, continues));
        return Combinators.combine(
                        rule.list().ofMaxSize(5),
                        Arbitraries.<DefaultRule>of(new DefaultRule.Drop(), new DefaultRule.To("rest")))
                .as((rules, otherwise) -> new RuleTable(rules, otherwise, new DefaultRule.Fail()));
    }

    @Provide
    Arbitrary<List<RawLogGroup>> streams() {
        Arbitrary<String> word = Arbitraries.of("", "a", "b", "ab", "aab");
        Arbitrary<RawLogGroup> group = Combinators.combine(word, word, word, word)
                .as((topic, source, k, l) -> logGroup()
                        .tag("k", k)
                        .topic(topic)
                        .source(source)
                        .tag("l", l)
                        .build());
        return group.list().ofMaxSize(20);
    }

    private static RawLogGroup nginx(String source, String host) {
        return logGroup()
                .tag("other", "x")
                .tag("__hostname__", host)
                .topic("nginx")
                .source(source)
                .build();
    }

    private static List<String> targets(RuleMatcher matcher, RawLogGroup group) throws MalformedLogGroupException {
        return matcher.decide(group).targets().stream()
                .map(Decision.RuleTarget::target)
                .toList();
    }

    private static RuleMatcher matcherOf(Rule... rules) {
        return matcher(List.of(rules), new DefaultRule.Drop());
    }

    private static RuleMatcher matcher(List<Rule> rules, DefaultRule unmatched) {
        return new RuleMatcher(new RuleTable(rules, unmatched, new DefaultRule.Fail()));
    }

    private static RuleTable copy(RuleTable table) throws IOException, ClassNotFoundException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(table);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return (RuleTable) in.readObject();
        }
    }
}
