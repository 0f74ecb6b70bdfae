package io.slsdispatch.bench;

import io.slsdispatch.e2e.cluster.ClusterJob;
import io.slsdispatch.e2e.cluster.FlinkCluster;
import io.slsdispatch.e2e.cluster.FlinkClusterBuilder;
import io.slsdispatch.e2e.cluster.JvmProfile;
import io.slsdispatch.e2e.cluster.ProcessSettings;
import io.slsdispatch.e2e.cluster.Submission;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The fat jar's job in its default configuration on a Flink cluster of one JobManager and one TaskManager, each a process
 * of its own, with the memory that Flink's own default configuration gives a TaskManager.
 */
final class JobUnderTest implements Subject {

    private static final int TASK_MANAGER = 1;

    private final FlinkCluster cluster;
    private final ClusterJob job;
    private final GcLog gcLog;
    private final long submittedAt;

    private JobUnderTest(FlinkCluster cluster, ClusterJob job, GcLog gcLog, long submittedAt) {
        this.cluster = cluster;
        this.job = job;
        this.gcLog = gcLog;
        this.submittedAt = submittedAt;
    }

    static Builder builder(BenchOptions options) {
        return new Builder(options);
    }

    /** Says how to run it. */
    static final class Builder {

        private final BenchOptions options;
        private int parallelism = 1;
        private int processMegabytes = 1728;
        private int managedMegabytes = 512;
        private boolean keyedExchange = true;

        private Builder(BenchOptions options) {
            this.options = options;
        }

        Builder parallelism(int value) {
            parallelism = value;
            return this;
        }

        /** Memory of the TaskManager's process, none of it managed memory, which the job does not use. */
        Builder processMegabytes(int value) {
            processMegabytes = value;
            managedMegabytes = 0;
            return this;
        }

        /** Dispatches where it reads, to show the price of the exchange. */
        Builder withoutKeyedExchange() {
            keyedExchange = false;
            return this;
        }

        /** Starts the cluster and the job, and returns when all of it runs. */
        JobUnderTest start(BenchServer server, String source) throws IOException {
            FlinkCluster cluster = null;
            try {
                Path log = Files.createTempFile(options.directory, "gc-", ".log");
                GcLog gcLog = new GcLog(log);
                cluster = cluster(gcLog);
                Path jar = keyedExchange ? options.jobJar : UnkeyedJob.jar(options);
                Submission submission = Submission.of(jar)
                        .withParallelism(parallelism)
                        .withArguments(
                                "--config",
                                JobConfiguration.write(options.directory, server.endpoint(), source)
                                        .toString());
                if (!keyedExchange) {
                    submission = submission.withMainClass(UnkeyedJob.class);
                }
                long submittedAt = System.nanoTime();
                ClusterJob job = cluster.submitOverRest(submission);
                job.awaitRunning();
                return new JobUnderTest(cluster, job, gcLog, submittedAt);
            } catch (IOException | RuntimeException e) {
                if (cluster != null) {
                    cluster.close();
                }
                throw e;
            }
        }

        private FlinkCluster cluster(GcLog gcLog) {
            List<String> jvm = new ArrayList<>(List.of("-XX:+UseG1GC", gcLog.jvmOption()));
            jvm.addAll(options.jvmOptions);
            FlinkClusterBuilder builder = FlinkCluster.builder("bench")
                    .taskManagers(1, parallelism)
                    .profile(JvmProfile.DEFAULT)
                    .jobManagerMemory(640)
                    .taskManagerMemory(processMegabytes)
                    .taskManagers(ProcessSettings.jvmOptions(jvm.toArray(String[]::new)))
                    // What Flink makes of its default configuration; the rig has smaller parts.
                    .option("taskmanager.memory.managed.size", managedMegabytes + "m")
                    .option("taskmanager.memory.jvm-metaspace.size", processMegabytes < 1200 ? "128m" : "256m")
                    .option("taskmanager.memory.framework.heap.size", "128m")
                    .option("taskmanager.memory.framework.off-heap.size", "128m")
                    .option("taskmanager.memory.network.min", processMegabytes < 1200 ? "64m" : "128m")
                    .option("taskmanager.memory.network.max", processMegabytes < 1200 ? "64m" : "128m")
                    .option("taskmanager.memory.jvm-overhead.min", "192m")
                    .option("taskmanager.memory.jvm-overhead.max", "192m")
                    .option("heartbeat.interval", "10 s")
                    .option("heartbeat.timeout", "50 s")
                    .option("execution.checkpointing.interval", "10 s");
            for (String option : options.flinkOptions) {
                String[] parts = option.split("=", 2);
                builder.option(parts[0], parts[1]);
            }
            return builder.start();
        }
    }

    /** When its jar was sent, of {@link System#nanoTime()}. */
    long submittedAt() {
        return submittedAt;
    }

    ClusterJob job() {
        return job;
    }

    @Override
    public List<Long> pids() {
        return List.of(cluster.taskManagerPid(TASK_MANAGER), cluster.jobManagerPid());
    }

    @Override
    public double peakRssMegabytes() throws IOException {
        return ProcessUsage.peakRssMegabytes(cluster.taskManagerPid(TASK_MANAGER));
    }

    @Override
    public GcLog.Totals garbage() throws IOException {
        return gcLog.read();
    }

    /** @throws IllegalStateException when the job has failed meanwhile */
    @Override
    public void check() {
        if (!job.failures().isEmpty()) {
            throw new IllegalStateException(
                    "the job has failed: " + job.failures().get(0).stackTrace());
        }
    }

    @Override
    public void close() {
        cluster.close();
    }
}
