package io.slsdispatch.soak;

import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.e2e.cluster.ClusterJob;
import io.slsdispatch.e2e.cluster.FlinkCluster;
import io.slsdispatch.e2e.cluster.Submission;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A job under steady load while everything goes wrong that the schedule has. */
final class FaultSoak {

    private static final int TASK_MANAGERS = 3;
    private static final int SLOTS = 4;
    private static final int FIRST_PARALLELISM = 4;

    private final Settings settings;
    private final PrintStream out;

    /**
     * @param seed of the schedule
     * @param length of the load
     * @param bytesPerSecond the load
     * @param jobJar the fat jar of the job
     * @param slsLocalJar the runnable jar of SLS Local
     * @param directory for the soak's files
     */
    record Settings(long seed, Duration length, long bytesPerSecond, Path jobJar, Path slsLocalJar, Path directory) {}

    FaultSoak(Settings settings, PrintStream out) {
        this.settings = settings;
        this.out = out;
    }

    /** Answers whether nothing was lost, misrouted or altered, and repeats kept their bound. */
    boolean run() throws Exception {
        Schedule schedule = Schedule.of(settings.seed, settings.length, Layout.TARGETS);
        out.println("soak of " + settings.length.toSeconds() + " s, seed " + settings.seed + " (-Dsoak.seed="
                + settings.seed + " repeats its schedule)");
        out.println("schedule:");
        schedule.events().forEach(event -> out.println("  " + event));
        Keys keys = Keys.in(settings.directory);
        try (SlsServer service = startService(keys);
                FlinkCluster cluster = startCluster();
                SlsClient client = service.client(keys.loadFile())) {
            out.println("Flink's web UI " + cluster.restAddress() + ", logs in " + cluster.logs());
            Path configuration = settings.directory.resolve("dispatch.yaml");
            Files.writeString(configuration, Layout.withZstd(Layout.configuration(service.endpoint(), keys.jobFile())));
            ClusterJob job = cluster.submit(Submission.of(settings.jobJar)
                    .withArguments("--config", configuration.toString())
                    .withParallelism(FIRST_PARALLELISM));
            return soak(schedule, new Stage(cluster, service, client, keys, job));
        }
    }

    /** What a soak runs on. */
    private record Stage(FlinkCluster cluster, SlsServer service, SlsClient client, Keys keys, ClusterJob job) {}

    private boolean soak(Schedule schedule, Stage stage) throws Exception {
        stage.job.awaitRunning();
        LogstoreId source = new LogstoreId(Layout.PROJECT, Layout.SOURCE);
        try (Load load = Load.start(stage.service.client(stage.keys.loadFile()), source, settings.bytesPerSecond);
                JobWatch watch = JobWatch.start()) {
            watch.follow(stage.job);
            stage.job.awaitCheckpoints(1);
            Timeline timeline = new Timeline(out);
            timeline.say("the schedule begins");
            try (SoakRunner runner =
                    new SoakRunner(timeline, stage.cluster, stage.service, stage.keys, watch, stage.job)) {
                for (Schedule.Event event : schedule.events()) {
                    timeline.waitUntil(event.at());
                    runner.perform(event.action());
                }
                timeline.waitUntil(schedule.length());
                runner.awaitEndings();
                load.stop();
                timeline.say("the load has ended: " + load.written() + " groups written");
                return new Verdict(timeline, stage.service, stage.client, runner, watch).judge(schedule);
            }
        }
    }

    private SlsServer startService(Keys keys) throws IOException {
        // The source, the targets with what goes to two of them, large groups, and repeats.
        long bytes = (long) (settings.bytesPerSecond * settings.length.toSeconds() * 2.6) + 400_000_000;
        return SlsServer.start(settings.slsLocalJar, settings.directory, bytes, keys.all(), Layout.logstores());
    }

    private static FlinkCluster startCluster() {
        return FlinkCluster.builder("soak")
                .taskManagers(TASK_MANAGERS, SLOTS)
                .taskManagerMemory(700)
                .highAvailability()
                .option("execution.checkpointing.interval", "2 s")
                .option("restart-strategy.fixed-delay.attempts", "1000000")
                .option("heartbeat.timeout", "8 s")
                .option("web.checkpoints.history", "20")
                .patience(Duration.ofMinutes(5))
                .start();
    }
}
