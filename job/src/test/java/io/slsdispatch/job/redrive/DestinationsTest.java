package io.slsdispatch.job.redrive;

import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.connector.config.ConnectionConfig;
import io.slsdispatch.connector.config.CredentialsConfig;
import io.slsdispatch.connector.config.Endpoint;
import io.slsdispatch.connector.config.LogstoreScope;
import io.slsdispatch.connector.config.SinkConfig;
import io.slsdispatch.connector.deadletter.DeadLetter;
import io.slsdispatch.connector.deadletter.DeadLetter.Cause;
import io.slsdispatch.connector.deadletter.DeadLetter.Reason;
import io.slsdispatch.connector.deadletter.DynamicReasons;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.job.config.ConfigReader;
import io.slsdispatch.job.config.JobConfig.Target;
import io.slsdispatch.testing.LogGroupBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DestinationsTest {

    private static final LogstoreId LOGS = new LogstoreId("my-project", "nginx-logs");
    private static final Reason REASON = new Reason(Cause.REJECTED, "Code", 400, "", "refused");

    private final Target hangzhou = target("hangzhou", "cn-hangzhou.log.aliyuncs.com");
    private final Target shanghai = target("shanghai", "cn-shanghai.log.aliyuncs.com");

    private static Target target(String name, String address) {
        Endpoint endpoint = Endpoint.parse(address);
        return new Target(
                ConnectionConfig.of(endpoint, new CredentialsConfig.Environment("ID", "KEY", null)),
                SinkConfig.builder(name, LOGS)
                        .scope(LogstoreScope.of(endpoint, null, false))
                        .build());
    }

    @TempDir
    private Path folder;

    private static DeadLetter letter(String target, String scope, int idVersion) {
        byte[] group = {0x1a, 1, 't'};
        RawLogGroup raw = new RawLogGroup(group, 0, group.length, "t", 0, "MTIz", 0).numbered();
        return new DeadLetter(raw, target, LOGS, scope, REASON, Instant.EPOCH, idVersion);
    }

    @Test
    void letterGoesToTheLogstoreThatItWasForWhateverTheNames() {
        Destinations both = new Destinations(List.of(hangzhou, shanghai), null);

        assertThat(both.of(letter("renamed", "region:cn-shanghai", 2))).contains(shanghai);
        assertThat(both.of(letter("hangzhou", "region:cn-shanghai", 2))).contains(shanghai);
        assertThat(new Destinations(List.of(hangzhou), null).of(letter("renamed", "region:cn-shanghai", 2)))
                .as("another logstore of equal names")
                .isEmpty();
        assertThat(new Destinations(List.of(hangzhou), null).of(letter("hangzhou", "region:cn-shanghai", 2)))
                .as("the name is the same")
                .contains(hangzhou);
    }

    @Test
    void letterOfATargetByTemplateGoesToItsLogstore() throws Exception {
        Destinations destinations = byTemplate("");

        assertThat(logstoreOf(destinations, templateLetter("by-app", "app-gone-logs", REASON, "app-now")))
                .isEqualTo("by-app: my-project/app-gone-logs");
        assertThat(logstoreOf(destinations, templateLetter("renamed", "app-x", REASON, "t")))
                .as("another name, the same logstore")
                .isEqualTo("by-app: my-project/app-x");
        assertThat(logstoreOf(destinations, templateLetter("by-app", "db-logs", REASON, "t")))
                .as("no longer allowed")
                .isEqualTo("none");
    }

    @Test
    void letterWithoutALogstoreGoesByTheRulesOfNow() throws Exception {
        Reason invalid = DynamicReasons.invalid(DynamicReasons.INVALID_NAME, "the name was not allowed");

        assertThat(logstoreOf(byTemplate(""), templateLetter("by-app", "no-logstore", invalid, "app-now")))
                .isEqualTo("by-app: my-project/app-now-logs");
        assertThat(logstoreOf(byTemplate(""), templateLetter("by-app", "no-logstore", invalid, "db")))
                .as("still not allowed")
                .isEqualTo("none");
        assertThat(logstoreOf(
                        byTemplate("  - {topic: db, to: by-app, logstore: app-db}\n"),
                        templateLetter("by-app", "no-logstore", invalid, "db")))
                .isEqualTo("by-app: my-project/app-db");
        assertThat(logstoreOf(
                        byTemplate("  - {topic: db, to: rest}\n"),
                        templateLetter("by-app", "no-logstore", invalid, "db")))
                .isEqualTo("rest: my-project/rest-logs");
        assertThat(logstoreOf(
                        byTemplate("  - {topic: db, to: rest, continue: true}\n"),
                        templateLetter("by-app", "no-logstore", invalid, "db")))
                .as("the copy of its target, which has no logstore for it")
                .isEqualTo("none");
    }

    private static String logstoreOf(Destinations destinations, DeadLetter letter) {
        return destinations
                .of(letter)
                .map(target -> target.name() + ": " + target.config().logstore())
                .orElse("none");
    }

    private static DeadLetter templateLetter(String target, String logstore, Reason reason, String topic) {
        return new DeadLetter(
                LogGroupBuilder.ofTopic(topic), target, new LogstoreId("my-project", logstore), reason, Instant.EPOCH);
    }

    private Destinations byTemplate(String rules) throws Exception {
        Path file = Files.writeString(
                folder.resolve("dispatch.yaml"), """
                source: {endpoint: sls.test, project: my-project, logstore: all-logs, credentials: {file: keys}}
                targets:
                  - {name: rest, logstore: rest-logs}
                  - name: by-app
                    logstore: "{topic}-logs"
                    allow: ["app-*"]
                    when-missing: fail
                    when-invalid: fail
                    on-reject: fail
                    on-outage: block
                routes:
                """ + rules + "  - {to: by-app}\ndefault-route: drop\n");
        return new Destinations(ConfigReader.readFile(file, Map.of(), Instant.EPOCH), null);
    }

    @Test
    void letterThatDoesNotSayWhichOfTwoLogstoresGoesByItsName() {
        Destinations both = new Destinations(List.of(hangzhou, shanghai), null);

        assertThat(both.of(letter("shanghai", "", 1))).contains(shanghai);
        assertThat(both.of(letter("renamed", "", 1))).isEmpty();
        assertThat(new Destinations(List.of(hangzhou), null).of(letter("renamed", "", 1)))
                .contains(hangzhou);
    }

    @Test
    void lettersOfEarlierBuildsForTwoRegionsAreNotTakenForOne() {
        Destinations both = new Destinations(List.of(hangzhou, shanghai), null);
        DeadLetter one = letter("hangzhou", "", 1);
        DeadLetter two = letter("shanghai", "", 1);

        assertThat(one.id()).isEqualTo(two.id());
        assertThat(both.idOf(one)).isNotEqualTo(both.idOf(two));
        assertThat(new Destinations(List.of(hangzhou), null).idOf(one))
                .as("as state files of earlier builds have it")
                .isEqualTo(one.id());
    }
}
