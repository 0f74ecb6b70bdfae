package io.slsdispatch.job.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.slsdispatch.connector.config.ConnectionConfig.ProjectIn;
import io.slsdispatch.connector.config.CredentialsConfig;
import io.slsdispatch.connector.config.Endpoint;
import io.slsdispatch.connector.config.ProxyConfig;
import io.slsdispatch.connector.config.Signature;
import io.slsdispatch.connector.config.SinkConfig.DeadLetterStore;
import io.slsdispatch.connector.config.SinkConfig.DeadLetterStore.OnRefusal;
import io.slsdispatch.connector.config.SinkConfig.OnOutage;
import io.slsdispatch.connector.config.SinkConfig.OnReject;
import io.slsdispatch.connector.config.SinkConfig.Outage;
import io.slsdispatch.connector.config.StartingPosition;
import io.slsdispatch.connector.config.StoppingPosition;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.job.rules.RuleTable.DefaultRule;
import io.slsdispatch.job.yaml.InvalidConfigException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ListAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigReaderTest {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    private static final String SOURCE = """
            source:
              endpoint: cn-hangzhou.log.aliyuncs.com
              project: my-project
              logstore: all-logs
              credentials: {access-key-id: "${ID}", access-key-secret: "${KEY}"}
            """;
    private static final String TARGETS = """
            targets:
              - logstore: nginx-logs
            """;
    private static final String ROUTES = """
            routes:
              - topic: nginx
                to: nginx-logs
            default-route: drop
            """;
    private static final String MINIMAL = SOURCE + TARGETS + ROUTES;

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void nameFile() {
        file = folder.resolve("dispatch.yaml");
    }

    @Test
    void shortFileIsEnough() throws Exception {
        JobConfig config = read(MINIMAL);

        assertThat(config.source().config().logstore()).isEqualTo(new LogstoreId("my-project", "all-logs"));
        assertThat(config.source().connection().endpoint())
                .isEqualTo(Endpoint.parse("http://cn-hangzhou.log.aliyuncs.com"));
        assertThat(config.source().connection().credentials())
                .isEqualTo(new CredentialsConfig.Environment("ID", "KEY", null));
        assertThat(config.source().start()).isEqualTo(new StartingPosition.Begin());
        assertThat(config.targets()).singleElement().satisfies(target -> {
            assertThat(target.name()).isEqualTo("nginx-logs");
            assertThat(target.config().logstore()).isEqualTo(new LogstoreId("my-project", "nginx-logs"));
            assertThat(target.connection()).isEqualTo(config.source().connection());
        });
        assertThat(config.ruleTable().unmatched()).isEqualTo(new DefaultRule.Drop());
    }

    @Test
    void everyMistakeIsToldAtOnceWithItsPlace() {
        assertThatMistakesOf("""
                        source:
                          endpoint: http://
                          project: My-Project
                          logstor: all-logs
                          start: yesterday
                          pull:
                            max-buffered: 64
                            max-groups: 5000
                        targets:
                          - logstore: nginx-logs
                            on-reject: ignore
                        routes:
                          - topic: {regex: "(a"}
                            to: nginx-log
                        """)
                .containsExactlyInAnyOrder(
                        "2:3 source.endpoint",
                        "3:3 source.project",
                        "4:3 source.logstor",
                        "5:3 source.start",
                        "7:5 source.pull.max-buffered",
                        "8:5 source.pull.max-groups",
                        "1:1 source.logstore",
                        "1:1 source.credentials",
                        "11:5 targets[0].on-reject",
                        "13:13 routes[0].topic.regex",
                        "14:5 routes[0].to",
                        "1:1 default-route");
    }

    @Test
    void mistakeSaysTheValueWhatWasExpectedAndWhatToDo() {
        assertThat(messageOf(MINIMAL.replace("logstore: all-logs", "logstore: all-logs\n  strat: begin")))
                .contains("dispatch.yaml:5:3  source.strat", "Unknown key", "Did you mean 'start'?");
        assertThat(messageOf(MINIMAL + "checkpoint-interval: 10\n"))
                .contains("checkpoint-interval = 10", "Expected a duration with a unit", "the unit is missing");
    }

    @Test
    void keyThatStandsTwiceIsRefusedWithBothPlaces() {
        assertThat(messageOf(MINIMAL + "default-route: fail\n")).contains("Duplicate key", "dispatch.yaml:11:1");
    }

    @Test
    void fileThatIsNotYamlIsRefusedWithTheLine() {
        assertThat(messageOf("source:\n  endpoint: [unclosed\n")).contains("Invalid YAML", "dispatch.yaml:3:1");
    }

    @Test
    void missingFileIsToldWithoutAStackTrace() {
        assertThatExceptionOfType(InvalidConfigException.class)
                .isThrownBy(() -> ConfigReader.readFile(folder.resolve("none.yaml"), Map.of(), NOW))
                .withMessageContaining("No such file");
    }

    @Test
    void secretThatIsWrittenOutIsRefusedAndNotRepeated() {
        String message = messageOf(MINIMAL.replace("${KEY}", "s3cr3t-value").replace("${ID}", "LTAI-value"));

        assertThat(message)
                .contains("access-key-secret", "must not be written here", "${NAME}")
                .doesNotContain("s3cr3t-value", "LTAI-value");
        assertThat(messageOf(MINIMAL.replace("${KEY}", "${KEY:-s3cr3t-value}"))).doesNotContain("s3cr3t-value");
    }

    @Test
    void secretOfAVariableInTheWrongPlaceIsNotRepeated() {
        String message = messageOf(MINIMAL.replace("my-project", "${AK_SECRET}"), Map.of("AK_SECRET", "S3CR3T"));

        assertThat(message).contains("source.project", "${AK_SECRET}").doesNotContain("S3CR3T");
    }

    @Test
    void credentialsAreNeverLookedUpHere() throws Exception {
        JobConfig config = read(MINIMAL, Map.of("ID", "the id", "KEY", "the key"));

        assertThat(config.toString()).doesNotContain("the id", "the key");
    }

    @Test
    void credentialsMayBeAFileAnAddressOrAChain() throws Exception {
        String chain = MINIMAL.replace(
                "{access-key-id: \"${ID}\", access-key-secret: \"${KEY}\"}",
                "[{file: '${DIR}/keys.json'}, {uri: 'http://100.100.100.200/role'}]");

        assertThat(read(chain, Map.of("DIR", "/etc")).source().connection().credentials())
                .isEqualTo(new CredentialsConfig.Chain(List.of(
                        new CredentialsConfig.File("/etc/keys.json"),
                        new CredentialsConfig.Uri(URI.create("http://100.100.100.200/role")))));
    }

    @Test
    void variablesAreReplacedWithTheirDefaults() throws Exception {
        String yaml = MINIMAL.replace("my-project", "${STAGE:-test}-project")
                + "checkpoint-interval: ${INTERVAL}\ncheckpoint-timeout: ${TIMEOUT:-90s}\n";

        JobConfig config = read(yaml, Map.of("INTERVAL", "3s"));

        assertThat(config.source().config().logstore().project()).isEqualTo("test-project");
        assertThat(config.execution().checkpointInterval()).isEqualTo(Duration.ofSeconds(3));
        assertThat(config.execution().checkpointTimeout()).isEqualTo(Duration.ofSeconds(90));
        assertThat(messageOf(yaml)).contains("INTERVAL is not set", "${INTERVAL:-default}");
        assertThat(messageOf(MINIMAL + "name: ${not closed\n")).contains("does not start a valid variable");
        assertThat(read(MINIMAL + "name: a $${name}\n").execution().name()).contains("a ${name}");
    }

    @ParameterizedTest
    @CsvSource({
        "begin,",
        "2018-12-26T00:00:00Z,2018-12-26T00:00:00Z",
        "2018-12-26T00:00:00+08:00,2018-12-25T16:00:00Z",
        "2018-12-26 0:0:0,2018-12-25T16:00:00Z",
        "2018-12-26 0:0:0+0530,2018-12-25T18:30:00Z",
        "2018-12-26T10:30-03,2018-12-26T13:30:00Z",
        "2018-12-26,2018-12-25T16:00:00Z",
        "1545782400,2018-12-26T00:00:00Z"
    })
    void startIsGivenInManyForms(String text, Instant expected) throws Exception {
        String yaml = MINIMAL.replace("logstore: all-logs", "logstore: all-logs\n  start: " + text)
                + "time-zone: Asia/Shanghai\n";

        assertThat(read(yaml).source().start())
                .isEqualTo(expected == null ? new StartingPosition.Begin() : new StartingPosition.At(expected));
    }

    @ParameterizedTest
    @CsvSource({
        "1545782400000,milliseconds",
        "2018,long before",
        "2018-13-01,MonthOfYear",
        "2018-12-26T25:00:00,HourOfDay",
        "2018-12-26T00:00:00 Mars,neither of the form",
        "group,consumer group is missing"
    })
    void startThatCannotBeMeantIsRefused(String text, String reason) {
        assertThat(messageOf(MINIMAL.replace("logstore: all-logs", "logstore: all-logs\n  start: " + text)))
                .contains("source.start", reason);
    }

    @Test
    void errorCodesOfATargetMayBeSaidToBeAboutGroupsOrRequests() throws Exception {
        String yaml =
                MINIMAL + "defaults: {retry: {codes-about-group: TooOdd, codes-about-request: [BadWay, BadHost]}}\n";

        assertThat(read(yaml).targets()).allSatisfy(target -> {
            assertThat(target.config().retry().codesAboutGroup()).containsExactly("TooOdd");
            assertThat(target.config().retry().codesAboutRequest()).containsExactly("BadWay", "BadHost");
        });
        assertThat(messageOf(yaml.replace("TooOdd", "badway"))).contains("codes-about-request", "keep one of them");
        assertThat(messageOf(yaml.replace("BadHost", "BadWay"))).contains("Duplicate name");
    }

    @Test
    void startOfEndIsFrozenToThePresent() throws Exception {
        JobConfig config = read(MINIMAL.replace("logstore: all-logs", "logstore: all-logs\n  start: end"));

        assertThat(config.source().start()).isEqualTo(new StartingPosition.End());
        assertThat(config.source().config().start()).isEqualTo(new StartingPosition.Submission(NOW));
    }

    @Test
    void startOfAGroupFallsBack() throws Exception {
        JobConfig config = read(MINIMAL.replace(
                "logstore: all-logs",
                "logstore: all-logs\n  start: group\n  start-fallback: 2018-12-26\n  consumer-group: mine\n"
                        + "  start-group: other"));

        assertThat(config.source().start())
                .isEqualTo(new StartingPosition.Committed(
                        "other", new StartingPosition.At(Instant.parse("2018-12-26T00:00:00Z"))));
        assertThat(config.source().config().consumerGroup()).isEqualTo("mine");
    }

    @Test
    void stopIsGivenInItsForms() throws Exception {
        String yaml = MINIMAL.replace("logstore: all-logs", "logstore: all-logs\n  stop: ");

        assertThat(read(yaml.replace("stop: ", "stop: none")).source().config().stop())
                .isEqualTo(new StoppingPosition.Never());
        assertThat(read(yaml.replace("stop: ", "stop: now")).source().config().stop())
                .isEqualTo(new StoppingPosition.Now());
        assertThat(read(yaml.replace("stop: ", "stop: 2019-01-01T00:00:00Z"))
                        .source()
                        .config()
                        .stop())
                .isEqualTo(new StoppingPosition.At(Instant.parse("2019-01-01T00:00:00Z")));
    }

    @Test
    void valuesThatDoNotFitTogetherAreRefused() {
        assertThat(messageOf(MINIMAL.replace(
                        "logstore: all-logs",
                        "logstore: all-logs\n  start: 2019-01-01\n  stop: 2018-01-01\n  pull: {idle-poll-floor: 5s}")))
                .contains("source.pull", "shorter than the floor");
        assertThat(messageOf(MINIMAL.replace(
                        "logstore: all-logs", "logstore: all-logs\n  start: 2019-01-01\n  stop: 2018-01-01")))
                .contains("not before the stop time");
        assertThat(messageOf(MINIMAL.replace(
                        "logstore: all-logs", "logstore: all-logs\n  on-expired-cursor: latest\n  stop: now")))
                .contains("a run with a stop cannot continue with the latest data", "expected fail or earliest");
        assertThat(messageOf(MINIMAL + "max-parallelism: 4\ndispatch: {lanes: 5}\n"))
                .contains("More lanes");
    }

    @Test
    void lanesAreNeverMoreThanTheKeyGroups() throws Exception {
        assertThat(read(MINIMAL).execution().lanes()).isEqualTo(64);
        assertThat(read(MINIMAL + "max-parallelism: 4\n").execution().lanes()).isEqualTo(4);
    }

    @Test
    void targetThatIsTheSourceIsRefused() {
        assertThat(messageOf(MINIMAL.replace("- logstore: nginx-logs", "- {name: nginx-logs, logstore: all-logs}")))
                .contains("targets[0].logstore = my-project/all-logs", "target is the source");
        assertThat(messageOf(MINIMAL.replace(
                        "- logstore: nginx-logs",
                        "- {logstore: nginx-logs, on-reject: dead-letter, dead-letter: {logstore: all-logs}}")))
                .contains("dead-letter logstore is the source");
    }

    @Test
    void sourceIsRecognizedBehindAnotherNameOfItsRegion() {
        assertThat(
                        messageOf(
                                MINIMAL.replace(
                                        "- logstore: nginx-logs",
                                        "- {name: nginx-logs, logstore: all-logs, endpoint: 'https://cn-hangzhou-intranet.log.aliyuncs.com'}")))
                .contains("target is the source");
    }

    @Test
    void sameNamesInAnotherRegionAreAnotherLogstore() throws Exception {
        JobConfig config = read(MINIMAL.replace(
                "- logstore: nginx-logs",
                "- {name: nginx-logs, logstore: all-logs, endpoint: cn-beijing.log.aliyuncs.com}"));

        assertThat(config.targets()).hasSize(1);
    }

    private static final String PRIVATE = MINIMAL.replace("cn-hangzhou.log.aliyuncs.com", "http://127.0.0.1:8080");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{name: nginx-logs, logstore: all-logs, endpoint: 'http://localhost:8080'}",
                "{name: nginx-logs, logstore: all-logs, endpoint: 'http://127.0.0.1:9090'}",
                "{name: nginx-logs, logstore: all-logs, endpoint: 'sls.corp', region: cn-a}",
                "{logstore: nginx-logs, endpoint: 'http://localhost:8080', on-reject: dead-letter,"
                        + " dead-letter: {logstore: all-logs}}"
            })
    void sourceIsRecognizedAtAnyAddress(String target) {
        assertThat(messageOf(PRIVATE.replace(
                        "logstore: nginx-logs",
                        target.substring(1, target.length() - 1)
                                .replace(", ", "\n    ")
                                .replace("dead-letter:\n", "dead-letter: "))))
                .contains("is the source", "at any address", "'region'", "'distinct-logstore: true'");
    }

    @Test
    void logstoresOfEqualNamesAreTwoInTwoRegionsOrWhenTheTargetSaysSo() throws Exception {
        for (String said : List.of("distinct-logstore: true", "region: cn-b")) {
            JobConfig config = read(PRIVATE.replace("http://127.0.0.1:8080", "http://127.0.0.1:8080\n  region: cn-a")
                    .replace(
                            "- logstore: nginx-logs",
                            "- name: nginx-logs\n    logstore: all-logs\n" + "    endpoint: http://localhost:9090\n    "
                                    + said));

            assertThat(config.targets()).hasSize(1);
        }
    }

    @Test
    void sayingSoDoesNotMakeTwoOfOneAddressOrOneRegion() {
        String distinct = "- name: nginx-logs\n    logstore: all-logs\n    distinct-logstore: true\n    endpoint: ";

        assertThat(messageOf(PRIVATE.replace("- logstore: nginx-logs", distinct + "http://127.0.0.1:8080")))
                .contains("target is the source")
                .doesNotContain("distinct-logstore: true'");
        assertThat(messageOf(
                        MINIMAL.replace("- logstore: nginx-logs", distinct + "cn-hangzhou-internal.log.aliyuncs.com")))
                .contains("target is the source");
    }

    @Test
    void targetsOfEqualNamesAtTwoAddressesAreOneUnlessOneSaysOtherwise() throws Exception {
        String two = PRIVATE.replace(
                "- logstore: nginx-logs",
                "- logstore: nginx-logs\n  - name: other\n    logstore: nginx-logs\n"
                        + "    endpoint: http://localhost:9090");

        assertThat(messageOf(two))
                .contains("Another target already writes to this logstore", "'distinct-logstore: true'");
        assertThat(read(two.replace(
                                "endpoint: http://localhost:9090",
                                "endpoint: http://localhost:9090\n" + "    distinct-logstore: true"))
                        .targets())
                .extracting(target -> target.config().scopeText())
                .containsExactly("", "host:localhost:9090");
    }

    @Test
    void logstoreOfRulesIsRecognizedAtTheAddressOfATarget() throws Exception {
        String config = PRIVATE.substring(0, PRIVATE.indexOf("routes:"))
                .replace("logstore: all-logs", "logstore: all-logs\n  consumer-group: group")
                .replace("- logstore: nginx-logs", "- logstore: nginx-logs\n    endpoint: http://localhost:8080");
        Path rules = Files.writeString(folder.resolve("rules.yaml"), ROUTES);
        Files.writeString(file, config + "rules: {from: 'sls://my-project/nginx-logs'}\n");

        assertThatExceptionOfType(InvalidConfigException.class)
                .isThrownBy(() -> ConfigReader.readFileWithRules(file, rules, Map.of(), NOW))
                .withMessageContaining("is also the source or a target of this job")
                .withMessageContaining("'distinct-logstore: true'");
        Files.writeString(
                file,
                config.replace("localhost:8080", "localhost:8080\n    distinct-logstore: true")
                        + "rules: {from: 'sls://my-project/nginx-logs'}\n");
        assertThat(ConfigReader.readFileWithRules(file, rules, Map.of(), NOW).targets())
                .hasSize(1);
    }

    @Test
    void twoTargetsWithOneNameOrOneLogstoreAreRefused() {
        assertThat(messageOf(MINIMAL.replace(
                        "- logstore: nginx-logs", "- logstore: nginx-logs\n  - {name: other, logstore: nginx-logs}")))
                .contains("targets[1].logstore", "Another target already writes to this logstore", "dispatch.yaml:7:");
        assertThat(messageOf(MINIMAL.replace(
                        "- logstore: nginx-logs", "- logstore: nginx-logs\n  - {name: nginx-logs, logstore: other}")))
                .contains("targets[1].name", "Another target already has this name");
    }

    @Test
    void logstoreWhoseNameMeansSomethingElseInARuleNeedsAnother() throws Exception {
        String yaml = MINIMAL.replace("nginx-logs", "drop");

        assertThat(messageOf(yaml)).contains("targets[0].logstore = drop", "Set a 'name'");
        assertThat(read(yaml.replace("- logstore: drop", "- {name: kept, logstore: drop}")
                                .replace("to: drop", "to: kept"))
                        .targets())
                .hasSize(1);
    }

    @Test
    void targetTakesFromTheDefaultsAndThenFromTheSource() throws Exception {
        JobConfig config = read(SOURCE + """
                  signature: v4
                  request-timeout: 7s
                defaults:
                  ordered: true
                  max-buffered: 1MiB
                  connect-timeout: 2s
                  on-reject: dead-letter
                  on-outage: dead-letter
                  outage-after: 20s
                  dead-letter: {logstore: dead-letters, on-refusal: drop}
                targets:
                  - logstore: near
                    ordered: false
                  - logstore: far
                    endpoint: http://sls.example.com:8080
                    credentials: {file: keys.json}
                """ + ROUTES.replace("nginx-logs", "[near, far]"));

        JobConfig.Target near = config.targets().get(0);
        assertThat(near.config().delivery().ordered()).isFalse();
        assertThat(near.config().delivery().maxBufferedBytes()).isEqualTo(1 << 20);
        assertThat(near.config().onReject()).isEqualTo(OnReject.DEAD_LETTER);
        assertThat(near.config().outage()).isEqualTo(new Outage(OnOutage.DEAD_LETTER, Duration.ofSeconds(20)));
        assertThat(near.config().deadLetters())
                .isEqualTo(new DeadLetterStore(new LogstoreId("my-project", "dead-letters"), OnRefusal.DROP));
        assertThat(near.connection().signature()).isEqualTo(new Signature.V4("cn-hangzhou"));
        assertThat(near.connection().network().requestTimeout()).isEqualTo(Duration.ofSeconds(7));
        assertThat(near.connection().network().connectTimeout()).isEqualTo(Duration.ofSeconds(2));

        JobConfig.Target far = config.targets().get(1);
        assertThat(far.config().delivery().ordered()).isTrue();
        assertThat(far.connection().signature()).isEqualTo(new Signature.V1());
        assertThat(far.connection().network().requestTimeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(far.connection().credentials()).isEqualTo(new CredentialsConfig.File("keys.json"));
        assertThat(far.config().logstore().project()).isEqualTo("my-project");
    }

    @Test
    void connectionIsReachable() throws Exception {
        JobConfig config = read(MINIMAL.replace("logstore: all-logs", """
                logstore: all-logs
                  region: cn-test
                  signature: v4
                  max-concurrent-requests: 9
                  ca-file: /ca.pem
                  proxy: {host: proxy, port: 3128, user: "${PU}", password: "${PP}"}"""));

        assertThat(config.source().connection().signature()).isEqualTo(new Signature.V4("cn-test"));
        assertThat(config.source().connection().network()).satisfies(network -> {
            assertThat(network.maxConcurrentRequests()).isEqualTo(9);
            assertThat(network.caFile()).isEqualTo("/ca.pem");
            assertThat(network.proxy()).isEqualTo(new ProxyConfig("proxy", 3128, "PU", "PP"));
        });
    }

    @Test
    void projectCanBeInAHeaderAndOneOfATargetsOwnEndpointIsItsOwn() throws Exception {
        JobConfig config = read(MINIMAL.replace(
                        "endpoint: cn-hangzhou.log.aliyuncs.com", "endpoint: sls.example.com\n  project-in: header")
                .replace("default-route: drop", "default-route: drop\ndefaults: {endpoint: sls.test}"));

        assertThat(config.source().connection().projectIn()).isEqualTo(ProjectIn.HEADER);
        assertThat(config.targets())
                .extracting(target -> target.connection().projectIn())
                .containsOnly(ProjectIn.HOST);
    }

    @Test
    void regionsOfDedicatedCloudsAreSignedWithVersion4UnlessConfiguredOtherwise() throws Exception {
        String dedicated = MINIMAL.replace("cn-hangzhou.log", "cn-qingdao-acdr-ut-1-intranet.log");

        assertThat(read(dedicated).source().connection().signature())
                .isEqualTo(new Signature.V4("cn-qingdao-acdr-ut-1"));
        assertThat(read(dedicated.replace("logstore: all-logs", "logstore: all-logs\n  signature: v1"))
                        .source()
                        .connection()
                        .signature())
                .isEqualTo(new Signature.V1());
    }

    @ParameterizedTest
    @ValueSource(strings = {"log-global.aliyuncs.com", "sls.example.com", "'[2001:db8::1]'"})
    void endpointWithoutARegionAsksForItIfTheSignatureNeedsIt(String endpoint) throws Exception {
        String yaml = MINIMAL.replace("cn-hangzhou.log.aliyuncs.com", endpoint + "\n  signature: v4");

        assertThat(messageOf(yaml)).contains("source.signature", "Set 'region' to the region of the project");
        assertThat(read(yaml.replace("signature: v4", "signature: v4\n  region: cn-hangzhou"))
                        .source()
                        .connection()
                        .signature())
                .isEqualTo(new Signature.V4("cn-hangzhou"));
    }

    @Test
    void connectionThatIsHalfSaidIsRefused() {
        assertThat(messageOf(MINIMAL.replace("logstore: all-logs", "logstore: all-logs\n  proxy: {port: 3128}")))
                .contains("only with 'proxy.host'");
        assertThat(messageOf(MINIMAL.replace("logstore: all-logs", "logstore: all-logs\n  proxy: {host: proxy}")))
                .contains("source.proxy.host = proxy", "requires 'proxy.port'");
        assertThat(messageOf(MINIMAL.replace("cn-hangzhou.log.aliyuncs.com", "sls.example.com\n  signature: v4")))
                .contains("1 error;", "source.signature", "v4 requires the region");
    }

    @Test
    void deadLettersNeedBothTheChoiceAndTheLogstore() {
        assertThat(messageOf(SOURCE
                        + "defaults: {on-reject: dead-letter}\n"
                        + TARGETS
                        + "  - logstore: other-logs\n"
                        + ROUTES))
                .contains("1 error;", "defaults.on-reject", "dead-letter logstore is missing");
        assertThat(messageOf(
                        MINIMAL.replace("- logstore: nginx-logs", "- {logstore: nginx-logs, on-outage: dead-letter}")))
                .contains("1 error;", "targets[0].on-outage", "dead-letter logstore is missing");
        assertThat(messageOf(MINIMAL.replace(
                        "- logstore: nginx-logs", "- {logstore: nginx-logs, dead-letter: {logstore: dead}}")))
                .contains("targets[0].dead-letter.logstore", "only with 'on-reject: dead-letter'");
    }

    @Test
    void unreachableRulesAreRefused() {
        assertThat(messageOf(MINIMAL.replace("default-route", "  - {topic: nginx, to: nginx-logs}\ndefault-route")))
                .contains("routes[1].topic = 'nginx'", "never matches a log group", "'rule 1' at");
    }

    @Test
    void targetsThatDoNotExistAreRefusedWithTheNearest() {
        assertThat(messageOf(MINIMAL.replace("to: nginx-logs", "to: ngin-logs")))
                .contains("routes[0].to = ngin-logs", "Did you mean 'nginx-logs'?");
        assertThat(messageOf(MINIMAL.replace("default-route: drop", "default-route: rest")))
                .contains("default-route = rest", "no target with this name");
        assertThat(messageOf(MINIMAL.replace("to: nginx-logs", "to: [nginx-logs, nginx-logs]")))
                .contains("Duplicate name");
        assertThat(messageOf(MINIMAL.replace("to: nginx-logs", "to: [drop, nginx-logs]")))
                .contains("cannot be combined");
        assertThat(messageOf(MINIMAL + "dispatch: {on-malformed: drop}\n")).contains("dispatch.on-malformed = drop");
    }

    @Test
    void anchorsThatMultiplyOrContainThemselvesAreRefused() {
        StringBuilder bomb = new StringBuilder("a: &a [x,x,x,x,x,x,x,x,x,x]\n");
        for (char level = 'b'; level < 'j'; level++) {
            bomb.append(String.format("%c: &%c [%s]\n", level, level, ("*" + (char) (level - 1) + ",").repeat(9)));
        }

        assertThat(messageOf(bomb.toString())).contains("anchors");
        assertThat(messageOf("source: &s\n  project: *s\n")).contains("Invalid YAML");
    }

    @Test
    void fileThatIsNotUtf8IsRefused() throws IOException {
        Files.write(file, "name: ü".getBytes(StandardCharsets.ISO_8859_1));

        assertThatExceptionOfType(InvalidConfigException.class)
                .isThrownBy(() -> ConfigReader.readFile(file, Map.of(), NOW))
                .withMessageContaining("not UTF-8");
    }

    @Test
    void valuesThatAreNestedTooDeeplyAreRefusedWithTheLine() {
        assertThat(messageOf("a: b\nc: " + "[".repeat(100_000)))
                .contains("dispatch.yaml:2:", "values are nested too deeply")
                .hasSizeLessThan(500);
    }

    @Test
    void mergeKeysAreToldWhatToDoInstead() {
        assertThat(messageOf(MINIMAL.replace("source:\n", "source:\n  <<: {region: cn-hangzhou}\n")))
                .contains("source.<<", "no merge keys");
    }

    @Test
    void directoryIsToldFromAFile() throws IOException {
        assertThatExceptionOfType(InvalidConfigException.class)
                .isThrownBy(() -> ConfigReader.readFile(folder, Map.of(), NOW))
                .withMessageContaining("This is a directory");
    }

    @Test
    void charactersThatCannotBeSeenAreShown() {
        assertThat(messageOf(MINIMAL.replace("logstore: nginx-logs", "logstore: nginx-logs\u200b")))
                .contains("= nginx-logs\\u200b");
        assertThat(messageOf(MINIMAL.replace("routes:", "routes\u00a0:"))).contains("routes\\u00a0");
        assertThat(messageOf(MINIMAL.replace("project: my-project", "project: \"\\e[31mred\"")))
                .contains("\\u001b[31mred")
                .doesNotContain("\u001b");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "endpoint: 'http://LTAIsecretid123:s3cr3t-value@host'",
                "endpoint: 'https://host?key=s3cr3t-value'",
                "endpoint: '${PLAIN}'",
                "start: LTAIsecretid123",
                "proxy: {host: 'LTAIsecretid123:s3cr3t-value@proxy'}",
                "discovery: !s3cr3t-value x",
                "discovery: *s3cr3t-value",
                "credentials: {s3cr3t-value: x}",
                "credentials: [LTAIsecretid123, s3cr3t-value]",
                "credentials: s3cr3t-value",
                "access-key-secret: s3cr3t-value",
            })
    void secretInAWrongPlaceIsNotRepeated(String line) {
        String key = line.substring(0, line.indexOf(':'));
        String yaml =
                MINIMAL.replaceFirst("(?m)^  " + key + ":.*\n", "").replace("source:\n", "source:\n  " + line + "\n");
        Map<String, String> environment = Map.of("PLAIN", "http://LTAIsecretid123:s3cr3t-value@host/");

        InvalidConfigException refusal = refusalOf(yaml, environment);

        assertThat(refusal).message().doesNotContain("s3cr3t-value", "LTAIsecretid123");
        assertThat(refusal.errors().toString()).doesNotContain("s3cr3t-value", "LTAIsecretid123");
        assertThat(refusal.errors())
                .allSatisfy(error -> assertThat(error.value() + error.problem() + error.hint() + error.location())
                        .doesNotContain("s3cr3t-value", "LTAIsecretid123"));
    }

    private JobConfig read(String yaml) throws InvalidConfigException, IOException {
        return read(yaml, Map.of());
    }

    private JobConfig read(String yaml, Map<String, String> environment) throws InvalidConfigException, IOException {
        Files.writeString(file, yaml);
        return ConfigReader.readFile(file, environment, NOW);
    }

    private String messageOf(String yaml) {
        return messageOf(yaml, Map.of());
    }

    private String messageOf(String yaml, Map<String, String> environment) {
        return String.valueOf(refusalOf(yaml, environment).getMessage());
    }

    private InvalidConfigException refusalOf(String yaml, Map<String, String> environment) {
        try {
            read(yaml, environment);
        } catch (InvalidConfigException e) {
            return e;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        throw new AssertionError("not refused:\n" + yaml);
    }

    /** {@code line:column path} of each error. */
    private ListAssert<String> assertThatMistakesOf(String yaml) {
        return assertThat(refusalOf(yaml, Map.of()).errors().stream()
                .map(error ->
                        error.location().where().replace(file.toString(), "").replaceFirst("^:", "") + " "
                                + error.location().path())
                .toList());
    }
}
