package io.slsdispatch.job.rules;

import static io.slsdispatch.testing.LogGroupBuilder.logGroup;
import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.job.rules.Explanation.Labels;
import io.slsdispatch.job.rules.Explanation.Outcome;
import io.slsdispatch.job.rules.RuleTable.DefaultRule;
import io.slsdispatch.testing.LogGroupBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ExplanationTest {

    private static final TextMatch SQL = TextMatch.exactly("sql");

    @Test
    void saysOfEachRuleWhatItMadeOfTheGroup() {
        RuleTable table = table(
                new DefaultRule.Drop(),
                Rule.ofTopic("one", TextMatch.prefix("nginx"), "a"),
                new Rule("two", SQL, TextMatch.exactly("10.1"), Map.of(), List.of("b"), false),
                new Rule("three", SQL, TextMatch.ANY, Map.of("host", TextMatch.exactly("db")), List.of("c"), false),
                new Rule("four", SQL, TextMatch.ANY, Map.of(), List.of("d"), true),
                Rule.ofTopic("five", SQL, "d", "e"),
                Rule.ofTopic("six", TextMatch.ANY, "f"));

        Explanation explanation =
                Explanation.of(table, new Labels("sql", "10.2", Map.of("host", List.of("web", "cache"))));

        assertThat(explanation.targets()).containsExactly("d", "e");
        assertThat(explanation.fate()).isEqualTo(Decision.Fate.DELIVERED);
        assertThat(explanation.steps())
                .extracting(Explanation.Step::outcome)
                .containsExactly(
                        Outcome.NOT_MATCHED,
                        Outcome.NOT_MATCHED,
                        Outcome.NOT_MATCHED,
                        Outcome.MATCHED,
                        Outcome.MATCHED,
                        Outcome.NOT_REACHED);
        assertThat(explanation.steps())
                .extracting(Explanation.Step::why)
                .containsExactly(
                        "topic is 'sql', expected prefix 'nginx'",
                        "source is '10.2', expected '10.1'",
                        "tag host is 'web', 'cache', expected 'db'",
                        "",
                        "",
                        "'five' matched first");
    }

    @Test
    void saysTheSameAsTheMatcherOfWhateverGroup() throws Exception {
        Random random = new Random(7);
        for (int round = 0; round < 300; round++) {
            RuleTable table = randomTable(random);
            RuleMatcher matcher = new RuleMatcher(table);
            for (int i = 0; i < 20; i++) {
                String topic = pick(random, "a", "ab", "b", "");
                String source = pick(random, "", "x", "y");
                String host = pick(random, "x", "y");
                boolean tagged = random.nextBoolean();
                LogGroupBuilder group = logGroup().topic(topic).source(source);
                Decision decision = matcher.decide((tagged ? group.tag("host", host) : group).build());

                Explanation explanation = Explanation.of(
                        table, new Labels(topic, source, tagged ? Map.of("host", List.of(host)) : Map.of()));

                assertThat(explanation.fate()).as("%s %s", table, topic).isEqualTo(decision.fate());
                assertThat(explanation.targets())
                        .containsExactlyElementsOf(decision.targets().stream()
                                .map(Decision.RuleTarget::target)
                                .toList());
            }
        }
    }

    private static RuleTable randomTable(Random random) {
        List<Rule> rules = new ArrayList<>();
        int count = 1 + random.nextInt(5);
        for (int i = 0; i < count; i++) {
            TextMatch topic =
                    pick(random, TextMatch.ANY, TextMatch.exactly("a"), TextMatch.prefix("a"), TextMatch.glob("?"));
            TextMatch source = pick(random, TextMatch.ANY, TextMatch.ANY, TextMatch.exactly("x"));
            Map<String, TextMatch> tags = random.nextInt(3) == 0 ? Map.of("host", TextMatch.exactly("x")) : Map.of();
            List<String> targets = pick(random, List.of("t1"), List.of("t2", "t3"), List.of("t1", "t3"), List.of());
            rules.add(new Rule("rule " + i, topic, source, tags, targets, !targets.isEmpty() && random.nextBoolean()));
        }
        return new RuleTable(
                rules,
                pick(random, new DefaultRule.Drop(), new DefaultRule.Fail(), new DefaultRule.To("rest")),
                new DefaultRule.Fail());
    }

    private static RuleTable table(DefaultRule unmatched, Rule... rules) {
        return new RuleTable(Stream.of(rules).toList(), unmatched, new DefaultRule.Fail());
    }

    @SafeVarargs
    private static <T> T pick(Random random, T... of) {
        return of[random.nextInt(of.length)];
    }
}
