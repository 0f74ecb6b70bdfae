package io.slsdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.job.probe.Assumption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** {@code docs/assumptions.md}, the probe of the job and the switches of SLS Local name the same assumptions. */
class AssumptionsTest {

    private static final Path PAGE = Path.of("..", "docs", "assumptions.md");
    private static final Pattern ROW = Pattern.compile(
            "(?m)^\\| `(?<name>[a-z0-9-]+)` \\| (?<assumed>[^|]+) \\| (?<source>[^|]+) \\| (?<otherwise>[^|]+) \\|"
                    + " (?<yes>[^|]+) \\| (?<no>[^|]+) \\|$");
    private static final Pattern TEST = Pattern.compile("`(\\w+)#(\\w+)`");

    private static Map<String, Matcher> rows() throws Exception {
        Map<String, Matcher> rows = new LinkedHashMap<>();
        Matcher row = ROW.matcher(Files.readString(PAGE));
        while (row.find()) {
            Matcher one = ROW.matcher(row.group());
            assertThat(one.matches()).isTrue();
            assertThat(rows.put(row.group("name"), one))
                    .as("two rows %s", row.group("name"))
                    .isNull();
        }
        return rows;
    }

    @Test
    void pageProbeAndSwitchesHaveTheSameNamesInTheSameOrder() throws Exception {
        List<String> probed =
                Arrays.stream(Assumption.values()).map(Assumption::id).toList();
        List<String> switches = Arrays.stream(io.slsdispatch.local.settings.Assumption.values())
                .map(io.slsdispatch.local.settings.Assumption::id)
                .toList();

        assertThat(switches).isEqualTo(probed);
        assertThat(rows().keySet()).containsExactlyInAnyOrderElementsOf(probed);
    }

    @Test
    void thePageSaysWhatTheProbeAssumesAndASwitchAnswersSomethingElse() throws Exception {
        Map<String, Matcher> rows = rows();
        for (Assumption each : Assumption.values()) {
            assertThat(rows.get(each.id()).group("assumed")).as(each.id()).isEqualTo(each.assumed());
            assertThat(io.slsdispatch.local.settings.Assumption.named(each.id()))
                    .hasValueSatisfying(
                            answer -> assertThat(answer.otherAnswer()).isNotEqualTo(each.assumed()));
        }
    }

    @Test
    void everyRowHasASourceAndATestForEachAnswer() throws Exception {
        Map<String, String> sources = FailureScenariosTest.testSources();
        rows().forEach((name, row) -> {
            assertThat(row.group("source")).as("source of %s", name).isNotBlank();
            for (String column : List.of("yes", "no")) {
                Matcher test = TEST.matcher(row.group(column));
                int tests = 0;
                while (test.find()) {
                    tests++;
                    String source = sources.getOrDefault(test.group(1), "");
                    assertThat(FailureScenariosTest.isTest(source, test.group(2)))
                            .as("test %s of %s", test.group(), name)
                            .isTrue();
                }
                assertThat(tests).as("tests of %s", name).isPositive();
            }
        });
    }
}
