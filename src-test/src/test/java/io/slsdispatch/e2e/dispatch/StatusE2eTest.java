package io.slsdispatch.e2e.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.job.cli.ExitCode;
import io.slsdispatch.job.config.ConfigReader;
import io.slsdispatch.job.config.JobConfig;
import io.slsdispatch.job.topology.FlinkJobStarter;
import io.slsdispatch.job.topology.SlsConnectors;
import io.slsdispatch.local.fault.Effect;
import io.slsdispatch.local.fault.Fault;
import io.slsdispatch.local.wire.Operation;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.apache.flink.test.junit5.InjectClusterRESTAddress;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code status} shows of a job in each of its states. By default Flink fetches metrics every 10 seconds, so a state
 * is visible within 15 seconds; here it does so more often, and the tests wait for the content, however slow the machine
 * is.
 */
class StatusE2eTest {

    @RegisterExtension
    static final MiniClusterExtension CLUSTER = Clusters.smallWithFreshMetrics();

    private static final String ROUTES = """
            routes:
              - {topic: good, to: good}
              - {topic: bad, to: bad}
            default-route: drop
            """;

    private static final int COLUMNS = 80;

    @TempDir
    private Path folder;

    private Rig rig;
    private String flink;

    @BeforeEach
    void startSls(@InjectClusterRESTAddress URI address) throws Exception {
        flink = address.toString();
        rig = new Rig(folder, 2, "good", "bad");
        rig.discovery("failure-age-limit: 10min, listing-margin: 100ms, settle-time: 0s");
    }

    @AfterEach
    void stopSls() {
        rig.close();
    }

    @Test
    void aJobThatRunsWell() throws Exception {
        rig.writeToAll("a", 20, "good", "bad");
        JobConfig config = rig.config("", ROUTES);
        try (RunningJob job = RunningJob.startLasting(config, new SlsConnectors(), 2)) {
            await(job, ExitCode.OK, run -> {
                assertThat(run.out())
                        .contains("RUNNING for ", ", running well", "restarts 0", " ago, took ")
                        .containsPattern("\\n0 +0 s +0 +0")
                        .containsPattern("\\ngood +ok +0\\.\\d\\d +0 +0 +0")
                        .doesNotContain("WRONG", "NOTE");
            });
            JsonObject json =
                    InProcess.run("status", "--flink", flink, "--json").json();
            assertThat(json.get("well").getAsBoolean()).isTrue();
            assertThat(json.getAsJsonArray("targets")).hasSize(2);
        }
    }

    @Test
    void aJobThatCatchesUpIsWellAndShowsHowFarItIsBehind() throws Exception {
        rig.clock().setBack(Duration.ofMinutes(10));
        rig.writeToAll("old", 2_000, "good");
        rig.clock().setBack(Duration.ZERO);
        slowDown();
        try (RunningJob job = RunningJob.startLasting(one("", ROUTES), new SlsConnectors(), 1)) {
            await(job, ExitCode.OK, run -> assertThat(run.out())
                    .contains(", catching up")
                    .containsPattern("\\n0 +\\d+ min( \\d+ s)? +0 +0 +█+")
                    .doesNotContain("WRONG"));
        }
    }

    /** Each pull brings one group, and takes a while. */
    private void slowDown() {
        rig.sls()
                .faults()
                .add(Fault.always(new Effect.Delay(Duration.ofMillis(100), Duration.ZERO, Effect.Moment.BEFORE))
                        .on(Operation.PULL_LOGS));
    }

    private JobConfig one(String source, String rest) throws Exception {
        return edited(source, rest, text -> text.replace("pull: {", "pull: {max-groups: 1, "));
    }

    private JobConfig edited(String source, String rest, UnaryOperator<String> edit) throws Exception {
        Path file = rig.file(source, rest);
        Files.writeString(file, edit.apply(Files.readString(file)));
        return ConfigReader.readFile(file, Map.of(), rig.clock().instant());
    }

    @Test
    void aJobThatRestartsForItHasNoKeys() throws Exception {
        JobConfig config = edited(
                "",
                ROUTES,
                text -> text.replaceFirst("credentials: \\{file: '[^']*'}", "credentials: {file: /nowhere/keys}"));
        try (RunningJob job = RunningJob.startLasting(config, new SlsConnectors(), 1)) {
            await(job, ExitCode.NOT_CONFIRMED, run -> assertThat(run.out())
                    .contains("WRONG", "job: ", "/nowhere/keys", "last failed ")
                    .containsPattern("restarts \\d*[1-9]"));
        }
        try (SlsClient client = rig.client()) {
            client.createConsumerGroup(Rig.SOURCE, "g");
        }
        InProcess asksService =
                InProcess.run("status", "--flink", flink, "--config", rig.file("consumer-group: g", ROUTES));
        assertThat(asksService.out()).contains("Consumer group g of e2e-project/all-logs", "(no cursor)");
    }

    @Test
    void aTargetThatIsMissing() throws Exception {
        rig.writeToAll("a", 20, "good", "bad");
        rig.sls().deleteLogstore(Rig.PROJECT, "bad");
        try (RunningJob job = RunningJob.startLasting(rig.config("", ROUTES), new SlsConnectors(), 1)) {
            await(job, ExitCode.NOT_CONFIRMED, run -> assertThat(oneLine(run))
                    .contains(
                            "RUNNING for",
                            ", something is wrong",
                            "target 'bad': PutLogs on e2e-project/bad",
                            "LogStoreNotExist",
                            "next attempt in ",
                            "; the job fails in 9 min",
                            "Create the project or logstore, or correct the target."));
            assertThat(InProcess.run("status", "--flink", flink).out()).containsPattern("\\nbad +denied ");
        }
    }

    @Test
    void aSourceThatCannotBeReachedFromTheStart() throws Exception {
        unreachable(Operation.LIST_SHARDS);
        try (RunningJob job = RunningJob.startLasting(rig.config("", ROUTES), new SlsConnectors(), 1)) {
            await(job, ExitCode.NOT_CONFIRMED, run -> assertThat(oneLine(run))
                    .contains(
                            "source: ListShards on e2e-project/all-logs failed (UNAVAILABLE)",
                            "; the job fails in 9 min",
                            "Check the endpoint and the network"));
        }
    }

    @Test
    void aSourceThatCannotBeReachedAnyLonger() throws Exception {
        rig.writeToAll("a", 20, "good");
        try (RunningJob job = RunningJob.startLasting(rig.config("", ROUTES), new SlsConnectors(), 2)) {
            await(job, ExitCode.OK, run -> assertThat(run.out()).contains("running well"));
            unreachable(Operation.PULL_LOGS);
            await(job, ExitCode.NOT_CONFIRMED, run -> assertThat(oneLine(run))
                    .contains(
                            "source: PullLogs on e2e-project/all-logs shard ",
                            "(2 shards)",
                            "retries do not end",
                            "Check the endpoint and the network"));
            rig.sls().faults().clear();
            await(job, ExitCode.OK, run -> assertThat(run.out()).contains("running well"));
        }
    }

    private void unreachable(Operation operation) {
        rig.sls()
                .faults()
                .add(Fault.always(new Effect.Reset(Effect.Moment.BEFORE)).on(operation));
    }

    @Test
    void aTargetThatIsThrottled() throws Exception {
        rig.writeToAll("a", 20, "good", "bad");
        strike(new Effect.Refuse(403, "ShardWriteQuotaExceed", "too much", Effect.Moment.BEFORE));
        try (RunningJob job = RunningJob.startLasting(rig.config("", ROUTES), new SlsConnectors(), 1)) {
            await(job, ExitCode.NOT_CONFIRMED, run -> {
                assertThat(oneLine(run))
                        .contains(
                                "target 'bad': PutLogs on ",
                                "ShardWriteQuotaExceed",
                                "retries do not end",
                                "A write quota is used up");
                assertThat(run.out()).containsPattern("\\nbad +throttled ");
            });
        }
    }

    @Test
    void aTargetInAnOutage() throws Exception {
        rig.writeToAll("a", 20, "good", "bad");
        rig.settings("bad", "on-outage: drop, outage-after: 500ms");
        strike(new Effect.Refuse(500, "InternalServerError", "broken", Effect.Moment.BEFORE));
        try (RunningJob job = RunningJob.startLasting(rig.config("", ROUTES), new SlsConnectors(), 1)) {
            await(job, ExitCode.NOT_CONFIRMED, run -> {
                assertThat(oneLine(run))
                        .contains(
                                "target 'bad': PutLogs on ",
                                "InternalServerError",
                                "Its groups do not wait for it",
                                "log groups were dropped, as configured");
                assertThat(run.out()).containsPattern("\\nbad +outage ");
            });
        }
    }

    private void strike(Effect effect) {
        rig.sls().faults().add(Fault.always(effect).on(Operation.PUT_LOGS).inLogstore("bad"));
    }

    @Test
    void rulesThatAreRejected() throws Exception {
        Path rules = Files.writeString(folder.resolve("rules.yaml"), ROUTES);
        JobConfig config = rig.config("consumer-group: g", "rules: {from: " + rules + ", poll-interval: 50ms}\n");
        try (RunningJob job = RunningJob.startLasting(config, new SlsConnectors(), 1)) {
            await(job, ExitCode.OK, run -> assertThat(run.out()).contains("rules version 1"));
            Files.writeString(rules, ROUTES.replace("to: bad", "to: nobody"));
            await(job, ExitCode.NOT_CONFIRMED, run -> assertThat(oneLine(run))
                    .contains("rules: new rules are rejected: ", "nobody", "The active rules stay in force."));
        }
    }

    @Test
    void aBoundedRunInTheMiddleAndAtItsEnd() throws Exception {
        rig.writeToAll("old", 400, "good");
        slowDown();
        try (RunningJob job = RunningJob.startLasting(one("stop: now", ROUTES), new SlsConnectors(), 1)) {
            await(job, ExitCode.OK, run -> assertThat(run.out())
                    .contains(", bounded run")
                    .containsPattern("Bounded run \\[█+\\.+] [1-9]\\d?\\.\\d %, about \\d+ (min|s)"));
            rig.sls().faults().clear();
            job.awaitEnd();
            await(job, ExitCode.OK, run -> assertThat(run.out()).contains("FINISHED for ", ", all delivered"));
        }
    }

    @Test
    void aJobPrintsTheCommandToLookAtIt() throws Exception {
        rig.writeToAll("a", 1, "good");
        List<String> said = new ArrayList<>();

        new FlinkJobStarter().start(rig.config("stop: now", ROUTES), said::add);

        assertThat(said).anySatisfy(line -> assertThat(line)
                .containsPattern("java -jar sls-dispatch\\.jar status --flink http://\\S+ --job [0-9a-f]{32}"));
    }

    /** The output without the breaks of lines. */
    private static String oneLine(InProcess run) {
        return run.out().replaceAll("\\s+", " ");
    }

    private void await(RunningJob job, int exitCode, Consumer<InProcess> assertion) {
        Awaitility.await()
                .atMost(RunningJob.LONG)
                .pollInterval(Duration.ofMillis(500))
                .untilAsserted(() -> {
                    InProcess run = InProcess.run("status", "--flink", flink, "--job", job.id());
                    assertion.accept(run);
                    assertThat(run.exitCode()).as(run.out()).isEqualTo(exitCode);
                    assertThat(run.out().lines())
                            .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(COLUMNS));
                });
    }
}
