package io.slsdispatch.job.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.flink.runtime.metrics.util.MetricUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricNamesTest {

    @TempDir
    private Path folder;

    @Test
    void warnsOfRulesThatTheDefaultFilterMerges() throws Exception {
        List<String> warnings = warnings(
                List.of("x"),
                "{name: a-b, topic: t1, to: x}",
                "{name: a_b, topic: t2, to: x}",
                "{name: other, topic: t3, to: x}",
                "{name: a.b, topic: t4, to: x}");

        assertThat(warnings).singleElement().satisfies(warning -> assertThat(warning)
                .startsWith("Rules 'a-b', 'a_b', 'a.b' have one name in metrics, 'a_b', if ")
                .contains("filterLabelValueCharacters: false"));
    }

    @Test
    void warnsOfARuleWithANameLikeTheNumberOfAnother() throws Exception {
        assertThat(warnings(List.of("x"), "{topic: t1, to: x}", "{name: rule_1, topic: t2, to: x}"))
                .singleElement()
                .satisfies(warning -> assertThat(warning).contains("'rule 1', 'rule_1'"));
    }

    @Test
    void warnsOfTargetsThatTheDefaultFilterMerges() throws Exception {
        assertThat(warnings(List.of("nginx-logs", "nginx_logs", "audit"), "{topic: t1, to: audit}"))
                .singleElement()
                .satisfies(warning ->
                        assertThat(warning).startsWith("Targets 'nginx-logs', 'nginx_logs' have one name in metrics,"));
    }

    @Test
    void longestNameOfATargetIsWithinWhatFlinkKeepsOfAnOperatorsName() throws Exception {
        String longest = "a".repeat(63);
        String operator = "put to " + longest + ": Writer";

        assertThat(MetricUtils.truncateOperatorName(operator)).isEqualTo(operator);
        assertThat(warnings(List.of(longest), "{topic: t1, to: " + longest + "}"))
                .isEmpty();
        assertThatThrownBy(() -> warnings(List.of(longest + "a"), "{topic: t1, to: x}"))
                .hasMessageContaining("63");
    }

    @Test
    void listsOnlySomeOfMany() throws Exception {
        String[] rules = Stream.of("a--b", "a-_b", "a_-b", "a__b", "a..b", "a._b", "a_.b")
                .map(name -> "{name: '" + name + "', topic: '" + name + "', to: x}")
                .toArray(String[]::new);

        assertThat(warnings(List.of("x"), rules)).singleElement().satisfies(warning -> assertThat(warning)
                .contains("'a__b', 'a..b' and 2 more have"));
    }

    @Test
    void doesNotWarnOfNamesThatDiffer() throws Exception {
        assertThat(warnings(List.of("a", "A", "b"), "{name: a, topic: t1, to: a}", "{name: b, topic: t2, to: a}"))
                .isEmpty();
    }

    private List<String> warnings(List<String> targets, String... rules) throws Exception {
        StringBuilder yaml = new StringBuilder("""
                source:
                  endpoint: sls.test
                  project: my-project
                  logstore: all-logs
                  credentials: {access-key-id: "${ID}", access-key-secret: "${KEY}"}
                targets:
                """);
        int number = 0;
        for (String target : targets) {
            yaml.append("  - {name: '" + target + "', logstore: target-" + ++number + "}\n");
        }
        yaml.append("routes:\n");
        for (String rule : rules) {
            yaml.append("  - " + rule + "\n");
        }
        yaml.append("default-route: drop\n");
        Path file = Files.writeString(folder.resolve("dispatch.yaml"), yaml);
        return MetricNames.collisions(ConfigReader.readFile(file, Map.of("ID", "i", "KEY", "k"), Instant.now()));
    }
}
