package io.slsdispatch.e2e.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.job.cli.DispatchCommand;
import io.slsdispatch.job.cli.ExitCode;
import io.slsdispatch.job.topology.SlsConnectors;
import io.slsdispatch.local.SlsLocal;
import io.slsdispatch.local.SlsLocalOptions;
import io.slsdispatch.local.fault.Effect;
import io.slsdispatch.local.fault.Fault;
import io.slsdispatch.local.wire.Operation;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the commands {@code lag} and {@code inspect-savepoint} say of jobs that ran, and of what is wrong. */
@OnMiniCluster
class LagAndInspectE2eTest {

    private static final String GROUP = "consumer-group: dispatch\n";
    private static final String ROUTES = "routes: [{topic: one, to: one}]\ndefault-route: drop\n";

    @TempDir
    private Path folder;

    @Test
    void savepointTellsShardsAndTheConfigurationItWasTakenUnderThroughRestores() throws Exception {
        try (Rig rig = new Rig(folder, 2, "one")) {
            rig.writeToAll("a", 20, "one", "two");
            Path config = rig.file(GROUP, ROUTES);
            String savepoint;
            try (RunningJob job = RunningJob.startLasting(rig.config(GROUP, ROUTES), new SlsConnectors(), 2)) {
                job.awaitWhileRunning("all", any -> Rig.assertExact(rig.reconcile(LagAndInspectE2eTest::targets)));
                savepoint = job.stopWithSavepoint(folder);
            }
            String fingerprint = InProcess.run("check", "--offline", "--json", "--config", config)
                    .json()
                    .get("fingerprint")
                    .getAsString();

            InProcess text = InProcess.run("inspect-savepoint", savepoint);
            assertThat(text.exitCode()).isEqualTo(ExitCode.OK);
            assertThat(text.out())
                    .contains("Source    e2e-project/all-logs, shards: 2 being read, 0 finished")
                    .contains("Config    " + fingerprint)
                    .containsPattern("0 +read +20\\d\\d-.*Z")
                    .doesNotContain("time unknown");
            InProcess same = InProcess.run("inspect-savepoint", savepoint, "--config", config);
            assertThat(same.exitCode()).as(same.out() + same.err()).isEqualTo(ExitCode.OK);
            assertThat(same.out()).contains(fingerprint + ", same as " + config, "good, next received");

            String other = ROUTES.replace("default-route: drop", "default-route: one");
            config = rig.file(GROUP, "# Another default route.\n" + other);
            JsonObject json = InProcess.run("inspect-savepoint", savepoint, "--config", config, "--json")
                    .json();
            assertThat(json.get("takenUnderThisConfiguration").getAsBoolean()).isFalse();
            assertThat(json.getAsJsonArray("configurationDiffersIn").toString()).isEqualTo("[\"rules\"]");
            assertThat(InProcess.run("inspect-savepoint", savepoint, "--config", config)
                            .out())
                    .contains("DIFFERS from", "in rules");

            String second;
            try (RunningJob job = RunningJob.restore(rig.config(GROUP, other), 1, savepoint)) {
                second = job.stopWithSavepoint(folder);
            }
            assertThat(InProcess.run("inspect-savepoint", second, "--config", config, "--json")
                            .json()
                            .get("takenUnderThisConfiguration")
                            .getAsBoolean())
                    .isTrue();

            rig.sls().trim(Rig.PROJECT, Rig.SOURCE.logstore(), 0, 20);
            rig.writeToAll("b", 20, "one");
            rig.sls().trim(Rig.PROJECT, Rig.SOURCE.logstore(), 0, 5);
            InProcess expired = InProcess.run("inspect-savepoint", second, "--config", config);
            assertThat(expired.exitCode()).isEqualTo(ExitCode.NOT_CONFIRMED);
            assertThat(expired.out()).contains("EXPIRED: data after the cursor has expired");
        }
    }

    private static Set<String> targets(String topic) {
        return topic.equals("one") ? Set.of("one") : Set.of();
    }

    @Test
    void savepointOfTheFirstBuildIsShownAndAskedFor() throws Exception {
        copy("sls-local.mv.db", folder.resolve("service"));
        copy("_metadata", folder.resolve("savepoint"));
        Path savepoint = folder.resolve("savepoint");
        Path config;
        try (SlsLocal service = SlsLocal.start(SlsLocalOptions.builder()
                .dataDirectory(folder.resolve("service"))
                .build())) {
            config = fixtureConfig(service.endpoint(), SavepointMaker.SOURCE);
            InProcess text = InProcess.run("inspect-savepoint", savepoint, "--config", config);
            assertThat(text.exitCode()).as(text.out() + text.err()).isEqualTo(ExitCode.OK);
            assertThat(text.out())
                    .contains("Source    upgrade/all-logs, shards: ", " being read")
                    .contains("Config    not stored (written by an older build)")
                    .contains("time unknown", "good, next received", "dispatch", "sls-source", "target-beta")
                    .doesNotContainPattern("[0-9a-f]{32}");

            JsonObject json =
                    InProcess.run("inspect-savepoint", savepoint, "--json").json();
            assertThat(json.get("configuration").isJsonNull()).isTrue();
            Map<String, Integer> states = new TreeMap<>();
            for (JsonElement shard : json.getAsJsonArray("shards")) {
                states.merge(shard.getAsJsonObject().get("state").getAsString(), 1, Integer::sum);
            }
            assertThat(text.out()).contains("shards: " + states.get("read") + " being read");

            Path wrong = fixtureConfig(service.endpoint(), "alpha");
            InProcess refused = InProcess.run("inspect-savepoint", savepoint, "--config", wrong);
            assertThat(refused.exitCode()).isEqualTo(ExitCode.BAD_CONFIGURATION);
            assertThat(refused.err())
                    .contains("The savepoint is of logstore upgrade/all-logs, the configuration reads upgrade/alpha");
            config = fixtureConfig(service.endpoint(), SavepointMaker.SOURCE);
        }
        InProcess nobodyThere = InProcess.run("inspect-savepoint", savepoint, "--config", config);
        assertThat(nobodyThere.exitCode()).isEqualTo(ExitCode.NOT_CONFIRMED);
        assertThat(nobodyThere.out()).contains("Source    upgrade/all-logs");
        assertThat(nobodyThere.err()).contains("The service could not be queried completely", "UNAVAILABLE");
    }

    @Test
    void whatIsNoSavepointOfThisJobIsRefusedInWords() throws Exception {
        Path empty = Files.createDirectory(folder.resolve("empty"));
        Path garbage = Files.createDirectory(folder.resolve("garbage"));
        Files.writeString(garbage.resolve("_metadata"), "this is no savepoint of anything");

        for (Object path : new Object[] {folder.resolve("nowhere"), empty, garbage, "no-scheme:/x", ""}) {
            InProcess run = InProcess.run("inspect-savepoint", path);
            assertThat(run.exitCode()).as("%s: %s", path, run.err()).isEqualTo(ExitCode.BAD_CONFIGURATION);
            assertThat(run.err()).contains("Cannot read ").doesNotContain("\tat ");
        }
    }

    @Test
    void lagIsThatOfTheOldestGroupThatIsNotDelivered() throws Exception {
        try (Rig rig = new Rig(folder, 2, "one")) {
            rig.writeToAll("a", 20, "one");
            Path config = rig.file(GROUP, ROUTES);
            try (RunningJob job = RunningJob.startLasting(rig.config(GROUP, ROUTES), new SlsConnectors(), 2)) {
                job.awaitWhileRunning("progress in the group", any -> assertThat(
                                InProcess.run("lag", "--config", config).out())
                        .containsPattern("0 +open +the end +0 s\\s+1 +open +the end +0 s"));
                job.stopWithSavepoint(folder);
            }
            rig.write(0, TestGroups.group("one", "not delivered"));
            rig.clock().setBack(Duration.ofSeconds(-90));

            InProcess behind = InProcess.run("lag", "--config", config, "--json");
            assertThat(behind.exitCode()).isEqualTo(ExitCode.OK);
            JsonObject shard = behind.json().getAsJsonArray("shards").get(0).getAsJsonObject();
            assertThat(shard.get("state").getAsString()).isEqualTo("behind");
            assertThat(shard.get("lagSeconds").getAsLong()).isNotNegative();
            assertThat(behind.json().get("consumerGroup").getAsString()).isEqualTo("dispatch");

            rig.write(0, TestGroups.group("one", "kept"));
            rig.sls().trim(Rig.PROJECT, Rig.SOURCE.logstore(), 0, 21);
            InProcess lost = InProcess.run("lag", "--config", config);
            assertThat(lost.exitCode()).as(lost.out()).isEqualTo(ExitCode.NOT_CONFIRMED);
            assertThat(lost.out()).contains("(data expired)", "LOST");
        }
    }

    @Test
    void lagThatCannotBeHadIsToldWithACure() throws Exception {
        Path config;
        try (Rig rig = new Rig(folder, 1, "one")) {
            assertThat(InProcess.run("lag", "--config", rig.file("", ROUTES)))
                    .satisfies(run -> assertThat(run.exitCode()).isEqualTo(ExitCode.BAD_CONFIGURATION))
                    .satisfies(run -> assertThat(run.err()).contains("has no 'source.consumer-group'", "--group"));
            config = rig.file(GROUP, ROUTES);
            assertNoAnswer(
                    config, "The consumer group 'dispatch' does not exist", "The logstore has no consumer groups");
            try (SlsClient client = rig.client()) {
                client.createConsumerGroup(Rig.SOURCE, "another-one");
            }
            assertNoAnswer(config, "The logstore has another-one: pass one with --group.");
            assertThat(InProcess.run("lag", "--config", config, "--group", "another-one"))
                    .satisfies(run -> assertThat(run.exitCode()).isEqualTo(ExitCode.OK))
                    .satisfies(run -> assertThat(run.out()).contains("(no cursor)"));
            rig.sls().faults().add(Fault.always(new Effect.Revoke(Optional.empty())));
            assertNoAnswer(config, "UNAUTHORIZED", "Check the credentials");
        }
        assertNoAnswer(config, "UNAVAILABLE", "Check the endpoint");
        assertThat(InProcess.run("lag", "--config", folder.resolve("nowhere")).err())
                .contains("No such file");
    }

    private static void assertNoAnswer(Path config, String... words) throws Exception {
        InProcess run = InProcess.run("lag", "--config", config);
        assertThat(run.exitCode()).isEqualTo(ExitCode.NOT_CONFIRMED);
        assertThat(run.err()).contains(words).doesNotContain("\tat ");
    }

    @Test
    void watchingAsksAgainAlsoAfterAFailureThatPasses() throws Exception {
        try (Rig rig = new Rig(folder, 1, "one")) {
            try (SlsClient client = rig.client()) {
                client.createConsumerGroup(Rig.SOURCE, "dispatch");
            }
            Path config = rig.file(GROUP, ROUTES);
            rig.sls()
                    .faults()
                    .add(Fault.always(new Effect.Refuse(500, "InternalServerError", "broken", Effect.Moment.BEFORE))
                            .on(Operation.LIST_SHARDS)
                            .times(1));
            StringWriter out = new StringWriter();
            StringWriter err = new StringWriter();
            Thread watch = new Thread(() -> watch(config, out, err), "lag --watch");
            watch.start();
            try {
                await().atMost(RunningJob.LONG).untilAsserted(() -> {
                    assertThat(err.toString()).contains("InternalServerError");
                    assertThat(out.toString()).contains("Consumer group dispatch of e2e-project/all-logs");
                });
            } finally {
                watch.interrupt();
                watch.join();
            }
        }
    }

    private static void watch(Path config, StringWriter out, StringWriter err) {
        try {
            DispatchCommand.run(
                    new String[] {"lag", "--watch", "--config", config.toString()},
                    Optional.empty(),
                    Optional.empty(),
                    new PrintWriter(out, true),
                    new PrintWriter(err, true));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private Path fixtureConfig(String endpoint, String logstore) throws IOException {
        Path credentials = Files.writeString(
                folder.resolve("credentials"),
                "access-key-id=" + SlsLocalOptions.DEFAULT_KEY.accessKeyId() + "\naccess-key-secret="
                        + SlsLocalOptions.DEFAULT_KEY.accessKeySecret() + "\n");
        return Files.writeString(
                folder.resolve("fixture.yaml"), """
                source: {endpoint: '%s', project: %s, logstore: %s, credentials: {file: '%s'}}
                targets: [{logstore: beta}]
                routes: [{topic: beta-1, to: beta}]
                default-route: drop
                """.formatted(endpoint, SavepointMaker.PROJECT, logstore, credentials));
    }

    private static void copy(String name, Path to) throws IOException {
        Files.createDirectories(to);
        try (InputStream in = Objects.requireNonNull(
                LagAndInspectE2eTest.class.getResourceAsStream("/savepoints/first-build/" + name))) {
            Files.copy(in, to.resolve(name));
        }
    }
}
