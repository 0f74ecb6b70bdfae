package io.slsdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slsdispatch.e2e.cluster.CliResult;
import io.slsdispatch.e2e.cluster.ClusterJob;
import io.slsdispatch.e2e.cluster.FlinkCluster;
import io.slsdispatch.e2e.cluster.JarOfClasses;
import io.slsdispatch.e2e.cluster.OnCluster;
import io.slsdispatch.e2e.cluster.Submission;
import io.slsdispatch.e2e.dispatch.InProcess;
import io.slsdispatch.e2e.dispatch.MovableClock;
import io.slsdispatch.job.cli.ExitCode;
import io.slsdispatch.local.fault.Effect;
import io.slsdispatch.local.wire.Operation;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What {@code status} shows of a job in each of its states, on a cluster of real processes whose metrics are as old as by
 * default. All states begin together, each with a job and a project of its own. How long each was not visible is
 * written to {@code status-seconds.txt} beside the cluster's logs.
 */
@OnCluster
class StatusOnClusterE2eTest {

    private static final Duration LONG = Duration.ofMinutes(3);
    private static final int COLUMNS = 80;

    private static final String ROUTES = """
            routes:
              - {topic: good, to: good}
              - {topic: bad, to: bad}
            default-route: drop
            """;

    private static final String COMMAND = "status: (java -jar .+ status --flink http://\\S+ --job [0-9a-f]{32})";

    private static final MovableClock CLOCK = new MovableClock();

    @RegisterExtension
    static final DispatchCluster CLUSTER = DispatchCluster.withClock(
            CLOCK,
            FlinkCluster.builder("status")
                    .taskManagers(1, 12)
                    .jobManagerMemory(1_024)
                    .taskManagerMemory(1_792)
                    .option("jobmanager.memory.jvm-metaspace.size", "512m")
                    .option("taskmanager.memory.jvm-metaspace.size", "512m")
                    .option("taskmanager.memory.task.off-heap.size", "256m")
                    .option("restart-strategy.fixed-delay.attempts", "1000000")
                    .option("metrics.fetcher.update-interval", "10 s"));

    @TempDir
    private static Path folder;

    private static StatusProjects projects;

    private static final ExecutorService THREADS = Executors.newCachedThreadPool();
    private static final Map<String, Future<?>> STATES = new LinkedHashMap<>();

    /** Brings a job into a state, and awaits that it is shown. */
    @FunctionalInterface
    private interface State {
        void show(String project) throws Exception;
    }

    /** A job of another program. */
    public static final class OtherJob {

        public static void main(String[] args) throws Exception {
            StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
            env.fromSequence(0, 10).sinkTo(new DiscardingSink<>());
            env.execute("a job of others");
        }
    }

    @BeforeAll
    static void beginAll() throws Exception {
        projects = new StatusProjects(CLUSTER.sls(), folder);
        FutureTask<?> before = new FutureTask<>(() -> {
            noJobOfOurs();
            return null;
        });
        before.run();
        STATES.put("no-job-of-ours", before);
        Map<String, State> states = new LinkedHashMap<>();
        states.put("running-well", StatusOnClusterE2eTest::runningWell);
        states.put("catching-up", StatusOnClusterE2eTest::catchingUp);
        states.put("unreachable-later", StatusOnClusterE2eTest::unreachableLater);
        states.put("bounded-run", StatusOnClusterE2eTest::boundedRun);
        states.put("refused-rules", StatusOnClusterE2eTest::refusedRules);
        states.put("no-keys", StatusOnClusterE2eTest::noKeys);
        states.put("missing-target", StatusOnClusterE2eTest::missingTarget);
        states.put("unreachable-source", StatusOnClusterE2eTest::unreachableSource);
        states.put("throttled-target", StatusOnClusterE2eTest::throttledTarget);
        states.put("target-in-outage", StatusOnClusterE2eTest::targetInOutage);
        // No shard takes groups from before it was created.
        CLOCK.setBack(Duration.ofMinutes(15));
        for (String project : states.keySet()) {
            projects.create(project, !project.equals("missing-target"));
        }
        CLOCK.setBack(Duration.ofMinutes(10));
        projects.write("catching-up", 2_000, "good");
        CLOCK.setBack(Duration.ZERO);
        states.forEach((project, state) -> STATES.put(project, THREADS.submit(() -> {
            state.show(project);
            return project;
        })));
    }

    @AfterAll
    static void end() {
        THREADS.shutdownNow();
    }

    static Set<String> states() {
        return STATES.keySet();
    }

    @ParameterizedTest
    @MethodSource("states")
    void isShownWithItsCause(String state) throws Throwable {
        try {
            STATES.get(state).get(LONG.toSeconds() * 2, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause();
        }
    }

    private static void noJobOfOurs() throws Exception {
        Path jar = JarOfClasses.write(folder.resolve("other.jar"), StatusOnClusterE2eTest.class);
        ClusterJob other = CLUSTER.flink()
                .submitOverRest(Submission.of(jar).withMainClass(OtherJob.class).withParallelism(1));
        other.awaitStatus(JobStatus.FINISHED);

        InProcess run = InProcess.run("status", "--flink", CLUSTER.flink().restAddress());
        assertThat(run.exitCode()).isEqualTo(ExitCode.NOT_CONFIRMED);
        assertThat(run.err()).contains("No job of sls-dispatch runs in this Flink", "a job of others (FINISHED)");

        InProcess named = status(other);
        assertThat(named.exitCode()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(named.err()).contains("(a job of others) is not a job of sls-dispatch");

        InProcess unknown =
                InProcess.run("status", "--flink", CLUSTER.flink().restAddress(), "--job", "0".repeat(32), "--json");
        assertThat(unknown.exitCode()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(unknown.json().get("error").getAsString()).contains("Flink has no job 000");
    }

    @Test
    void aWrongAddressOfFlinkIsNamed() throws Exception {
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        InProcess nobody = InProcess.run("status", "--flink", "http://127.0.0.1:" + free);
        assertThat(nobody.exitCode()).isEqualTo(ExitCode.NOT_CONFIRMED);
        assertThat(nobody.err())
                .contains("Flink does not answer at http://127.0.0.1:" + free, "refused", "--flink")
                .doesNotContain("\tat ");

        InProcess other = InProcess.run("status", "--flink", CLUSTER.sls().endpoint());
        assertThat(other.exitCode()).isEqualTo(ExitCode.NOT_CONFIRMED);
        assertThat(other.err()).contains("is not Flink");

        InProcess noAddress = InProcess.run("status", "--flink", "8081");
        assertThat(noAddress.exitCode()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(noAddress.err()).contains("--flink is '8081'");
    }

    /** Submitted and asked as a user does it, with the command that the submission prints. */
    private static void runningWell(String project) throws Exception {
        projects.write(project, 20, "good", "bad", "of no rule");
        CliResult submission = CLUSTER.flink()
                .cli(
                        Map.of(),
                        "run",
                        "-d",
                        JavaJar.PATH.toString(),
                        "--config",
                        projects.config(project, "", "", ROUTES));
        long begin = System.nanoTime();
        Matcher printed = Pattern.compile(COMMAND).matcher(submission.out());
        assertThat(printed.find()).as(submission.out()).isTrue();
        assertThat(printed.group(1)).contains(JavaJar.PATH.toString());
        String[] arguments = printed.group(1)
                .replaceFirst(".* status --flink", "status --flink")
                .split(" ");

        shown(project, begin, ExitCode.OK, () -> InProcess.run((Object[]) arguments), run -> assertThat(run.out())
                .contains("RUNNING for ", ", running well", "restarts 0", " ago, took ")
                .containsPattern("\\n0 +0 s +0 +0")
                .containsPattern("\\ngood +ok +0\\.\\d\\d +0 +0 +0")
                .contains("NOTE\n  rules: 12 log groups matched no rule")
                .doesNotContain("WRONG"));
        JavaJar.Run command = JavaJar.run(Map.of(), arguments);
        assertThat(command.out()).contains("RUNNING for ", ", running well");
        assertThat(command.exitCode()).isZero();
        new WatchedStatus(folder).toAFile(arguments);
        new WatchedStatus(folder).inATerminal(printed.group(1));
    }

    private static void catchingUp(String project) throws Exception {
        projects.slowDown(project);
        shows(project, projects.one(project, "", ROUTES), ExitCode.OK, run -> assertThat(run.out())
                .contains(", catching up")
                .containsPattern("\\n0 +\\d+ min( \\d+ s)? +0 +0 +█+")
                .doesNotContain("WRONG"));
    }

    private static void noKeys(String project) throws Exception {
        String config = projects.config(project, "credentials: {file: /nowhere/keys}\nretry: {grace: 1s}", "", ROUTES);
        shows(project, config, ExitCode.NOT_CONFIRMED, run -> assertThat(run.out())
                .contains("WRONG", "job: ", "/nowhere/keys", "last failed ")
                .containsPattern("restarts \\d*[1-9]"));
    }

    private static void missingTarget(String project) throws Exception {
        projects.write(project, 20, "good", "bad");
        shows(project, projects.config(project, "", "", ROUTES), ExitCode.NOT_CONFIRMED, run -> {
            assertThat(oneLine(run))
                    .contains(
                            "RUNNING for",
                            ", something is wrong",
                            "target 'bad': PutLogs on missing-target/bad",
                            "LogStoreNotExist",
                            "Create the project or logstore, or correct the target.")
                    .containsPattern("(next attempt in |retrying now).*; the job fails in \\d+ min");
            assertThat(run.out()).containsPattern("\\nbad +denied ");
        });
    }

    private static void unreachableSource(String project) throws Exception {
        projects.fault(project, Operation.LIST_SHARDS, new Effect.Reset(Effect.Moment.BEFORE));
        shows(project, projects.config(project, "", "", ROUTES), ExitCode.NOT_CONFIRMED, run -> assertThat(oneLine(run))
                .contains(
                        "source: ListShards on unreachable-source/all-logs failed (UNAVAILABLE)",
                        "Check the endpoint and the network")
                .containsPattern("; the job fails in \\d+ min"));
    }

    private static void unreachableLater(String project) throws Exception {
        projects.write(project, 20, "good");
        ClusterJob job = submit(projects.config(project, "", "", ROUTES));
        await().atMost(LONG)
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() -> assertThat(status(job).out()).contains("running well"));
        projects.fault(project, Operation.PULL_LOGS, new Effect.Reset(Effect.Moment.BEFORE));
        long begin = System.nanoTime();
        shown(project, begin, ExitCode.NOT_CONFIRMED, () -> status(job), run -> assertThat(oneLine(run))
                .contains(
                        "source: PullLogs on unreachable-later/all-logs shard ",
                        "(2 shards)",
                        "retries do not end",
                        "Check the endpoint and the network"));
        projects.removeFaults(project);
        shown(project + ", over", System.nanoTime(), ExitCode.OK, () -> status(job), run -> assertThat(run.out())
                .contains("running well"));
    }

    private static void throttledTarget(String project) throws Exception {
        projects.write(project, 20, "good", "bad");
        projects.strike(project, new Effect.Refuse(403, "ShardWriteQuotaExceed", "too much", Effect.Moment.BEFORE));
        shows(project, projects.config(project, "", "", ROUTES), ExitCode.NOT_CONFIRMED, run -> {
            assertThat(oneLine(run))
                    .contains(
                            "target 'bad': PutLogs on ",
                            "ShardWriteQuotaExceed",
                            "retries do not end",
                            "A write quota is used up");
            assertThat(run.out()).containsPattern("\\nbad +throttled ");
        });
    }

    private static void targetInOutage(String project) throws Exception {
        projects.write(project, 20, "good", "bad");
        projects.strike(project, new Effect.Refuse(500, "InternalServerError", "broken", Effect.Moment.BEFORE));
        String config = projects.config(project, "", ", on-outage: drop, outage-after: 500ms", ROUTES);
        shows(project, config, ExitCode.NOT_CONFIRMED, run -> {
            assertThat(oneLine(run))
                    .contains(
                            "target 'bad': PutLogs on ",
                            "InternalServerError",
                            "Its groups do not wait for it",
                            "log groups were dropped, as configured");
            assertThat(run.out()).containsPattern("\\nbad +outage ");
        });
    }

    private static void refusedRules(String project) throws Exception {
        Path rules = Files.writeString(folder.resolve("rules.yaml"), ROUTES);
        ClusterJob job = submit(projects.config(
                project, "consumer-group: g", "", "rules: {from: " + rules + ", poll-interval: 100ms}\n"));
        await().atMost(LONG)
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() -> assertThat(status(job).out()).contains("rules version 1", "running well"));
        Files.writeString(rules, ROUTES.replace("to: bad", "to: nobody"));
        long begin = System.nanoTime();
        shown(project, begin, ExitCode.NOT_CONFIRMED, () -> status(job), run -> assertThat(oneLine(run))
                .contains("rules: new rules are rejected: ", "nobody", "The active rules stay in force."));
    }

    private static void boundedRun(String project) throws Exception {
        projects.write(project, 400, "good");
        projects.slowDown(project);
        ClusterJob job =
                shows(project, projects.one(project, "stop: now", ROUTES), ExitCode.OK, run -> assertThat(run.out())
                        .contains(", bounded run")
                        .containsPattern("Bounded run \\[█+\\.+] [1-9]\\d?\\.\\d %, about \\d+ (min|s)"));
        projects.removeFaults(project);
        job.awaitStatus(JobStatus.FINISHED);
        shown(project + ", end", System.nanoTime(), ExitCode.OK, () -> status(job), run -> assertThat(run.out())
                .contains("FINISHED for ", ", all delivered"));
    }

    /** Submits a job and awaits what is shown of it. */
    private static ClusterJob shows(String state, String config, int exitCode, Consumer<InProcess> expected)
            throws Exception {
        ClusterJob job = submit(config);
        shown(state, System.nanoTime(), exitCode, () -> status(job), expected);
        return job;
    }

    private static ClusterJob submit(String config) {
        // One after the other: a state does not begin later because many do.
        synchronized (STATES) {
            return CLUSTER.flink().submitOverRest(Submission.of(JavaJar.PATH).withArguments("--config", config));
        }
    }

    private static InProcess status(ClusterJob job) throws Exception {
        return InProcess.run("status", "--flink", CLUSTER.flink().restAddress(), "--job", job.id());
    }

    /** The output without the breaks of lines. */
    private static String oneLine(InProcess run) {
        return run.out().replaceAll("\\s+", " ");
    }

    @FunctionalInterface
    private interface Look {
        InProcess look() throws Exception;
    }

    /** Awaits what is shown, and writes down how long it took. */
    private static void shown(String state, long begin, int exitCode, Look look, Consumer<InProcess> expected)
            throws IOException {
        await(state).atMost(LONG).pollInterval(Duration.ofSeconds(1)).untilAsserted(() -> {
            InProcess run = look.look();
            expected.accept(run);
            assertThat(run.exitCode()).as(run.out()).isEqualTo(exitCode);
            assertThat(run.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(COLUMNS));
        });
        long seconds = Duration.ofNanos(System.nanoTime() - begin).toSeconds();
        Files.writeString(
                CLUSTER.flink().directory().resolve("status-seconds.txt"),
                state + ": " + seconds + " s\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }
}
