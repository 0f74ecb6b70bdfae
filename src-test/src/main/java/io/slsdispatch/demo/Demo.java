package io.slsdispatch.demo;

import com.aliyun.openservices.log.Client;
import com.aliyun.openservices.log.exception.LogException;
import com.fasterxml.jackson.databind.JsonNode;
import io.slsdispatch.local.RemoteSlsLocal;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import picocli.CommandLine;

/**
 * The demo of the main job: starts SLS Local and a local Flink, writes realistic logs, runs the fat jar's job, splits a
 * shard while it runs, and begins a topic that no rule names, for which the job creates a logstore. At the end it compares the source with the targets, group by group.
 */
public final class Demo {

    private static final String SOURCE = "all-logs";
    private static final int SOURCE_SHARDS = 4;
    private static final int PARALLELISM = 2;
    private static final int GROUPS_PER_SECOND = 600;
    /** The middle of shard 0 of four. */
    private static final String SPLIT_AT = "20000000000000000000000000000000";

    private static final long REFRESH_MILLIS = 1000;
    private static final int DRAIN_SECONDS = 120;

    /** A target: groups of the topic are routed to the logstore. */
    record Target(String topic, String logstore) {}

    static final List<Target> TARGETS = List.of(
            new Target(DemoLogs.NGINX, "nginx-logs"),
            new Target(DemoLogs.SQL_AUDIT, "sql-audit-logs"),
            new Target(DemoLogs.CLICK, "click-logs"));

    /** The target of a topic that begins while the demo runs; the job creates its logstore. */
    private static final Target NEW_APP = new Target(DemoLogs.NEW_APP, DemoLogs.NEW_APP + "-logs");

    static final List<Target> ALL_TARGETS =
            Stream.concat(TARGETS.stream(), Stream.of(NEW_APP)).toList();

    private final DemoOptions options;
    private final PrintStream out;
    /** Never counted down: waiting for it is a pause that an interrupt ends. */
    private final CountDownLatch interruption = new CountDownLatch(1);

    private Demo(DemoOptions options, PrintStream out) {
        this.options = options;
        this.out = out;
    }

    /**
     * Exit code 0: no group was lost, duplicated, misrouted or altered. Exit code 1: at least one was, or the demo
     * failed.
     */
    public static void main(String[] args) throws Exception {
        DemoOptions options = CommandLine.populateCommand(new DemoOptions(), args);
        boolean clean = new Demo(options, System.out).run();
        if (!clean) {
            System.exit(1);
        }
    }

    private boolean run() throws Exception {
        Path directory = options.directory;
        Files.createDirectories(directory);
        Path reportFile = directory.resolve("report.json");
        Files.deleteIfExists(reportFile);
        out.println("Starting SLS Local and a local Flink ...");
        try (SlsLocalProcess slsLocal = SlsLocalProcess.start(options.slsLocalJar, logstores(), directory);
                LocalFlink flink = LocalFlink.start(PARALLELISM, directory)) {
            printPages(slsLocal, flink);
            Path config = directory.resolve("dispatch.yaml");
            Files.writeString(config, DemoConfig.yaml(slsLocal.endpoint(), credentials(directory)));
            JobID job = submit(flink, config);
            DemoReport report = feedAndCompare(slsLocal, flink, job);
            report.print(out);
            report.write(reportFile);
            printNextSteps(reportFile, config);
            if (options.keep) {
                out.println("Both pages stay open until you press Ctrl-C:");
                printPages(slsLocal, flink);
                interruption.await();
            }
            return report.isClean();
        }
    }

    /** What the job prints when it is submitted goes to a file: its tables are wider than 80 columns. */
    private JobID submit(LocalFlink flink, Path config) throws Exception {
        PrintStream before = System.out;
        try (PrintStream file = new PrintStream(submission().toFile(), StandardCharsets.UTF_8)) {
            System.setOut(file);
            return flink.submit(options.jobJar, PARALLELISM, "--config", config.toString());
        } finally {
            System.setOut(before);
        }
    }

    private Path submission() {
        return options.directory.resolve("submission.txt");
    }

    private void printPages(SlsLocalProcess slsLocal, LocalFlink flink) throws Exception {
        out.println("  SLS Local      " + slsLocal.endpoint() + "/_local/");
        out.println("  Flink's web UI " + flink.webUi());
        out.println();
    }

    private void printNextSteps(Path reportFile, Path config) {
        out.println();
        out.println("Report          " + shown(reportFile));
        out.println("Configuration   " + shown(config));
        out.println("As submitted    " + shown(submission()));
        out.println("Job's log       " + shown(options.directory.resolve("flink.log")));
        if (!options.keep) {
            out.println("Keep it open    mvn -q -Pdemo -Ddemo.keep=true");
        }
        out.println("Your own logs   README.md, from \"From the Python script\" on");
    }

    /** Relative to where the demo was started, if it is below: short enough for 80 columns. */
    private static String shown(Path file) {
        Path here = Path.of("").toAbsolutePath().getParent();
        Path absolute = file.toAbsolutePath().normalize();
        return here != null && absolute.startsWith(here)
                ? here.relativize(absolute).toString()
                : absolute.toString();
    }

    private DemoReport feedAndCompare(SlsLocalProcess slsLocal, LocalFlink flink, JobID job) throws Exception {
        Client client = slsLocal.sdkClient();
        Progress progress = new Progress(out, isTerminal());
        Feeder feeder = new Feeder(client, SlsLocalProcess.PROJECT, SOURCE);
        feeder.start(GROUPS_PER_SECOND);
        String note = "";
        for (int second = 1; second <= options.seconds; second++) {
            pause();
            feeder.check();
            if (second == (options.seconds + 2) / 3) {
                note = split(client);
            }
            if (second == (options.seconds + 1) / 2) {
                feeder.beginNewApp();
                note = "topic " + NEW_APP.topic() + " began; no rule names it";
            }
            show(progress, slsLocal, flink, job, feeder, options.seconds - second + " s left", note);
        }
        feeder.stop();
        for (int second = 0; second < DRAIN_SECONDS; second++) {
            long behind = show(progress, slsLocal, flink, job, feeder, "no more writes", note);
            if (behind <= 0) {
                break;
            }
            pause();
        }
        int restarts = flink.restarts(job);
        flink.stop(job);
        client.shutdown();
        out.println();
        return Comparison.of(slsLocal, SOURCE, ALL_TARGETS, restarts);
    }

    /** Returns the number of groups that are still to be delivered. */
    private long show(
            Progress progress,
            SlsLocalProcess slsLocal,
            LocalFlink flink,
            JobID job,
            Feeder feeder,
            String phase,
            String event)
            throws Exception {
        JobStatus status = flink.status(job);
        if (status.isTerminalState()) {
            throw new IllegalStateException(
                    "Job ended with status " + status + "; see the logs in " + options.directory);
        }
        JsonNode stats = slsLocal.remote().stats();
        Map<String, Long> delivered = new LinkedHashMap<>();
        for (Target target : ALL_TARGETS) {
            long groups = RemoteSlsLocal.groups(stats, target.logstore());
            if (groups > 0 || !target.equals(NEW_APP)) {
                delivered.put(target.logstore(), groups);
            }
        }
        String latest = delivered.containsKey(NEW_APP.logstore())
                ? "topic " + NEW_APP.topic() + " began; the job created " + NEW_APP.logstore()
                : event;
        long written = feeder.fed();
        long behind = written
                - feeder.unrouted()
                - delivered.values().stream().mapToLong(Long::longValue).sum();
        progress.show(
                new Progress.State(
                        phase, written, Math.max(0, behind), delivered, flink.completedCheckpoints(job), latest),
                System.nanoTime());
        return behind;
    }

    private static String split(Client client) throws LogException {
        client.SplitShard(SlsLocalProcess.PROJECT, SOURCE, 0, SPLIT_AT);
        return "shard 0 was split";
    }

    private void pause() throws InterruptedException {
        if (interruption.await(REFRESH_MILLIS, TimeUnit.MILLISECONDS)) {
            throw new InterruptedException();
        }
    }

    private static List<String> logstores() {
        return Stream.concat(
                        Stream.of(SOURCE + ":" + SOURCE_SHARDS),
                        TARGETS.stream().map(target -> target.logstore() + ":2"))
                .toList();
    }

    private static Path credentials(Path directory) throws IOException {
        Path file = directory.resolve("credentials.properties");
        Files.write(
                file,
                Arrays.asList(
                        "access-key-id=" + SlsLocalProcess.ACCESS_KEY_ID,
                        "access-key-secret=" + SlsLocalProcess.ACCESS_KEY_SECRET));
        return file;
    }

    /** With {@code -Djdk.console=java.base}, which the build passes, newer Java is like 17: a console is a terminal. */
    @SuppressWarnings("SystemConsoleNull")
    private static boolean isTerminal() {
        String terminal = System.getenv("TERM");
        return System.console() != null && terminal != null && !terminal.equals("dumb");
    }
}
