package io.slsdispatch.job.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.slsdispatch.connector.wire.EscapedUtf8;
import io.slsdispatch.job.rules.Explanation.Labels;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LogstoreNamesTest {

    private static final LogstoreNames TOPIC_LOGS = names("{topic}-logs", "*");

    private static LogstoreNames names(String template, String... allow) {
        return new LogstoreNames(
                NameTemplate.parse(template), AllowedNames.of(List.of(allow)), Map.of("all-logs", "the source"));
    }

    private static Labels topic(String topic) {
        return new Labels(topic, "", Map.of());
    }

    @ParameterizedTest
    @CsvSource({
        "app, app-logs",
        "App-1, app-1-logs",
        "team/App.v2, team-app-v2-logs",
        "/var/log/nginx, var-log-nginx-logs",
        "a_b, a_b-logs",
        "_a, a-logs",
        "订单a, a-logs",
        "é1, 1-logs",
        "a b, a-b-logs",
        "ÀA, a-logs",
        "İ1, 1-logs"
    })
    void aNameIsMadeByTheDocumentedRules(String topic, String logstore) {
        assertThat(TOPIC_LOGS.of(topic(topic))).isEqualTo(LogstoreNames.Name.valid(logstore));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|the topic is empty",
                "订单|the topic has none of a-z, A-Z and 0-9",
                "--|the topic has none of a-z, A-Z and 0-9",
                "All|the logstore 'all-logs' is the source",
                "1234567890123456789012345678901234567890123456789012345678901|the name"
                        + " '1234567890123456789012345678901234567890123456789012345678901-logs' has 66 characters;"
                        + " expected 3 to 63"
            })
    void aTopicWithoutAValidNameHasAProblem(String topic, String problem) {
        assertThat(TOPIC_LOGS.of(topic(topic))).isEqualTo(LogstoreNames.Name.invalid(problem));
    }

    @Test
    void aTopicThatIsNotUtf8HasNoName() {
        byte[] bytes = {'a', (byte) 0xc3, 'b'};

        assertThat(TOPIC_LOGS.of(topic(EscapedUtf8.decode(bytes, 0, bytes.length))))
                .isEqualTo(LogstoreNames.Name.invalid("the topic is not UTF-8"));
    }

    @Test
    void shortNamesAndNamesOutsideAllowAreRefused() {
        assertThat(names("{topic}", "*").of(topic("ab")).problem())
                .isEqualTo("the name 'ab' has 2 characters; expected 3 to 63");
        assertThat(names("{topic}-logs", "app-*", "team-*").of(topic("db")).problem())
                .isEqualTo("the name 'db-logs' does not match 'allow' (app-*, team-*)");
        assertThat(names("{topic}-logs", "app-*").of(topic("App-x")).logstore()).isEqualTo("app-x-logs");
    }

    @Test
    void sourceAndTagsMakeNames() {
        LogstoreNames names = names("{tag:team}-{source}", "*");

        assertThat(names.of(new Labels("", "10.0.0.1", Map.of("team", List.of("A", "A"))))
                        .logstore())
                .isEqualTo("a-10-0-0-1");
        assertThat(names.of(new Labels("", "10.0.0.1", Map.of())).problem()).isEqualTo("the tag 'team' is missing");
        assertThat(names.of(new Labels("", "x", Map.of("team", List.of("a", "b"))))
                        .problem())
                .isEqualTo("the tag 'team' has several values");
        assertThat(names.of(new Labels("", "", Map.of("team", List.of("a")))).problem())
                .isEqualTo("the source is empty");
    }

    @Test
    void aLogstoreNamedOutrightMustBeAllowedAndFree() {
        LogstoreNames names = names("{topic}-logs", "team-*", "all-*");

        assertThat(names.ofOutright("team-billing-logs").logstore()).isEqualTo("team-billing-logs");
        assertThat(names.problemOf("billing")).contains("does not match 'allow'");
        assertThat(names.problemOf("Team-1")).contains("is not a name of a logstore");
        assertThat(names.problemOf("all-logs")).isEqualTo("the logstore 'all-logs' is the source");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{topic", "topic}", "{}", "{tag:}", "{host}", "App-{topic}", "a.{topic}", "plain", "{{topic}}"})
    void anInvalidTemplateIsRefused(String template) {
        assertThatIllegalArgumentException().isThrownBy(() -> NameTemplate.parse(template));
    }

    @Property
    void everyNameIsOneOfALogstore(@ForAll String topic) {
        String logstore = TOPIC_LOGS.of(topic(topic)).logstore();

        assertThat(logstore == null || logstore.matches("[a-z0-9][a-z0-9_-]{1,61}[a-z0-9]"))
                .isTrue();
    }
}
