package io.slsdispatch.soak;

import io.slsdispatch.connector.client.PutRequest;
import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.e2e.cluster.ClusterJob;
import io.slsdispatch.e2e.cluster.FlinkCluster;
import io.slsdispatch.e2e.cluster.JvmProfile;
import io.slsdispatch.e2e.cluster.Submission;
import io.slsdispatch.local.ledger.Reconciliation;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * A source with a backlog, and a target that is down from the job's begin on: the process of the TaskManager must keep
 * within its memory, and deliver everything when the target is back.
 */
final class MemoryCheck {

    private static final long BACKLOG_BYTES = 2L << 30;
    private static final int PROCESS_MEBIBYTES = 1024;
    private static final long MEBIBYTE = 1 << 20;
    private static final long REQUEST_BYTES = 1 << 20;
    private static final int REQUESTS_AT_ONCE = 8;
    private static final Duration SAMPLE_PERIOD = Duration.ofSeconds(1);
    private static final Duration DELIVERY_LIMIT = Duration.ofMinutes(10);

    private final Duration outage;
    private final Path jobJar;
    private final Path slsLocalJar;
    private final Path directory;
    private final Timeline timeline;

    MemoryCheck(Duration outage, Path jobJar, Path slsLocalJar, Path directory, PrintStream out) {
        this.outage = outage;
        this.jobJar = jobJar;
        this.slsLocalJar = slsLocalJar;
        this.directory = directory;
        this.timeline = new Timeline(out);
    }

    /** Answers whether the memory stayed within the process's limit and nothing was lost. */
    boolean run() throws Exception {
        Keys keys = Keys.in(directory);
        try (SlsServer service =
                        SlsServer.start(slsLocalJar, directory, 3 * BACKLOG_BYTES, keys.all(), Layout.logstores());
                FlinkCluster cluster = startCluster();
                SlsClient client = service.client(keys.loadFile())) {
            fill(client);
            // Half of the targets' time without answers, half of it with errors: both fill what may be under way.
            long hanging = service.remote()
                    .addFault(Map.of(
                            "effect", "hang", "operation", "PutLogs", "logstore", Layout.CLICKS, "probability", 0.5));
            long refusing = service.remote()
                    .addFault(Map.of(
                            "effect",
                            "error",
                            "code",
                            "ServerBusy",
                            "operation",
                            "PutLogs",
                            "logstore",
                            Layout.CLICKS));
            Path configuration = directory.resolve("dispatch.yaml");
            Files.writeString(configuration, Layout.withZstd(Layout.configuration(service.endpoint(), keys.jobFile())));
            ClusterJob job = cluster.submit(Submission.of(jobJar)
                    .withArguments("--config", configuration.toString())
                    .withParallelism(2));
            job.awaitRunning();
            timeline.say("the job runs; " + Layout.CLICKS + " is down for " + outage.toSeconds() + " s");
            long most = watch(cluster, timeline.now().plus(outage));
            service.remote().removeFault(hanging);
            service.remote().removeFault(refusing);
            timeline.say(Layout.CLICKS + " is back");
            DeliveryCheck delivery = new DeliveryCheck(service, client, timeline);
            boolean delivered = delivery.awaitComplete(DELIVERY_LIMIT);
            most = Math.max(most, cluster.peakMemoryOfTaskManager(1));
            Reconciliation found = delivery.reconciler().compare();
            timeline.say("most memory of the TaskManager: " + most / MEBIBYTE + " MiB of " + PROCESS_MEBIBYTES
                    + " MiB; restarts: " + job.checkpoints().restores());
            timeline.say(found.toString());
            return delivered
                    && found.isWhole()
                    && job.checkpoints().restores() == 0
                    && most <= PROCESS_MEBIBYTES * MEBIBYTE;
        }
    }

    private static FlinkCluster startCluster() {
        return FlinkCluster.builder("memory")
                .taskManagers(1, 2)
                .taskManagerMemory(PROCESS_MEBIBYTES)
                .profile(JvmProfile.DEFAULT)
                .option("execution.checkpointing.interval", "10 s")
                // Flink's own share for what the JVM needs beside heap and buffers; tests of behaviour have less.
                .option("taskmanager.memory.jvm-overhead.min", "192m")
                .option("taskmanager.memory.jvm-overhead.max", "192m")
                .patience(Duration.ofMinutes(5))
                .start();
    }

    private void fill(SlsClient client) {
        LogstoreId source = new LogstoreId(Layout.PROJECT, Layout.SOURCE);
        Groups groups = new Groups();
        long written = 0;
        while (written < BACKLOG_BYTES) {
            List<CompletableFuture<Void>> puts = new ArrayList<>();
            for (int i = 0; i < REQUESTS_AT_ONCE; i++) {
                List<RawLogGroup> some = groups.ofTogether(REQUEST_BYTES);
                written += some.stream().mapToLong(RawLogGroup::length).sum();
                puts.add(client.put(new PutRequest(source, some, groups.hashKey())));
            }
            puts.forEach(CompletableFuture::join);
        }
        timeline.say("backlog of " + written / MEBIBYTE + " MiB");
    }

    private long watch(FlinkCluster cluster, Duration end) throws InterruptedException, IOException {
        long most = 0;
        Duration next = timeline.now();
        while (timeline.now().compareTo(end) < 0) {
            long now = cluster.memoryOfTaskManager(1);
            most = Math.max(most, now);
            if (timeline.now().compareTo(next) >= 0) {
                timeline.say("memory of the TaskManager: " + now / MEBIBYTE + " MiB");
                next = next.plusSeconds(20);
            }
            timeline.waitFor(SAMPLE_PERIOD);
        }
        return most;
    }
}
