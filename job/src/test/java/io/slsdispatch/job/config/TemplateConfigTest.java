package io.slsdispatch.job.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.slsdispatch.connector.config.DynamicSinkConfig;
import io.slsdispatch.connector.config.DynamicSinkConfig.Kind;
import io.slsdispatch.connector.config.DynamicSinkConfig.SecondWay;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.LogstoreSettings;
import io.slsdispatch.job.rules.RuleTable.DefaultRule;
import io.slsdispatch.job.yaml.InvalidConfigException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Targets by template in a configuration. */
class TemplateConfigTest {

    private static final String FILE = """
            source:
              endpoint: sls.test
              project: my-project
              logstore: app-all-logs
              credentials: {access-key-id: "${ID}", access-key-secret: "${KEY}"}
            targets:
              - {name: rest, logstore: app-rest-logs}
              - {name: elsewhere, project: your-project, logstore: app-far-logs}
              - name: by-app
                logstore: "{topic}-logs"
                allow: ["app-*", "team-*"]
                when-missing: create
                create: {shards: 4, ttl: 7d, on-failure: rest}
                when-invalid: dead-letter
                on-reject: dead-letter
                on-outage: block
                dead-letter: {logstore: app-dead-logs}
            routes:
              - {topic: {prefix: app-}, to: by-app}
              - {topic: billing, to: by-app, logstore: team-billing-logs}
            default-route: drop
            """;

    @TempDir
    private Path folder;

    private JobConfig read(String text) throws Exception {
        return ConfigReader.readFile(Files.writeString(folder.resolve("dispatch.yaml"), text), Map.of(), Instant.EPOCH);
    }

    @Test
    void aTargetByTemplateIsRead() throws Exception {
        JobConfig config = read(FILE);

        JobConfig.Template template = config.templates().get(0);
        DynamicSinkConfig settings = template.config();
        assertThat(config.targets()).extracting(JobConfig.Target::name).containsExactly("rest", "elsewhere");
        assertThat(settings.project()).isEqualTo("my-project");
        assertThat(settings.maxLogstores()).isEqualTo(200);
        assertThat(settings.allowed().patterns()).containsExactly("app-*", "team-*");
        assertThat(settings.whenMissing().create()).isEqualTo(new LogstoreSettings(4, 7, true, 64));
        assertThat(Objects.requireNonNull(settings.whenMissing().then().target())
                        .name())
                .isEqualTo("rest");
        assertThat(settings.whenInvalid()).isEqualTo(SecondWay.DEAD_LETTER);
        assertThat(settings.recreateAfter()).isEqualTo(Duration.ofHours(1));
        assertThat(settings.linger()).isEqualTo(Duration.ofMillis(200));
        assertThat(Objects.requireNonNull(settings.deadLetters()).logstore())
                .isEqualTo(new LogstoreId("my-project", "app-dead-logs"));
        assertThat(template.logstoreText()).isEqualTo("my-project/{topic}-logs");
        assertThat(config.knownTargets().names()).containsExactly("rest", "elsewhere", "by-app");
    }

    @Test
    void logstoresThatTheJobUsesOtherwiseAreNotWritten() throws Exception {
        String rules = Files.writeString(
                        folder.resolve("rules.yaml"), "routes: [{topic: a, to: rest}]\ndefault-route: drop\n")
                .toString();
        JobConfig config = ConfigReader.readFileInDetail(
                        Files.writeString(
                                folder.resolve("dispatch.yaml"),
                                FILE.substring(0, FILE.indexOf("routes:"))
                                                .replace(
                                                        "logstore: app-all-logs",
                                                        "logstore: app-all-logs\n  consumer-group: g")
                                        + "rules: {from: sls://my-project/app-rules-logs}\n"),
                        Path.of(rules),
                        Map.of(),
                        Instant.EPOCH)
                .config();

        assertThat(config.templates().get(0).names().taken())
                .containsOnly(
                        Map.entry("app-all-logs", "the source"),
                        Map.entry("app-rest-logs", "that of target 'rest'"),
                        Map.entry("app-dead-logs", "a dead-letter logstore"),
                        Map.entry("app-rules-logs", "the rules logstore"));
    }

    @Test
    void theDispatcherKnowsWhatItCanDecide() throws Exception {
        assertThat(invalid(FILE)).isNull();
        assertThat(invalid(FILE.replace("when-invalid: dead-letter", "when-invalid: fail")))
                .isEqualTo(new DefaultRule.Fail());
        assertThat(invalid(FILE.replace("when-invalid: dead-letter", "when-invalid: rest")))
                .isEqualTo(new DefaultRule.To("rest"));
    }

    private Object invalid(String text) throws Exception {
        return Objects.requireNonNull(read(text).knownTargets().templates().get("by-app"))
                .whenInvalid();
    }

    @Test
    void withoutCreateTheValueIsTheDecision() throws Exception {
        String text = FILE.replace("when-missing: create", "when-missing: drop")
                .replace("    create: {shards: 4, ttl: 7d, on-failure: rest}\n", "")
                .replace("\"app-*\"", "\"*-logs\"");

        DynamicSinkConfig settings = read(text).templates().get(0).config();

        assertThat(settings.whenMissing().create()).isNull();
        assertThat(settings.whenMissing().then().kind()).isEqualTo(Kind.DROP);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "allow: [\"app-*\", \"team-*\"]|allow: [\"*-logs\"]|no pattern begins with a wildcard",
                "allow: [\"app-*\", \"team-*\"]|allow: [\"App-*\"]|matches no name of a logstore",
                "allow: [\"app-*\", \"team-*\"]||targets[2].allow Missing",
                "on-reject: dead-letter||targets[2].on-reject Missing",
                "on-outage: block||targets[2].on-outage Missing",
                "when-invalid: dead-letter||targets[2].when-invalid Missing",
                "when-missing: create||targets[2].when-missing Missing",
                "when-invalid: dead-letter|when-invalid: rst|Did you mean 'rest'",
                "when-invalid: dead-letter|when-invalid: by-app|This target is by template",
                "on-failure: rest|max-split-shards: 2|targets[2].create.on-failure Missing",
                "shards: 4|shards: 4, max-split-shards: 2|max split shards 2 is not between 4 and 256",
                "when-missing: create|when-missing: drop|It applies only with 'when-missing: create'",
                "ttl: 7d|ttl: 36h|it is not a whole number of days",
                "dead-letter: {logstore: app-dead-logs}||The dead-letter logstore is missing",
                "dead-letter: {logstore: app-dead-logs}|dead-letter: {logstore: app-all-logs}|would read its own output",
                "\"{topic}-logs\"|\"{topic}-{host}\"|the placeholder {host} is unknown",
                "\"{topic}-logs\"|app-logs|It applies only to a target by template",
                "logstore: team-billing-logs|logstore: billing-logs|does not match 'allow' (app-*, team-*)",
                "logstore: team-billing-logs|logstore: app-rest-logs|is that of target 'rest'",
                "name: by-app|linger: 100ms|targets[2].name Missing",
                "name: by-app|name: rest|Another target already has this name",
                "on-outage: block|linger: 2s|it is longer than 1 s"
            })
    void whatDoesNotFitIsRefusedWithTheReason(String before, String after, String problem) {
        assertThat(FILE).contains(before);

        assertThatExceptionOfType(InvalidConfigException.class)
                .isThrownBy(() -> read(FILE.replace(before, after == null ? "max-logstores: 7" : after)))
                .satisfies(
                        error -> assertThat(String.valueOf(error.getMessage()).replaceAll("\\s+", " "))
                                .contains(problem));
    }

    @Test
    void twoTargetsThatMayWriteOneLogstoreAreRefused() throws Exception {
        String other = """
                  - name: by-source
                    logstore: "{source}"
                    allow: %s
                    when-missing: fail
                    when-invalid: fail
                    on-reject: fail
                    on-outage: block
                routes:
                """;

        assertThatExceptionOfType(InvalidConfigException.class)
                .isThrownBy(() -> read(FILE.replace(
                        "routes:\n", String.format(other, "\"*-x-logs\"").indent(0))))
                .withMessageContaining("Another target may write some of these logstores");
        assertThat(read(FILE.replace("routes:\n", String.format(other, "\"db-*\"")))
                        .templates())
                .hasSize(2);
    }

    @Test
    void theFingerprintDependsOnTheTemplateAndNotOnWhatOthersUse() throws Exception {
        ConfigFingerprint fingerprint = ConfigFingerprint.of(read(FILE));

        assertThat(ConfigFingerprint.of(read(FILE.replace("\"{topic}-logs\"", "\"{topic}-log\"")))
                        .differences(fingerprint))
                .containsExactly("targets");
        assertThat(ConfigFingerprint.of(read(FILE.replace("app-all-logs", "all-logs")))
                        .differences(fingerprint))
                .containsExactly("source");
    }
}
