package io.slsdispatch.job.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slsdispatch.job.rules.RulesLocation;
import io.slsdispatch.job.rules.RulesUpdates;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
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

    /** Uses every part of a configuration. */
    private static final String FULL = """
            name: nightly
            time-zone: Asia/Shanghai
            checkpoint-interval: 20s
            checkpoint-timeout: 5min
            max-parallelism: 128
            dispatch: {lanes: 4, on-malformed: nginx}
            source:
              endpoint: https://cn-hangzhou.log.aliyuncs.com
              project: my-project
              logstore: all-logs
              signature: v4
              credentials: [{access-key-id: "${ID}", access-key-secret: "${KEY}"}, {file: keys.json}, {uri: "http://keys.test/"}]
              start: group
              start-group: other-group
              start-fallback: 2018-12-26 0:0:0
              stop: 2026-12-26T00:00:00+08:00
              consumer-group: group
              on-expired-cursor: earliest
              discovery: {interval: 5 min, jitter: 0.5}
              pull: {max-concurrent: 4}
              retry: {grace: 1min}
              proxy: {host: proxy, port: 3128, user: "${ID}", password: "${KEY}"}
              ca-file: /etc/ca.pem
            defaults: {batching: false, retry: {give-up-after: 1h, codes-about-group: [A, B]}}
            targets:
              - {name: nginx, logstore: nginx-logs, ordered: true, max-buffered: 16MiB, distinct-logstore: true}
              - {logstore: audit-logs, on-reject: dead-letter, dead-letter: {project: dead-project, logstore: dead, on-refusal: drop}}
              - {name: far, endpoint: "http://sls.test:8080", logstore: far-logs, on-outage: drop, outage-after: 1min, cut-category: true}
            routes:
              - {name: a rule, topic: [nginx, {prefix: [a, b]}, {glob: 'x*', regex: 'y.+'}], to: [nginx, audit-logs], continue: true}
              - {topic: 7, source: '', tags: {host: db, zone: {exactly: z}}, to: drop}
              - {topic: far, to: far}
            default-route: fail
            """;

    /** Of {@link #FILE}, as the build of November 2026 wrote it into its savepoints. */
    private static final String GOLDEN_OF_FILE =
            "1 execution=bb0dcc9bd9a13eb071f9aee81eead48a72ee2a086a86efd51244d9b01c9e178a"
                    + " rules=74609f6d36f87e76dc6d49a27c7d2494ef46cc91fd3ce7c1fa1ee166c7bf8e8e"
                    + " source=c4c49a4666d9a9d6b7cdacbc1a87eb8a3cd553f5f48a90b375ef7ab4bd52bf60"
                    + " targets=5d4500f113101a302d16f4bc9eca900cfa31057ea628c6fbd8915c5bf8e4c4a5";

    /** The same of {@link #FULL}, with rules that are kept in a file. */
    private static final String GOLDEN_OF_FULL =
            "1 execution=e46a9d5abc0343917d65692f3a5e975f36effb3282d8ae362e9b2ac256535c1a"
                    + " rules=792a54ac047b02e5c45c7d5ac2fed35ab3d5e21df213dc6ad9f0422d1309bb1e"
                    + " source=1ebb73da07ea51964b1ab93ba57371cced6444f5faeb188e52c8192a66c1ef16"
                    + " targets=37517097e8aebc729e8ccaa1d8828c73f506120b6f4dd706e1df1ef8b58196e4";

    private static final String GOLDEN_OF_RULES_IN_FULL =
            "c5f41906cdf1c4d74eaf1728734731c5a2c3ff55331d5a6fa4e5a7d6a3d2f8b1";

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
        "ordered: true,'ordered: true, compression: lz4',",
        "ordered: true,'ordered: true, compression: zstd',targets",
        "start: end,'start: end\n  compression: zstd',source",
        "start: end,'start: end\n  compression: lz4',",
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

    /**
     * Savepoints hold it: it must not change when a build only changes names. The names of records and of their components
     * are part of what is hashed, those in the connector's configuration included.
     */
    @Test
    void anUnchangedConfigurationKeepsTheFingerprintThatAnOlderBuildWrote() throws Exception {
        assertThat(of(FILE, "1", "2026-01-01T00:00:00Z").text()).isEqualTo(GOLDEN_OF_FILE);

        JobConfig full = read(FULL, "1", "2026-01-01T00:00:00Z");
        assertThat(ConfigFingerprint.of(full).text()).contains("rules=" + GOLDEN_OF_RULES_IN_FULL);
        RulesUpdates updates = new RulesUpdates(
                new RulesLocation("/etc/rules.yaml"), Optional.of(full.source().connection()), Duration.ofSeconds(10));
        assertThat(ConfigFingerprint.of(new JobConfig(
                                full.source(),
                                full.targets(),
                                full.templates(),
                                full.ruleTable(),
                                Optional.of(updates),
                                full.execution()))
                        .text())
                .isEqualTo(GOLDEN_OF_FULL);
    }

    private ConfigFingerprint of(String text, String key, String now) throws Exception {
        return ConfigFingerprint.of(read(text, key, now));
    }

    private JobConfig read(String text, String key, String now) throws Exception {
        Path file = Files.writeString(folder.resolve("dispatch.yaml"), text);
        Map<String, String> variables = Map.of("ID", "id", "KEY", key, "OTHER_KEY", key);
        return ConfigReader.readFile(file, variables, Instant.parse(now));
    }
}
