package io.slsdispatch.job.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.slsdispatch.job.config.ConfigReader;
import io.slsdispatch.job.template.KnownTargets;
import io.slsdispatch.job.yaml.InvalidConfigException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a text of a megabyte must not be able to do to the process that reads it. */
@Timeout(60)
class RulesLimitsTest {

    private static final String END = "default-route: drop\ndispatch: {on-malformed: fail}\n";

    @TempDir
    private Path folder;

    @Test
    void anExpressionThatWouldExhaustTheHeapIsAMistakeWithItsPlace() throws Exception {
        String rules = "routes:\n  - {topic: {regex: '(((x{1000}){1000}){1000})'}, to: drop}\n" + END;

        refused(rules).withMessageContaining("rules.yaml:2:14").withMessageContaining("more than 10000 elements");
        assertThatExceptionOfType(InvalidConfigException.class)
                .isThrownBy(() -> ConfigReader.readFile(
                        Files.writeString(folder.resolve("dispatch.yaml"), """
                                source: {endpoint: sls.test, project: my-project, logstore: all,
                                    credentials: {access-key-id: "${ID}", access-key-secret: "${KEY}"}}
                                targets: [{name: nginx, logstore: nginx-logs}]
                                """ + rules), Map.of(), Instant.EPOCH))
                .withMessageContaining("dispatch.yaml:5:14")
                .withMessageContaining("more than 10000 elements");
    }

    @Test
    void expressionsThatAreTooManyTogetherAreOneMistake() throws Exception {
        String rules =
                "routes:\n" + repeated(100, i -> "  - {topic: {regex: '(x" + i + "{1000}){9}'}, to: drop}\n") + END;

        refused(rules).withMessageContaining("more than 500000 elements").withMessageContaining("has 1 error;");
    }

    @Test
    void anExpressionThatAnchorsRepeatCountsEachTime() throws Exception {
        String rules =
                "routes:\n  - topic: [&a {regex: '(x{1000}){9}'}" + ", *a".repeat(200) + "]\n    to: drop\n" + END;

        refused(rules).withMessageContaining("more than 500000 elements");
    }

    @Test
    void anchorsThatMultiplyAreAMistake() throws Exception {
        StringBuilder rules = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 12; i++) {
            rules.append("a").append(i).append(": &a").append(i).append(" [*a").append(i - 1);
            rules.append((", *a" + (i - 1)).repeat(9)).append("]\n");
        }

        refused(rules + END).withMessageContaining("anchors that repeat each other");
    }

    @Test
    void tooManyRulesAreAMistake() throws Exception {
        refused("routes:\n" + repeated(10_001, i -> "- {topic: t" + i + ", to: drop}\n") + END)
                .withMessageContaining("Found 10001 rules; expected at most 10000");
    }

    @Test
    void tenThousandRulesCanBeUsed() throws Exception {
        RuleTable table =
                read("routes:\n" + repeated(10_000, i -> "- {topic: {glob: 't" + i + "-*-*'}, to: drop}\n") + END);

        assertThat(table.rules()).hasSize(10_000);
    }

    @Test
    void tensOfThousandsOfPatternsThatAreComparedWithEachOtherEnd() throws Exception {
        String many = "[" + repeated(20_000, i -> "'*" + i + "?x*', ") + "'a*b']";

        RuleTable table = read("routes:\n- {topic: {glob: " + many + "}, to: drop}\n- {topic: {glob: "
                + many.replace("x", "y").replace("a*b", "c*d") + "}, to: drop}\n" + END);

        assertThat(table.rules()).hasSize(2);
    }

    /** The search for logins in a text took time by the square of its length. */
    @Test
    void aMegabyteInAWrongPlaceIsShownInPart() throws Exception {
        String text = "a".repeat(1_000_000);

        refused("routes:\n- {topic: t, to: " + text + "}\n" + END)
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(5_000));
        refused("routes:\n- {topic: t, to: drop, " + text + ": x}\n" + END)
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(5_000));
    }

    @Test
    void pathsOfNestedKeysDoNotMultiply() throws Exception {
        String nested = repeated(45, i -> "{" + "k".repeat(490) + i + ": ");
        String rules = nested + "[" + "a, ".repeat(60_000) + "a]" + "}".repeat(45);

        refused(rules).withMessageContaining("A key is longer than");
    }

    @Test
    void tensOfThousandsOfMistakesAreShownInPart() throws Exception {
        refused("routes: []\n" + repeated(30_000, i -> "k" + i + ": x\n"))
                .withMessageContaining("Unknown key")
                .withMessageContaining("more\n")
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(200_000));
    }

    private org.assertj.core.api.ThrowableAssertAlternative<InvalidConfigException> refused(String rules)
            throws Exception {
        return assertThatExceptionOfType(InvalidConfigException.class).isThrownBy(() -> read(rules));
    }

    private RuleTable read(String rules) throws Exception {
        Path file = Files.writeString(folder.resolve("rules.yaml"), rules);
        return RulesReader.read(
                RulesLoader.onceWith(RulesLocation.parse(file.toString()), duration -> {}),
                KnownTargets.named("nginx"));
    }

    private static String repeated(int times, java.util.function.IntFunction<String> text) {
        return IntStream.range(0, times).mapToObj(text).collect(Collectors.joining());
    }
}
