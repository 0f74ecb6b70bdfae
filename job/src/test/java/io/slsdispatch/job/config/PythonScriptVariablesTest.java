package io.slsdispatch.job.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.slsdispatch.connector.config.CredentialsConfig;
import io.slsdispatch.connector.config.StartingPosition;
import io.slsdispatch.job.rules.Rule;
import io.slsdispatch.job.rules.RuleTable.DefaultRule;
import io.slsdispatch.job.rules.TextMatch;
import io.slsdispatch.job.yaml.InvalidConfigException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PythonScriptVariablesTest {

    private final Map<String, String> environment = new HashMap<>(Map.of(
            "SLS_ENDPOINT", "cn-hangzhou.log.aliyuncs.com",
            "SLS_AK_ID", "the id",
            "SLS_AK_KEY", "the key",
            "SLS_PROJECT", "from-project",
            "SLS_LOGSTORE", "all-logs",
            "SLS_LOGSTORE_TO1", "nginx-logs",
            "SLS_LOGSTORE_TO2", "sql-logs",
            "SLS_LOGSTORE_TO3", "click-logs",
            "SLS_CG", "group"));

    @Test
    void targetsInAnotherServiceWithEqualNamesNeedAWord() throws Exception {
        environment.put("SLS_ENDPOINT", "sls.corp");
        environment.put("SLS_ENDPOINT_TO", "sls.other");
        environment.put("SLS_LOGSTORE_TO1", "all-logs");

        assertThatExceptionOfType(InvalidConfigException.class)
                .isThrownBy(this::read)
                .withMessageContaining("'distinct-logstore: true'");
        environment.put("SLS_DISTINCT_LOGSTORE_TO", "true");
        assertThat(read().targets()).hasSize(3);
    }

    @Test
    void variablesOfThePythonScriptAreEnough() throws Exception {
        environment.put("SLS_ENDPOINT_TO", "cn-beijing.log.aliyuncs.com");
        environment.put("SLS_PROJECT_TO", "to-project");

        JobConfig config = read();

        assertThat(config.source().config().logstore()).hasToString("from-project/all-logs");
        assertThat(config.source().config().consumerGroup()).isEqualTo("group");
        assertThat(config.source().connection().credentials())
                .isEqualTo(new CredentialsConfig.Environment("SLS_AK_ID", "SLS_AK_KEY", null));
        assertThat(config.targets())
                .extracting(target -> target.config().logstore().toString())
                .containsExactly("to-project/nginx-logs", "to-project/sql-logs", "to-project/click-logs");
        assertThat(config.targets())
                .allSatisfy(target ->
                        assertThat(target.connection().endpoint()).hasToString("http://cn-beijing.log.aliyuncs.com"));
        assertThat(config.ruleTable().rules())
                .containsExactly(
                        Rule.ofTopic("rule 1", TextMatch.exactly("nginx"), "nginx-logs"),
                        Rule.ofTopic("rule 2", TextMatch.exactly("sql_audit"), "sql-logs"),
                        Rule.ofTopic("rule 3", TextMatch.exactly("click"), "click-logs"));
        assertThat(config.ruleTable().unmatched()).isEqualTo(new DefaultRule.Drop());
    }

    @Test
    void continuesWhereTheScriptStopped() throws Exception {
        assertThat(read().source().start())
                .isEqualTo(new StartingPosition.Committed("group", new StartingPosition.Begin()));

        environment.remove("SLS_CG");
        assertThat(read().source().start()).isEqualTo(new StartingPosition.Begin());

        environment.put("SLS_START", "2018-12-26 0:0:0");
        assertThat(read().source().start()).isEqualTo(new StartingPosition.At(Instant.parse("2018-12-26T00:00:00Z")));
    }

    @Test
    void endpointAndProjectOfTheTargetsAreThoseOfTheSourceUnlessGiven() throws Exception {
        assertThat(read().targets().get(0)).satisfies(target -> {
            assertThat(target.connection().endpoint()).hasToString("http://cn-hangzhou.log.aliyuncs.com");
            assertThat(target.config().logstore()).hasToString("from-project/nginx-logs");
        });
    }

    @Test
    void anyNumberOfTargetsWithTopicsOfTheirOwn() throws Exception {
        environment.put("SLS_LOGSTORE_TO12", "app-logs");
        environment.put("SLS_TOPIC_TO12", "app ${not a variable}");
        environment.put("SLS_TOPIC_TO1", "nginx-access");

        assertThat(read().ruleTable().rules())
                .contains(
                        Rule.ofTopic("rule 1", TextMatch.exactly("nginx-access"), "nginx-logs"),
                        Rule.ofTopic("rule 4", TextMatch.exactly("app ${not a variable}"), "app-logs"));
    }

    @Test
    void severalTopicsMayShareALogstore() throws Exception {
        environment.put("SLS_LOGSTORE_TO3", "nginx-logs");

        JobConfig config = read();

        assertThat(config.targets()).hasSize(2);
        assertThat(config.ruleTable().rules().get(2).targets()).containsExactly("nginx-logs");
    }

    @Test
    void everyMistakeIsToldAtOnceByTheNameOfItsVariable() {
        environment.remove("SLS_ENDPOINT");
        environment.put("SLS_PROJECT", "No Project");
        environment.put("SLS_LOGSTORE_TO4", "app-logs");
        environment.put("SLS_TOPIC_TO9", "lonely");
        environment.put("SLS_LOGSTORE_TO_5", "typo-logs");

        assertThatExceptionOfType(InvalidConfigException.class)
                .isThrownBy(this::read)
                .withMessageContainingAll(
                        "5 errors",
                        "SLS_ENDPOINT  source.endpoint",
                        "Not set.",
                        "SLS_PROJECT  source.project = No Project",
                        "SLS_TOPIC_TO4",
                        "SLS_TOPIC_TO9",
                        "SLS_LOGSTORE_TO_5");
    }

    @Test
    void nothingSetMeansAskingForAFile() {
        environment.clear();

        assertThatExceptionOfType(InvalidConfigException.class)
                .isThrownBy(this::read)
                .withMessageContainingAll(
                        "SLS_ENDPOINT", "SLS_PROJECT", "SLS_LOGSTORE", "SLS_LOGSTORE_TO1", "--config FILE");
    }

    private JobConfig read() throws InvalidConfigException {
        return ConfigReader.readEnvironment(environment, Instant.EPOCH);
    }
}
