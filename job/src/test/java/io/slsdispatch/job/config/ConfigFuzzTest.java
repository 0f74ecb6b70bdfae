package io.slsdispatch.job.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.connector.fuzz.Fuzz;
import io.slsdispatch.job.rules.RulesReader;
import io.slsdispatch.job.template.KnownTargets;
import io.slsdispatch.job.yaml.ConfigErrors;
import io.slsdispatch.job.yaml.InvalidConfigException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Configurations and rules as nobody meant them: they are valid, or every error has a place. */
class ConfigFuzzTest {

    private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");
    private static final Map<String, String> ENVIRONMENT =
            Map.of("SLS_AK_ID", "id", "SLS_AK_KEY", "secret", "PROJECT", "p", "PASSWORD", "word");
    private static final KnownTargets TARGETS = KnownTargets.named("a", "b", "c");

    private static final String RULES = """
            time-zone: Asia/Shanghai
            routes:
              - {topic: nginx, to: a}
              - topic: {prefix: web-}
                to: [a, b]
                continue: true
              - topic: {glob: 'x*[ab]?'}
                source: {regex: '10\\.(0|1{1,3})\\..*'}
                tags: {__hostname__: {prefix: h}, env: prod}
                to: c
              - {topic: {regex: '(?i)^a{2,5}(b|c)+$'}, to: drop}
              - topic: &t [p, q, "r\\u00e9"]
                to: &where [a, c]
              - {source: s, to: *where}
            default-route: b
            """;

    private static final String CONFIGURATION = """
            name: "fuzz ${PROJECT}"
            source:
              endpoint: cn-hangzhou.log.aliyuncs.com
              project: ${PROJECT}
              logstore: all-logs
              credentials: {access-key-id: '${SLS_AK_ID}', access-key-secret: '${SLS_AK_KEY}'}
              start: '2018-12-26 0:0:0'
              stop: 2026-12-01T00:00:00+08:00
              consumer-group: ${GROUP:-group}
              request-timeout: 30s
              buffer: 64mb
            targets:
              - {name: a, logstore: nginx-logs}
              - name: b
                logstore: sql-logs
                ordered: true
                retry: {max-backoff: 10s, give-up-after: 1h}
              - {name: c, project: other, logstore: click, on-reject: drop}
            """ + RULES.substring(RULES.indexOf("routes:"));

    private static String active(String file) throws IOException {
        return Files.readString(Path.of("..", "conf", file))
                .lines()
                .filter(line -> !line.strip().startsWith("#"))
                .collect(Collectors.joining("\n"));
    }

    private static List<byte[]> bytes(String... texts) {
        return Stream.of(texts)
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    @Test
    void rulesAreValidOrEveryMistakeHasAPlace() throws InterruptedException {
        Fuzz.run(bytes(RULES, "routes:\n- {topic: x, to: a}\ndefault-route: drop\n...\n"), input -> {
            ConfigErrors errors = new ConfigErrors();
            boolean isValid =
                    RulesReader.parse("rules.yaml", new String(input, StandardCharsets.UTF_8), TARGETS, errors) != null;
            try {
                errors.throwIfAny();
                assertThat(isValid).isTrue();
            } catch (InvalidConfigException bad) {
                assertPlaces(bad, "rules.yaml");
            }
        });
    }

    @Test
    void aConfigurationIsValidOrEveryMistakeHasAPlace(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("dispatch.yaml");
        Fuzz.run(bytes(CONFIGURATION, active("dispatch.yaml")), input -> {
            Files.write(file, input);
            try {
                assertThat(ConfigReader.readFile(file, ENVIRONMENT, NOW)).isNotNull();
            } catch (InvalidConfigException bad) {
                assertPlaces(bad, file.toString());
            }
        });
    }

    private static void assertPlaces(InvalidConfigException bad, String file) {
        assertThat(bad.errors()).isNotEmpty().allSatisfy(error -> {
            assertThat(error.location().where()).isNotBlank();
            assertThat(error.problem()).isNotBlank();
            assertThat(error.toString()).isNotBlank();
        });
        assertThat(bad.getMessage()).contains(file);
    }
}
