package io.slsdispatch.job.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigFingerprintTest {

    private static final String FILE = """
            source:
              endpoint: sls.test
              project: my-project
              logstore: all-logs
              start: end
              credentials: {access-key-id: "${ID}", access-key-secret: "${KEY}"}
            targets:
              - {name: one, logstore: one-logs}
              - {name: two, logstore: two-logs, ordered: true}
            routes:
              - {topic: {prefix: mysql-}, to: one}
              - {topic: nginx, to: [one, two]}
            default-route: drop
            checkpoint-interval: 10s
            """;

    private static final String SAME = """
            # Another way to say it.
            checkpoint-interval: 10000ms
            default-route: drop
            targets:
              - ordered: true
                logstore: two-logs
                name: two
              - {name: one, logstore: one-logs, batching: true}
            routes:
              - {topic: {prefix: mysql-}, to: [one]}
              - to: [one, two]
                topic: nginx
            source: {start: end, logstore: all-logs, project: my-project, endpoint: sls.test,
              credentials: {access-key-id: "${ID}", access-key-secret: "${KEY}"}}
            """;

    /** As a savepoint of the first build that has one holds it. */
    private static final String GOLDEN_1 = "1 execution=" + "0a".repeat(32) + " rules=" + "1b".repeat(32) + " source="
            + "2c".repeat(32) + " targets=" + "3d".repeat(32);

    @TempDir
    private Path folder;

    @Test
    void commentsOrderAndWritingMakeNoDifferenceNorDoesTheTimeOrTheSecret() throws Exception {
        ConfigFingerprint one = of(FILE, "1", "2026-01-01T00:00:00Z");

        assertThat(of(SAME, "another key", "2026-02-02T00:00:00Z"))
                .isEqualTo(one)
                .hasToString(one.hex());
        assertThat(one.hex()).matches("[0-9a-f]{64}");
    }

    @ParameterizedTest
    @CsvSource({
        "start: end,start: begin,source",
        "sls.test,sls2.test,source|targets",
        "${KEY},${OTHER_KEY},source|targets",
        "ordered: true,ordered: false,targets",
        "name: one,name: one,",
        "prefix: mysql-,prefix: mysql,rules",
        "default-route: drop,default-route: fail,rules",
        "interval: 10s,interval: 11s,execution"
    })
    void whatMeansSomethingElseIsToldByThePartThatDiffers(String from, String to, String parts) throws Exception {
        ConfigFingerprint one = of(FILE, "1", "2026-01-01T00:00:00Z");

        ConfigFingerprint other = of(FILE.replace(from, to), "1", "2026-01-01T00:00:00Z");

        assertThat(String.join("|", one.differences(other))).isEqualTo(parts == null ? "" : parts);
        assertThat(one.hex().equals(other.hex())).isEqualTo(parts == null);
    }

    @Test
    void orderOfRulesIsAPartOfWhatTheyMean() throws Exception {
        String turned = FILE.replace("  - {topic: {prefix: mysql-}, to: one}\n", "")
                .replace("default-route", "  - {topic: {prefix: mysql-}, to: one}\ndefault-route");

        assertThat(of(turned, "1", "2026-01-01T00:00:00Z").differences(of(FILE, "1", "2026-01-01T00:00:00Z")))
                .containsExactly("rules");
    }

    @Test
    void formOfSavepointsStaysReadable() throws Exception {
        ConfigFingerprint one = of(FILE, "1", "2026-01-01T00:00:00Z");
        assertThat(ConfigFingerprint.parse(one.text())).isEqualTo(one);

        assertThat(ConfigFingerprint.parse(GOLDEN_1).text()).isEqualTo(GOLDEN_1);
        assertThatThrownBy(() -> ConfigFingerprint.parse("2 all=1")).hasMessageContaining("written by a newer build");
        assertThatThrownBy(() -> ConfigFingerprint.parse("1 source=12")).hasMessageContaining("damaged");
    }

    private ConfigFingerprint of(String text, String key, String now) throws Exception {
        Path file = Files.writeString(folder.resolve("dispatch.yaml"), text);
        Map<String, String> variables = Map.of("ID", "id", "KEY", key, "OTHER_KEY", key);
        return ConfigFingerprint.of(ConfigReader.readFile(file, variables, Instant.parse(now)));
    }
}
