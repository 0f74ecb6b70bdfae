package io.slsdispatch.e2e.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.slsdispatch.connector.deadletter.DeadLetter.Cause;
import io.slsdispatch.e2e.dispatch.OnMiniCluster.WithLogstores;
import io.slsdispatch.job.cli.ExitCode;
import io.slsdispatch.job.rules.RulesLog;
import io.slsdispatch.local.service.RequestLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The policies in {@code conf/ram} against the operations that the commands and a job really ask for. Which action an operation
 * needs, and on which resource, is known from the service's documentation ("Action list", "Resource list", and "Use
 * consumer groups to consume logs" with its table of permissions).
 */
@OnMiniCluster
class RamPoliciesE2eTest {

    private static final Path POLICIES = Path.of("..", "conf", "ram");
    private static final String LOGSTORE = "acs:log:*:*:project/my-project/logstore/";
    private static final String GROUP = "sls-dispatch";
    private static final Instant TIME = Instant.parse("2026-05-04T03:00:00Z");

    /** By operation, the action and the part of the resource behind the logstore. */
    private static final Map<String, Permission> NEEDED = Map.of(
            "GetLogStore", new Permission("log:GetLogStore", ""),
            "ListShards", new Permission("log:ListShards", ""),
            "GetCursor", new Permission("log:GetCursorOrData", ""),
            "GetCursorTime", new Permission("log:GetCursorOrData", ""),
            "PullLogs", new Permission("log:GetCursorOrData", ""),
            "PutLogs", new Permission("log:PostLogStoreLogs", ""),
            "ListConsumerGroup", new Permission("log:ListConsumerGroup", "/consumergroup/*"),
            "CreateConsumerGroup", new Permission("log:CreateConsumerGroup", "/consumergroup/*"),
            "ConsumerGroupUpdateCheckPoint",
                    new Permission("log:ConsumerGroupUpdateCheckPoint", "/consumergroup/" + GROUP),
            "GetCheckPoint", new Permission("log:GetConsumerGroupCheckPoint", "/consumergroup/" + GROUP));

    private record Permission(String action, String resource) implements Comparable<Permission> {

        @Override
        public int compareTo(Permission other) {
            return toString().compareTo(other.toString());
        }
    }

    @WithLogstores(sourceShards = 2, targets = "nginx-logs")
    private Rig rig;

    @Test
    void policiesAllowWhatACheckAndAJobAskForAndNothingElse() throws Exception {
        String routes = "routes: [{topic: t, to: nginx-logs}]\ndefault-route: fail\n";
        rig.writeToAll("a", 20, "t");
        check("consumer-group: " + GROUP, routes);
        RunningJob.run(rig.config("stop: now\nconsumer-group: " + GROUP, routes), 1);
        check("consumer-group: " + GROUP, routes);
        RunningJob.run(rig.config("start: group\nstop: now\nconsumer-group: " + GROUP, routes), 1);

        assertThat(asked(Rig.SOURCE.logstore())).isEqualTo(allowed("source.json", LOGSTORE + "all-logs"));
        assertThat(asked("nginx-logs")).isEqualTo(allowed("targets.json", LOGSTORE + "nginx-logs"));
    }

    @Test
    void policyForRulesAllowsWhatACheckAndAJobAskForAndNothingElse() throws Exception {
        rig.clock().setBack(Duration.ofMinutes(5));
        rig.sls().createLogstore(Rig.PROJECT, "dispatch-rules", 1);
        rig.clock().setBack(Duration.ZERO);
        byte[] rules = RulesLog.serialized("", Instant.now(), "routes: [{to: nginx-logs}]\ndefault-route: fail\n");
        rig.sls().put(Rig.PROJECT, "dispatch-rules", 0, rules);
        String updates = "rules: {from: 'sls://" + Rig.PROJECT + "/dispatch-rules', poll-interval: 50ms}\n";
        rig.writeToAll("a", 5, "t");
        check("consumer-group: " + GROUP, updates);
        RunningJob.run(rig.config("stop: now\nconsumer-group: " + GROUP, updates), 1);

        assertThat(asked("dispatch-rules")).isEqualTo(allowed("rules.json", LOGSTORE + "dispatch-rules"));
    }

    @Test
    void policyForATargetByTemplateAllowsWhatACheckAndAJobAskForAndNothingElse() throws Exception {
        Map<String, String> needed = Map.of(
                "ListLogStores", "log:ListLogStores",
                "CreateLogStore", "log:CreateLogStore",
                "GetLogStore", "log:GetLogStore",
                "PutLogs", "log:PostLogStoreLogs");
        String rest = """
                  - name: by-app
                    logstore: "{topic}"
                    allow: "app-*"
                    when-missing: create
                    create.on-failure: fail
                    when-invalid: fail
                    on-reject: fail
                    on-outage: block
                routes: [{to: by-app}]
                default-route: fail
                """;
        rig.writeToAll("a", 5, "app-a");
        RunningJob.run(rig.config("stop: now", rest), 1);
        check("stop: now", rest);

        Set<String> asked = rig.sls().requests().entries().stream()
                .filter(entry -> entry.project().equals(Rig.PROJECT))
                .filter(entry -> entry.logstore().isEmpty() || entry.logstore().startsWith("app-"))
                .map(RequestLog.Entry::operation)
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(rig.entries("app-a")).hasSize(10);
        assertThat(asked).isEqualTo(new TreeSet<>(needed.keySet()));
        Set<String> allowed = new TreeSet<>();
        allowed("templates.json", LOGSTORE + "app-*").forEach(permission -> allowed.add(permission.action()));
        allowed("templates.json", LOGSTORE + "*").forEach(permission -> allowed.add(permission.action()));
        assertThat(allowed).isEqualTo(new TreeSet<>(needed.values()));
    }

    @Test
    void policyForPublishingRulesAllowsWhatThatAsksForAndNothingElse() throws Exception {
        rig.sls().createLogstore(Rig.PROJECT, "dispatch-rules", 1);
        Path rules = Files.writeString(
                rig.folder().resolve("rules.yaml"), "routes: [{to: nginx-logs}]\ndefault-route: fail\n");
        Path config =
                rig.file("consumer-group: " + GROUP, "rules: {from: 'sls://" + Rig.PROJECT + "/dispatch-rules'}\n");

        command("publish-rules", rules, "--config", config);

        assertThat(asked("dispatch-rules")).isEqualTo(allowed("publish-rules.json", LOGSTORE + "dispatch-rules"));
    }

    @Test
    void policyForRedriveAllowsWhatThatAsksForAndNothingElse() throws Exception {
        rig.sls().createLogstore(Rig.PROJECT, Letters.LOGSTORE.logstore(), 2);
        Letters letters = new Letters(rig.sls());
        byte[] group = TestGroups.group("t", "one");
        letters.store(0, letters.of("nginx-logs", Cause.REJECTED, TIME, group));
        letters.store(1, letters.of("nginx-logs", Cause.OUTAGE, TIME, group));
        Path config = rig.file("", """
                routes: [{topic: t, to: nginx-logs}]
                default-route: fail
                defaults: {on-reject: dead-letter, dead-letter: {logstore: dead-letters}}
                """);

        command("redrive", "--config", config, "--dry-run");
        command("redrive", "--config", config, "--state", rig.folder().resolve("state"), "--since", TIME);

        assertThat(rig.entries("nginx-logs")).hasSize(2);
        assertThat(asked("dead-letters")).isEqualTo(allowed("redrive.json", LOGSTORE + "dead-letters"));
        assertThat(asked("nginx-logs")).isEqualTo(allowed("redrive.json", LOGSTORE + "nginx-logs"));
        command("check", "--config", config);
        assertThat(asked("dead-letters"))
                .as("with what the job needs to write them")
                .isEqualTo(union(
                        allowed("redrive.json", LOGSTORE + "dead-letters"),
                        allowed("targets.json", LOGSTORE + "dead-letters")));
    }

    @Test
    void policyForTheSourceIsEnoughToAskForTheLagAndWhetherASavepointStillHolds() throws Exception {
        String source = "consumer-group: " + GROUP;
        String routes = "routes: [{topic: t, to: nginx-logs}]\ndefault-route: fail\n";
        rig.writeToAll("a", 5, "t");
        String savepoint;
        try (RunningJob job = RunningJob.start(rig.config(source, routes), 1)) {
            job.awaitWhileRunning(
                    "groups", any -> assertThat(rig.entries("nginx-logs")).hasSize(10));
            savepoint = job.stopWithSavepoint(rig.folder());
        }
        rig.sls().requests().clear();
        Path config = rig.file(source, routes);

        command("lag", "--config", config);
        command("inspect-savepoint", savepoint, "--config", config);

        assertThat(asked(Rig.SOURCE.logstore())).isNotEmpty().isSubsetOf(allowed("source.json", LOGSTORE + "all-logs"));
    }

    private void check(String source, String routes) throws Exception {
        command("check", "--config", rig.file(source, routes));
    }

    private static void command(Object... arguments) throws Exception {
        InProcess run = InProcess.run(arguments);
        assertThat(run.exitCode()).as(run.out() + run.err()).isEqualTo(ExitCode.OK);
    }

    private static Set<Permission> union(Set<Permission> some, Set<Permission> others) {
        Set<Permission> all = new TreeSet<>(some);
        all.addAll(others);
        return all;
    }

    private Set<Permission> asked(String logstore) {
        Set<String> operations = rig.sls().requests().entries().stream()
                .filter(entry -> entry.logstore().equals(logstore))
                .map(RequestLog.Entry::operation)
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(NEEDED.keySet()).containsAll(operations);
        return operations.stream().map(NEEDED::get).collect(Collectors.toCollection(TreeSet::new));
    }

    /** What a policy allows for one logstore. */
    private static Set<Permission> allowed(String file, String logstore) throws IOException {
        JsonNode policy = new ObjectMapper().readTree(POLICIES.resolve(file).toFile());
        assertThat(policy.path("Version").asText()).isEqualTo("1");
        Set<Permission> allowed = new TreeSet<>();
        for (JsonNode statement : policy.path("Statement")) {
            assertThat(statement.path("Effect").asText()).isEqualTo("Allow");
            for (String resource : texts(statement.path("Resource"))) {
                if (resource.equals(logstore) || resource.startsWith(logstore + "/")) {
                    texts(statement.path("Action"))
                            .forEach(action ->
                                    allowed.add(new Permission(action, resource.substring(logstore.length()))));
                }
            }
        }
        return allowed;
    }

    private static List<String> texts(JsonNode oneOrMore) {
        return oneOrMore.isTextual()
                ? List.of(oneOrMore.asText())
                : oneOrMore.valueStream().map(JsonNode::asText).toList();
    }
}
