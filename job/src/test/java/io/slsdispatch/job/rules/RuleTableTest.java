package io.slsdispatch.job.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.job.rules.RuleTable.Unreachable;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RuleTableTest {

    private static final Rule APP = Rule.ofTopic("app", TextMatch.prefix("app-"), "t");

    @Test
    void ruleBehindOneThatTakesAllItsTopicsIsUnreachable() {
        Rule later = Rule.ofTopic("one", TextMatch.exactly("app-1"), "t");

        assertThat(RuleTable.unreachable(List.of(APP, later)))
                .containsExactly(new Unreachable(1, later.topic(), 0, true));
    }

    @Test
    void partOfAListIsUnreachableWhileTheRuleIsNot() {
        Rule later = Rule.ofTopic(
                "some", TextMatch.anyOf(List.of(TextMatch.exactly("other"), TextMatch.exactly("app-1"))), "t");

        assertThat(RuleTable.unreachable(List.of(APP, later)))
                .containsExactly(new Unreachable(1, TextMatch.exactly("app-1"), 0, false));
    }

    @Test
    void ruleThatContinuesHidesNothing() {
        Rule copies = new Rule("copies", TextMatch.ANY, TextMatch.ANY, Map.of(), List.of("t"), true);

        assertThat(RuleTable.unreachable(List.of(copies, APP))).isEmpty();
    }

    @Test
    void ruleThatAsksForMoreThanTheTopicHidesOnlyRulesThatAskForTheSame() {
        Rule eu = new Rule(
                "eu", TextMatch.ANY, TextMatch.ANY, Map.of("region", TextMatch.prefix("eu")), List.of("t"), false);
        Rule west = new Rule(
                "west",
                TextMatch.exactly("a"),
                TextMatch.ANY,
                Map.of("region", TextMatch.exactly("eu-west")),
                List.of("t"),
                false);

        assertThat(RuleTable.unreachable(List.of(eu, APP))).isEmpty();
        assertThat(RuleTable.unreachable(List.of(eu, west))).hasSize(1);
        assertThat(RuleTable.unreachable(List.of(west, eu))).isEmpty();
    }

    @Test
    void ruleIsUnreachableWhenSeveralEarlierOnesTogetherTakeItsList() {
        Rule a = Rule.ofTopic("a", TextMatch.exactly("a"), "t");
        Rule b = Rule.ofTopic("b", TextMatch.exactly("b"), "t");
        Rule both = Rule.ofTopic("both", TextMatch.anyOf(List.of(TextMatch.exactly("a"), TextMatch.exactly("b"))), "t");

        assertThat(RuleTable.unreachable(List.of(a, b, both)))
                .singleElement()
                .extracting(Unreachable::wholly)
                .isEqualTo(true);
    }
}
