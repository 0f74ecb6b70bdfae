package io.slsdispatch.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.slsdispatch.connector.client.connection.SlsClients;
import io.slsdispatch.job.savepoint.SavepointReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SubCommandsTest {

    private static final String OLD = """
            source:
              endpoint: sls.test
              project: my-project
              logstore: all-logs
              credentials: {access-key-id: "${ID}", access-key-secret: "${KEY}"}
            targets:
              - {name: nginx, logstore: nginx-logs}
              - {name: audit, logstore: audit-logs}
              - {name: old, logstore: old-logs}
            routes:
              - {name: access, topic: nginx, to: nginx}
              - {name: db, topic: {prefix: mysql-}, tags: {host: db1}, to: [audit, nginx]}
              - {name: rest, topic: [sql, {prefix: mysql-}], to: audit}
            default-route: drop
            """;

    @TempDir
    private Path folder;

    private Optional<SavepointReader> savepoints = Optional.empty();
    private StringWriter out = new StringWriter();
    private StringWriter err = new StringWriter();

    @ParameterizedTest
    @ValueSource(
            strings = {"check", "explain", "plan", "preview", "lag", "redrive", "inspect-savepoint", "publish-rules"})
    void everyCommandHasAHelpOfItsOwn(String command) throws Exception {
        assertThat(run(command, "--help")).isEqualTo(ExitCode.OK);

        assertThat(out.toString()).contains("Usage: sls-dispatch " + command, "--json", "--help");
        assertThat(run("--help")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("Commands:", "  " + command + " ");
    }

    @Test
    void wrongArgumentsAreToldWithTheHelpOfTheCommand() throws Exception {
        assertThat(run("explain", "--topik", "x")).isEqualTo(ExitCode.BAD_CONFIGURATION);

        assertThat(err.toString()).contains("sls-dispatch explain --help").doesNotContain("\tat ");
    }

    @Test
    void checkOfflineTellsEveryMistakeWithItsPlace() throws Exception {
        String wrong = OLD.replace("default-route: drop", "default-rout: drop").replace("to: audit}", "to: audti}");

        assertThat(run("check", "--offline", "--config", file("bad.yaml", wrong)))
                .isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(err.toString()).contains("bad.yaml:13:", "bad.yaml:14:1", "Did you mean 'audit'?");

        assertThat(run("check", "--offline", "--json", "--config", file("bad.yaml", wrong)))
                .isEqualTo(ExitCode.BAD_CONFIGURATION);
        JsonObject answer = answer();
        assertThat(answer.get("ok").getAsBoolean()).isFalse();
        assertThat(answer.getAsJsonArray("mistakes")).hasSize(3).allSatisfy(mistake -> assertThat(
                        mistake.getAsJsonObject().keySet())
                .containsExactly("where", "path", "value", "problem", "cure"));
    }

    @Test
    void checkWarnsOfNamesThatAreOneInMetrics() throws Exception {
        String file = file("good.yaml", OLD.replace("name: db,", "name: a-b,").replace("name: rest,", "name: a.b,"));

        assertThat(run("check", "--offline", "--config", file)).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("Warning: Rules 'a-b', 'a.b' have one name in metrics, 'a_b', if ");
        assertThat(run("check", "--offline", "--json", "--config", file)).isEqualTo(ExitCode.OK);
        assertThat(JsonParser.parseString(out.toString()).getAsJsonObject().getAsJsonArray("warnings"))
                .hasSize(1);
    }

    @Test
    void checkWarnsOfAPublicEndpointWithoutTls() throws Exception {
        String file = file("good.yaml", OLD.replace("sls.test", "cn-hangzhou.log.aliyuncs.com"));

        assertThat(run("check", "--offline", "--config", file)).isEqualTo(ExitCode.OK);
        assertThat(out.toString())
                .contains("Warning: source, target nginx, target audit, target old: the endpoint"
                        + " http://cn-hangzhou.log.aliyuncs.com is without TLS and public");
        assertThat(run("check", "--offline", "--json", "--config", file)).isEqualTo(ExitCode.OK);
        assertThat(JsonParser.parseString(out.toString()).getAsJsonObject().getAsJsonArray("warnings"))
                .hasSize(1);
    }

    @Test
    void checkOfflineOfARightFileAsksNobody() throws Exception {
        assertThat(run("check", "--offline", "--config", file("good.yaml", OLD)))
                .isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("Targets  3", "The service was not checked");

        assertThat(run("check", "--offline", "--json", "--config", file("good.yaml", OLD)))
                .isEqualTo(ExitCode.OK);
        assertThat(answer().get("ok").getAsBoolean()).isTrue();
    }

    @Test
    void explainNamesRuleAndTargetsAndWhyOthersDidNot() throws Exception {
        String file = file("good.yaml", OLD);

        assertThat(run("explain", "-c", file, "--topic", "mysql-7", "--tag", "host=db2"))
                .isEqualTo(ExitCode.OK);
        assertThat(out.toString())
                .contains("goes to audit (my-project/audit-logs).")
                .contains("no: topic is 'mysql-7', expected 'nginx'")
                .contains("no: tag host is 'db2', expected 'db1'")
                .contains("MATCHED, to audit");

        assertThat(run("explain", "-c", file, "--topic", "mysql-7", "--tag", "host=db1", "--json"))
                .isEqualTo(ExitCode.OK);
        assertThat(answer().getAsJsonArray("targets").toString()).isEqualTo("[\"audit\",\"nginx\"]");

        assertThat(run("explain", "-c", file, "--topic", "")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("is dropped and counted", "'default-route' is 'drop'");
    }

    @Test
    void explainAndPlanNameTheLogstoresOfATargetByTemplate() throws Exception {
        String before = OLD.replace("routes:\n", """
                  - name: by-app
                    logstore: "{topic}-logs"
                    allow: ["app-*", "team-*"]
                    when-missing: dead-letter
                    when-invalid: dead-letter
                    on-reject: fail
                    on-outage: block
                    dead-letter: {logstore: dead-letters}
                routes:
                  - {topic: {prefix: app-}, to: by-app}
                  - {topic: billing, to: by-app, logstore: team-logs}
                  - {topic: other, to: by-app}
                """);
        String file = file("template.yaml", before);

        assertThat(run("explain", "-c", file, "--topic", "app-Shop")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("goes to by-app (my-project/app-shop-logs).");
        assertThat(run("explain", "-c", file, "--topic", "billing", "--json")).isEqualTo(ExitCode.OK);
        assertThat(answer().getAsJsonArray("logstores").toString()).isEqualTo("[\"my-project/team-logs\"]");
        assertThat(run("explain", "-c", file, "--topic", "other")).isEqualTo(ExitCode.OK);
        assertThat(out.toString())
                .contains("no logstore: the name 'other-logs' does not match 'allow' (app-*, team-*); 'when-invalid'");

        String after =
                file("after.yaml", before.replace("team-logs", "team-new").replace("allow: [", "allow: [other-logs, "));
        assertThat(run("plan", "--old", file, "--new", after, "--topic", "app-shop"))
                .isEqualTo(ExitCode.OK);
        assertThat(out.toString())
                .contains("~ by-app  options changed")
                .contains("'billing'", "my-project/team-logs at", "my-project/team-new at")
                .contains("'other'", "my-project/other-logs at")
                .doesNotContain("'app-shop'");
        assertThat(run("plan", "--old", file("old.yaml", OLD), "--new", file)).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("+ by-app  my-project/{topic}-logs at");
    }

    @Test
    void explainRefusesATagWithoutAValue() throws Exception {
        assertThat(run("explain", "-c", file("good.yaml", OLD), "--topic", "x", "--tag", "host"))
                .isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(err.toString()).contains("KEY=VALUE");
    }

    @Test
    void schemaInConfIsTheOneThatThisBuildPrints() throws Exception {
        assertThat(run("schema")).isEqualTo(ExitCode.OK);

        assertThat(out.toString())
                .as("refresh it: java -jar job/target/sls-dispatch.jar schema > conf/dispatch.schema.json")
                .isEqualTo(Files.readString(Path.of("..", "conf", "dispatch.schema.json")));
    }

    @Test
    void planOfTheSameIsEmpty() throws Exception {
        assertThat(run("plan", "--old", file("a.yaml", OLD), "--new", file("b.yaml", OLD)))
                .isEqualTo(ExitCode.OK);
        assertThat(out.toString())
                .contains("Settings  unchanged", "Targets  unchanged", "Rules  unchanged", "Topics  unchanged", "works")
                .contains("Effects on data  none known")
                .contains("removed operators: none");
    }

    @Test
    void planShowsTargetsRulesTopicsAndOperatorsThatChange() throws Exception {
        String changed = OLD.replace("{name: audit, logstore: audit-logs}", "{name: sql, logstore: audit-logs}")
                .replace("  - {name: old, logstore: old-logs}\n", "  - {name: new, logstore: new-logs}\n")
                .replace("to: audit}", "to: sql}")
                .replace("[audit, nginx]", "[sql, nginx]")
                .replace("topic: nginx, to: nginx", "topic: nginx, to: [nginx, new]")
                .replace("default-route: drop", "default-route: new");

        assertThat(run(
                        "plan",
                        "--old",
                        file("a.yaml", OLD),
                        "--new",
                        file("b.yaml", changed),
                        "--topic",
                        "other",
                        "--topics-file",
                        file("topics", "sql\nunheard-of\n")))
                .isEqualTo(ExitCode.OK);
        assertThat(out.toString())
                .contains("+ new  my-project/new-logs", "- old  my-project/old-logs", "~ audit renamed to sql")
                .contains("+ access: topic 'nginx' -> nginx, new", "- access: topic 'nginx' -> nginx")
                .containsPattern(
                        "'nginx' +my-project/nginx-logs at http://sls.test +my-project/new-logs at .*nginx-logs")
                .containsPattern("'other' +\\(dropped\\) +my-project/new-logs")
                .contains("'unheard-of'")
                .contains("target-old, target-audit; they have no state")
                .as("a renamed target is the same way")
                .doesNotContain("rest: topic", "db: topic")
                .doesNotContain("'sql'  ")
                .doesNotContain("'mysql-…'");
    }

    @Test
    void planShowsTheDefaultRuleAsARowAndWhatIsLost() throws Exception {
        String before = OLD.replace("default-route: drop", "default-route: nginx");

        assertThat(run("plan", "--old", file("a.yaml", before), "--new", file("b.yaml", OLD)))
                .isEqualTo(ExitCode.OK);
        assertThat(out.toString())
                .contains("Settings  1 changed", "Rules  unchanged", "Topics  with other targets")
                .containsPattern("default-route +nginx +drop")
                .containsPattern("every other topic +my-project/nginx-logs at http://sls.test +\\(dropped\\)")
                .containsPattern("LOSE +default-route +groups that no rule matches are dropped");

        assertThat(run("plan", "--old", file("a.yaml", before), "--new", file("b.yaml", OLD), "--json"))
                .isEqualTo(ExitCode.OK);
        assertThat(answer().getAsJsonObject("everyOtherTopic").get("after").getAsString())
                .isEqualTo("(dropped)");
        assertThat(answer().getAsJsonArray("effects")
                        .get(0)
                        .getAsJsonObject()
                        .get("can")
                        .getAsString())
                .isEqualTo("lose");
    }

    @Test
    void planMarksTopicsAndTargetsThatLoseData() throws Exception {
        String after = OLD.replace("{name: access, topic: nginx, to: nginx}", "{name: access, topic: nginx, to: drop}")
                .replace("targets:", "defaults: {on-outage: drop, outage-after: 1min}\ntargets:")
                .replace("  logstore: all-logs", "  logstore: all-logs\n  on-expired-cursor: latest");

        assertThat(run("plan", "--old", file("a.yaml", OLD), "--new", file("b.yaml", after)))
                .isEqualTo(ExitCode.OK);
        assertThat(out.toString())
                .containsPattern("targets\\[\\]\\.on-outage +block +drop +all 3 targets")
                .containsPattern("source\\.on-expired-cursor +fail +latest")
                .containsPattern(
                        "LOSE +on-outage of all 3 targets +groups are dropped while the target accepts nothing")
                .containsPattern("LOSE +source\\.on-expired-cursor +when unread groups expire, all groups")
                .containsPattern("LOSE +topic 'nginx' +its groups are dropped")
                .containsPattern("DELAY +outage-after of all 3 targets +all targets wait longer");
    }

    @Test
    void planSaysWhatARestoreWouldNotDo() throws Exception {
        String changed = OLD.replace("all-logs", "other-logs") + "max-parallelism: 100\n";

        assertThat(run("plan", "--old", file("a.yaml", OLD), "--new", file("b.yaml", changed), "--json"))
                .isEqualTo(ExitCode.NOT_CONFIRMED);
        JsonObject restore = answer().getAsJsonObject("restore");
        assertThat(restore.get("works").getAsBoolean()).isFalse();
        assertThat(restore.getAsJsonArray("obstacles").toString())
                .contains("The source logstore changed", "'max-parallelism' changed from 720 to 100");
    }

    @Test
    void planOfAFileThatIsWrongTellsItsMistakes() throws Exception {
        assertThat(run("plan", "--old", file("a.yaml", OLD), "--new", file("b.yaml", "routes: []\n")))
                .isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(err.toString()).contains("b.yaml:1:");

        assertThat(run("plan", "--old", file("a.yaml", OLD), "--new", file("a.yaml", OLD), "--topics-file", "none"))
                .isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(err.toString()).contains("Cannot read --topics-file none: no such file");
    }

    @Test
    void savepointsNeedTheClassesOfFlinkAndTheWayToThemIsTold() throws Exception {
        assertThat(run("inspect-savepoint", "/savepoints/one")).isEqualTo(ExitCode.BAD_CONFIGURATION);

        assertThat(err.toString())
                .contains(
                        "FLINK_HOME=/opt/flink java -jar",
                        "flink run sls-dispatch.jar inspect-savepoint /savepoints/one");
    }

    @Test
    void inspectShowsShardsAsTimesAndOperators() throws Exception {
        SavepointReader.Content content = new SavepointReader.Content(
                7,
                "my-project/all-logs",
                List.of(
                        new SavepointReader.ShardAt(0, "MTU0", 3, Optional.of(Instant.EPOCH), "read"),
                        new SavepointReader.ShardAt(1, "MTU1", 0, Optional.empty(), "waits")),
                4,
                Optional.of("version 2"),
                Optional.empty(),
                List.of(new SavepointReader.Operator("sls-source", 2, 720, 100)));
        savepoints = Optional.of((path, targets) -> {
            if (!path.equals("/good")) {
                throw new IOException("it is not there");
            }
            return content;
        });

        assertThat(run("inspect-savepoint", "/good")).isEqualTo(ExitCode.OK);
        assertThat(out.toString())
                .contains(
                        "checkpoint 7",
                        "1 being read, 1 waiting to be read, 4 finished",
                        "Config    not stored",
                        "Rules     version 2")
                .containsPattern("0 +read +1970-01-01T00:00:00Z +\\d+ d \\d+ h +MTU0 \\+ 3")
                .containsPattern("1 +waits +nothing yet +MTU1")
                .containsPattern("sls-source +2 +720 +100");

        assertThat(run("inspect-savepoint", "/good", "--json")).isEqualTo(ExitCode.OK);
        assertThat(answer().getAsJsonArray("shards")).hasSize(2);

        assertThat(run("inspect-savepoint", "/bad")).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(err.toString()).contains("Cannot read", "/bad: it is not there");

        assertThat(run("inspect-savepoint", "/good", "-c", file("a.yaml", OLD.replace("all-logs", "other-logs"))))
                .isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(err.toString()).contains("of logstore my-project/all-logs");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"check", "explain", "plan", "preview", "lag", "redrive", "inspect-savepoint", "publish-rules"})
    void whatIsWrongIsJsonWhereAMachineReads(String command) throws Exception {
        savepoints = Optional.of((path, targets) -> {
            throw new IOException("not there");
        });
        List<String> right = new ArrayList<>(List.of(command, "--json"));
        right.addAll(
                switch (command) {
                    case "plan" -> List.of("--old", "none.yaml", "--new", "none.yaml");
                    case "explain" -> List.of("--topic", "x", "--config", "none.yaml");
                    case "inspect-savepoint" -> List.of("/x", "--config", "none.yaml");
                    case "publish-rules" -> List.of("none.yaml", "--config", "none.yaml");
                    default -> List.of("--config", "none.yaml");
                });

        assertThat(run(right.toArray(String[]::new))).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(answer().getAsJsonArray("mistakes")).hasSize(1).allSatisfy(mistake -> assertThat(
                        mistake.getAsJsonObject().get("problem").getAsString())
                .contains("No such file"));

        right.add("--no-such-option");
        assertThat(run(right.toArray(String[]::new))).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(answer().get("error").getAsString()).contains("--no-such-option");
    }

    @Test
    void refusalOfACommandIsJsonWhereAMachineReads() throws Exception {
        String config = file("good.yaml", OLD);

        assertThat(run("explain", "--topic", "x", "--tag", "none", "--config", config, "--json"))
                .isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(answer().get("error").getAsString()).contains("--tag 'none'", "KEY=VALUE");
        assertThat(run("redrive", "--config", config, "--json")).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(answer().get("error").getAsString()).contains("no dead-letter logstore");
        assertThat(run("inspect-savepoint", "/x", "--json")).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(answer().get("error").getAsString()).contains("FLINK_HOME");
    }

    @Test
    void planTellsOfAnotherConsumerGroup() throws Exception {
        String grouped = OLD.replace("  logstore: all-logs", "  logstore: all-logs\n  consumer-group: progress");

        assertThat(run("plan", "--old", file("a.yaml", OLD), "--new", file("b.yaml", grouped)))
                .isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("'consumer-group' changed from none to 'progress'");
        assertThat(run("plan", "--old", file("b.yaml", grouped), "--new", file("b.yaml", grouped)))
                .isEqualTo(ExitCode.OK);
        assertThat(out.toString()).doesNotContain("consumer-group");
    }

    @Test
    void argumentsThatTheLocaleHasLostAreRefused() throws Exception {
        assertThat(run("explain", "--topic", "\ufffd\ufffd", "--config", file("good.yaml", OLD)))
                .isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(err.toString()).contains("LC_ALL=C.UTF-8");
    }

    @Test
    void savepointThatEndsTooEarlyOrIsElsewhereIsToldInWords() throws Exception {
        savepoints = Optional.of((path, targets) -> {
            if (path.startsWith("s3:")) {
                throw new IOException("No such file system.");
            }
            throw new EOFException();
        });

        assertThat(run("inspect-savepoint", "/x")).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(err.toString()).contains("/x: the file is truncated").doesNotContain("null");
        assertThat(run("inspect-savepoint", "s3://b/x")).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(err.toString()).contains("flink run sls-dispatch.jar inspect-savepoint s3://b/x");
    }

    private JsonObject answer() {
        return JsonParser.parseString(out.toString()).getAsJsonObject();
    }

    private int run(String... args) throws Exception {
        out = new StringWriter();
        err = new StringWriter();
        List<String> said = new ArrayList<>(List.of(args));
        Terminal terminal = new Terminal(
                Map.of(),
                SlsClients::new,
                Clock.systemUTC(),
                new PrintWriter(out, true),
                new PrintWriter(err, true),
                false);
        return new DispatchCommand(terminal, Optional.empty(), savepoints).run(said.toArray(String[]::new));
    }

    private String file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content).toString();
    }
}
