package io.slsdispatch.job.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.job.rules.Decision.RuleTarget;
import io.slsdispatch.job.rules.RuleMatcher;
import io.slsdispatch.job.rules.RuleSet;
import io.slsdispatch.job.rules.RuleTable;
import io.slsdispatch.job.rules.RulesReader;
import io.slsdispatch.job.yaml.ConfigErrors;
import io.slsdispatch.job.yaml.InvalidConfigException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules that name a logstore of a target by template outright. */
class OutrightLogstoresTest {

    private static final KnownTargets TARGETS = targets("app-*", "team-*", "all-logs");

    private static KnownTargets targets(String... allow) {
        LogstoreNames names = new LogstoreNames(
                NameTemplate.parse("{topic}-logs"), AllowedNames.of(List.of(allow)), Map.of("all-logs", "the source"));
        return new KnownTargets(Set.of("by-app", "nginx"), Map.of("by-app", new KnownTargets.Template(names, null)));
    }

    private static RuleTable read(String routes) throws InvalidConfigException {
        ConfigErrors errors = new ConfigErrors();
        RuleTable table = RulesReader.parse("rules.yaml", routes + "\ndefault-route: drop\n", TARGETS, errors);
        errors.throwIfAny();
        return Objects.requireNonNull(table);
    }

    @Test
    void aRuleNamesALogstoreWithinAllow() throws Exception {
        RuleTable rules = read("routes: [{topic: billing, to: by-app, logstore: team-billing-logs}]");

        assertThat(rules.rules().get(0).logstore()).isEqualTo("team-billing-logs");
        assertThat(new RuleMatcher(rules).targets())
                .containsExactly(new RuleTarget(0, "rule 1", "by-app", "team-billing-logs"));
        assertThat(TARGETS.accept(RuleSet.first(rules))).isTrue();
        assertThat(targets("app-*").accept(RuleSet.first(rules)))
                .as("restored rules, when 'allow' changed")
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "to: by-app, logstore: billing-logs|does not match 'allow' (app-*, team-*, all-logs)",
                "to: by-app, logstore: all-logs|the logstore 'all-logs' is the source",
                "to: by-app, logstore: Team|3 to 63 of a-z",
                "to: by-app, logstore: ab|3 to 63 of a-z",
                "to: nginx, logstore: team-logs|'nginx' has a logstore of its own",
                "to: '[nginx, by-app]', logstore: team-logs|'to' names several targets",
                "to: drop, logstore: team-logs|'to' names none",
                "to: by-ap, logstore: team-logs|There is no target with this name"
            })
    void otherLogstoresAreRefusedWithTheReason(String rule, String reason) {
        assertThatExceptionOfType(InvalidConfigException.class)
                .isThrownBy(() -> read("routes: [{topic: a, " + rule.replace("'", "") + "}]"))
                .withMessageContaining(reason)
                .withMessageContaining("rules.yaml");
    }

    @Test
    void aGroupCanGoToTwoLogstoresOfOneTarget() throws Exception {
        RuleTable rules = read("""
                routes:
                  - {topic: app-a, to: by-app, continue: true}
                  - {topic: app-a, to: by-app, logstore: team-logs, continue: true}
                  - {source: x, to: by-app, logstore: team-logs, continue: true}
                  - {to: by-app}
                """);

        byte[] nothing = new byte[0];
        assertThat(new RuleMatcher(rules)
                        .decide(new RawLogGroup(nothing, 0, 0, "app-a", 0, "", 0))
                        .targets())
                .extracting(RuleTarget::logstore)
                .as("each logstore once, however many rules name it")
                .containsExactly(null, "team-logs");
    }
}
