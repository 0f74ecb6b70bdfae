package io.slsdispatch.job.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.job.rules.ShadowedRules.Shadowed;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ShadowedRulesTest {

    private static final Rule APP = Rule.ofTopic("app", TextMatch.prefix("app-"), "t");

    @Test
    void ruleBehindOneThatTakesAllItsTopicsIsUnreachable() {
        Rule later = Rule.ofTopic("one", TextMatch.exactly("app-1"), "t");

        assertThat(ShadowedRules.in(List.of(APP, later))).containsExactly(new Shadowed(1, later.topic(), 0, true));
    }

    @Test
    void partOfAListIsUnreachableWhileTheRuleIsNot() {
        Rule later = Rule.ofTopic(
                "some", TextMatch.anyOf(List.of(TextMatch.exactly("other"), TextMatch.exactly("app-1"))), "t");

        assertThat(ShadowedRules.in(List.of(APP, later)))
                .containsExactly(new Shadowed(1, TextMatch.exactly("app-1"), 0, false));
    }

    @Test
    void ruleThatContinuesHidesNothing() {
        Rule copies = new Rule("copies", TextMatch.ANY, TextMatch.ANY, Map.of(), List.of("t"), true);

        assertThat(ShadowedRules.in(List.of(copies, APP))).isEmpty();
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

        assertThat(ShadowedRules.in(List.of(eu, APP))).isEmpty();
        assertThat(ShadowedRules.in(List.of(eu, west))).hasSize(1);
        assertThat(ShadowedRules.in(List.of(west, eu))).isEmpty();
    }

    @Test
    void ruleIsUnreachableWhenSeveralEarlierOnesTogetherTakeItsList() {
        Rule a = Rule.ofTopic("a", TextMatch.exactly("a"), "t");
        Rule b = Rule.ofTopic("b", TextMatch.exactly("b"), "t");
        Rule both = Rule.ofTopic("both", TextMatch.anyOf(List.of(TextMatch.exactly("a"), TextMatch.exactly("b"))), "t");

        assertThat(ShadowedRules.in(List.of(a, b, both)))
                .singleElement()
                .extracting(Shadowed::wholly)
                .isEqualTo(true);
    }
}
