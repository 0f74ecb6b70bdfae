package io.slsdispatch.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.testing.LogGroupBuilder;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What commands say of a source, and of arguments and services that are nearly right. */
class PreviewCommandTest {

    private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");

    private static final String CONFIG = """
            source:
              endpoint: sls.test
              project: my-project
              logstore: all-logs
              credentials: {access-key-id: "${ID}", access-key-secret: "${KEY}"}
            targets:
              - {name: nginx, logstore: nginx-logs}
              - {name: audit, logstore: audit-logs, batching: false}
            routes:
              - {name: access, topic: nginx, to: [nginx, audit]}
              - {name: db, topic: sql_audit, tags: {host: db1}, to: audit}
              - {name: noise, topic: health, to: drop}
            default-route: drop
            """;

    private final FakeService service = new FakeService(2);
    private StringWriter out = new StringWriter();
    private StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    @BeforeEach
    void fill() {
        service.logstores.add("my-project/all-logs");
        service.logstores.add("my-project/nginx-logs");
        service.logstores.add("my-project/audit-logs");
    }

    private void write(int shard, String topic, int logs, int secondsAgo) {
        LogGroupBuilder group = LogGroupBuilder.logGroup().topic(topic).tag("host", "db1");
        for (int i = 0; i < logs; i++) {
            group.log(0, "key", "value");
        }
        service.write(shard, group.toBytes(), NOW.minusSeconds(secondsAgo));
    }

    @Test
    void showsEachTopicWithItsTargetsAndWhatFallsThrough() throws Exception {
        write(0, "nginx", 3, 400);
        for (int i = 0; i < 6; i++) {
            write(i % 2, "nginx", 3, 100);
        }
        write(0, "sql_audit", 1, 90);
        write(1, "health", 1, 90);
        write(1, "other", 2, 80);
        service.write(1, new byte[] {0x32, 0x7f, 0x0a}, NOW.minusSeconds(70));

        assertThat(run("preview", "--config", file(CONFIG))).isEqualTo(ExitCode.OK);
        assertThat(out.toString())
                .contains("Preview of my-project/all-logs  data received since 2026-11-30T11:55:00Z")
                .contains("sample: 10 log groups, ", "2 shards, 2 pulls\n")
                .containsPattern("'nginx' +6 +\\d+ B +3 +\\d+ % +█+ +access +nginx, audit")
                .containsPattern("'sql_audit' +1 .* db +audit")
                .containsPattern("'health' +1 .* noise +\\(dropped\\)")
                .containsPattern("Unmatched, default-route is 'drop'\n.*\n +'other' +1 +\\d+ B +2 .*\\(dropped\\)")
                .containsPattern("Malformed, dispatch.on-malformed is 'fail'\n.*\n +'' +1 .*\\(the job fails\\)")
                .containsPattern("nginx +6 +0.02 ")
                .containsPattern("audit +7 +0.02 ");
        assertThat(service.calls).doesNotContain("ListConsumerGroup", "GetCheckPoint", "PutLogs");
    }

    @Test
    void readingIsBoundedForEachShard() throws Exception {
        for (int i = 0; i < 100; i++) {
            write(0, "nginx", 1, 100 - i);
        }
        write(1, "nginx", 1, 10);

        assertThat(run("preview", "--config", file(CONFIG), "--groups", "30", "--json"))
                .isEqualTo(ExitCode.OK);
        JsonObject answer = answer();
        assertThat(answer.get("groups").getAsInt()).isEqualTo(31);
        assertThat(answer.getAsJsonArray("shards")
                        .get(0)
                        .getAsJsonObject()
                        .get("endReached")
                        .getAsBoolean())
                .isFalse();
        JsonObject nginx = first(answer, "targets");
        assertThat(nginx.get("groups").getAsInt()).isEqualTo(31);
        // 30 groups in the 229 seconds up to the last of them, and one in the 300 seconds up to now.
        assertThat(nginx.get("groupsPerSecond").getAsDouble())
                .isBetween(30 / 229.0 + 1 / 301.0, 30 / 229.0 + 1 / 299.0);
    }

    @Test
    void rulesThatAreNotInUseYetAreAppliedInsteadOfThoseOfTheConfiguration() throws Exception {
        write(0, "other", 1, 10);
        Path rules = Files.writeString(
                folder.resolve("rules.yaml"), "routes: [{name: new, topic: other, to: nginx}]\ndefault-route: fail\n");

        assertThat(run("preview", "--config", file(CONFIG), "--rules", rules.toString(), "--json"))
                .isEqualTo(ExitCode.OK);
        assertThat(first(answer(), "matched").get("rules").toString()).isEqualTo("[\"new\"]");
    }

    @Test
    void sourceWithoutDataIsReportedWithWhatToDo() throws Exception {
        assertThat(run("preview", "--config", file(CONFIG))).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("No log groups were received in this time. Pass an earlier --since");

        assertThat(run("preview", "--config", file(CONFIG), "--groups", "0")).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(err.toString()).contains("--groups 0: expected a whole number from 1 to 100000");
        assertThat(run("preview", "--config", file(CONFIG), "--for", "10")).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(err.toString()).contains("expected a duration with a unit");
    }

    @Test
    void checkWarnsOfTopicsThatAreNearlyThoseOfTheRules() throws Exception {
        write(0, "ngnix", 1, 10);
        String config = file(CONFIG.replace("endpoint: sls.test", "endpoint: http://127.0.0.1:9"));

        run("check", "--config", config);

        assertThat(out.toString())
                .containsPattern("WARNING rules and source: 1 log groups of the last 15 min: none of the rules matches"
                        + " a sampled log group; the source has the topics 'ngnix'\\. The rules have the topic 'nginx',"
                        + " which does not occur; the source has 'ngnix', which no rule matches\\.")
                .contains("checks failed, with 1 warning.");

        write(0, "nginx", 1, 10);
        run("check", "--config", config);
        assertThat(out.toString()).contains("ok      rules and source: 2 log groups of the last 15 min, rules match");
    }

    @Test
    void checkFailsForAStartGroupThatIsNotThereAndNamesThoseThatAre() throws Exception {
        service.consumerGroups.put("dispatch", Map.of());
        service.consumerGroups.put("other", Map.of());
        String config = file(CONFIG.replace(
                "  logstore: all-logs", "  logstore: all-logs\n  consumer-group: dispacth\n  start: group"));

        assertThat(run("check", "--config", config)).isEqualTo(ExitCode.NOT_CONFIRMED);
        assertThat(out.toString())
                .contains(
                        "FAILED  consumer group dispacth: does not exist",
                        "The logstore has dispatch, other. Did you mean 'dispatch'?");
    }

    @Test
    void wrongSecretIsReportedWithTheVariableThatHoldsIt() throws Exception {
        service.failure = new SlsException(
                ErrorKind.UNAUTHORIZED,
                "ListShards",
                "my-project/all-logs",
                401,
                "SignatureNotMatch",
                "5F",
                "no",
                null);

        assertThat(run("preview", "--config", file(CONFIG))).isEqualTo(ExitCode.NOT_CONFIRMED);
        assertThat(err.toString())
                .contains("The secret does not belong to the access key id: check the environment variable KEY.");
    }

    @Test
    void missingLogstoreHasItsHintInEachCommandThatAsksForIt() throws Exception {
        service.logstores.clear();
        String config = file(CONFIG.replace("  logstore: all-logs", "  logstore: all-logs\n  consumer-group: g")
                + "defaults: {on-reject: dead-letter, dead-letter: {logstore: dead-logs}}\n");

        for (String command : new String[] {"preview", "lag", "check", "redrive"}) {
            assertThat(run(command, "--config", config)).as(command).isEqualTo(ExitCode.NOT_CONFIRMED);
            assertThat(out.toString() + err).as(command).containsPattern("[cC]reate (it|the (project or )?logstore)");
        }
    }

    @Test
    void publishRulesSaysThatNothingWasWrittenWhenItKnows() throws Exception {
        String config = file(CONFIG.replaceAll("(?s)routes:.*", "rules: {from: sls://my-project/rules-logs}\n")
                .replace("  logstore: all-logs", "  logstore: all-logs\n  consumer-group: g"));
        String rules = Files.writeString(
                        folder.resolve("rules.yaml"), "routes: [{topic: a, to: nginx}]\ndefault-route: drop\n")
                .toString();

        assertThat(run("publish-rules", rules, "--config", config)).isEqualTo(ExitCode.NOT_CONFIRMED);
        assertThat(err.toString())
                .contains("LogStoreNotExist", "Create it, or correct its name.\nNothing was written.");

        service.failure = new SlsException(
                ErrorKind.UNAVAILABLE, "PutLogs", "x", -1, "NoAnswer", "", "sls.test", new UnknownHostException());
        run("publish-rules", rules, "--config", config);
        assertThat(err.toString())
                .contains("Check the endpoint, and whether this machine reaches it.", "\nNothing was written.");

        service.failure = new SlsException(
                ErrorKind.UNAVAILABLE, "PutLogs", "x", -1, "NoAnswer", "", "no answer", new IOException("reset"));
        run("publish-rules", rules, "--config", config);
        assertThat(err.toString()).contains("\nThe rules may have been written.");
    }

    @Test
    void argumentsThatAreNearlyRightHaveAHint() throws Exception {
        assertThat(run("check", "dispatch.yaml")).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(err.toString()).contains("Did you mean: --config dispatch.yaml?");
        assertThat(run("dispatch.yaml")).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(err.toString()).contains("Did you mean: --config dispatch.yaml?");
        assertThat(run("plan", "a.yaml", "b.yaml")).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(err.toString()).contains("Did you mean: --old a.yaml --new b.yaml?");
        assertThat(run()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(err.toString())
                .contains("No configuration: neither --config nor an environment variable", "Pass --config FILE");

        String dead = file(CONFIG + "defaults: {on-reject: dead-letter, dead-letter: {logstore: dead-logs}}\n");
        assertThat(run("redrive", "--config", dead, "--target", "ngnix")).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(err.toString()).contains("--target ngnix: unknown target. Did you mean 'nginx'?", "--to NAME");
        assertThat(run("redrive", "--config", dead, "--to", "nobody-knows")).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(err.toString()).contains("--to nobody-knows: unknown target. Expected one of: nginx, audit.");
    }

    @Test
    void lagWithoutAConsumerGroupSaysWhatToUse() throws Exception {
        service.consumerGroups.put("script", Map.of());
        String config = file(CONFIG);

        assertThat(run("lag", "--config", config)).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(err.toString())
                .contains("status --config " + config + " --flink URL", "--group GROUP; the logstore has script.");
    }

    private static JsonObject first(JsonObject answer, String list) {
        JsonElement element = answer.getAsJsonArray(list).get(0);
        return element.getAsJsonObject();
    }

    private JsonObject answer() {
        return JsonParser.parseString(out.toString()).getAsJsonObject();
    }

    private int run(String... args) throws Exception {
        out = new StringWriter();
        err = new StringWriter();
        Terminal terminal = new Terminal(
                Map.of(),
                connection -> () -> service,
                Clock.fixed(NOW, ZoneOffset.UTC),
                new PrintWriter(out, true),
                new PrintWriter(err, true),
                false);
        return new DispatchCommand(terminal, Optional.empty(), Optional.empty()).run(args);
    }

    private String file(String content) throws IOException {
        return Files.writeString(folder.resolve("dispatch.yaml"), content).toString();
    }
}
