package io.slsdispatch.bench;

import io.slsdispatch.e2e.cluster.ClusterJob;
import io.slsdispatch.e2e.cluster.FlinkCluster;
import io.slsdispatch.e2e.cluster.FlinkClusterBuilder;
import io.slsdispatch.e2e.cluster.JvmProfile;
import io.slsdispatch.e2e.cluster.ProcessSettings;
import io.slsdispatch.e2e.cluster.Submission;
import io.slsdispatch.job.config.ConfigReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A Flink cluster of one JobManager and one TaskManager, each a process of its own, with the memory that Flink's own
 * default configuration gives a TaskManager. Jobs may run on it one after the other.
 *
 * <p>The fat jar lies in the cluster's folder of libraries and its classes are loaded from there, once: else each job
 * would load them anew, the compilers would begin anew with each, and a row of the table would take half a minute.
 */
final class JobCluster implements AutoCloseable {

    private static final int TASK_MANAGER = 1;

    private final BenchOptions options;
    private final FlinkCluster cluster;
    private final GcLog gcLog;
    private final MemoryBound memory;

    private JobCluster(BenchOptions options, FlinkCluster cluster, GcLog gcLog) {
        this.options = options;
        this.cluster = cluster;
        this.gcLog = gcLog;
        this.memory = MemoryBound.of(cluster.configuration());
    }

    static Builder builder(BenchOptions options) {
        return new Builder(options);
    }

    /** Says how large it is. */
    static final class Builder {

        private final BenchOptions options;
        private int slots = 1;
        private int processMegabytes = 1728;
        private int managedMegabytes = 512;
        private String checkpointInterval = "10 s";

        private Builder(BenchOptions options) {
            this.options = options;
        }

        /** The highest parallelism of its jobs. */
        Builder slots(int value) {
            slots = value;
            return this;
        }

        /** Memory of the TaskManager's process, none of it managed memory, which the job does not use. */
        Builder processMegabytes(int value) {
            processMegabytes = value;
            managedMegabytes = 0;
            return this;
        }

        /** Of all its jobs. */
        Builder checkpointInterval(String value) {
            checkpointInterval = value;
            return this;
        }

        /** Starts its processes. */
        JobCluster start() throws IOException {
            GcLog gcLog = new GcLog(Files.createTempFile(options.directory, "gc-", ".log"));
            List<String> jvm = new ArrayList<>(List.of("-XX:+UseG1GC", gcLog.jvmOption()));
            jvm.addAll(options.jvmOptions);
            FlinkClusterBuilder builder = FlinkCluster.builder("bench")
                    .flink(lib(options))
                    .taskManagers(1, slots)
                    .profile(JvmProfile.DEFAULT)
                    .jobManagerMemory(640)
                    .taskManagerMemory(processMegabytes)
                    .taskManagers(ProcessSettings.jvmOptions(jvm.toArray(String[]::new)))
                    .option("classloader.resolve-order", "parent-first")
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
                    .option("execution.checkpointing.interval", checkpointInterval);
            for (String option : options.flinkOptions) {
                String[] parts = option.split("=", 2);
                builder.option(parts[0], parts[1]);
            }
            return new JobCluster(options, builder.start(), gcLog);
        }
    }

    /** The folder of Flink's jars, and with them the fat jar. */
    private static Path lib(BenchOptions options) throws IOException {
        Path lib = Files.createTempDirectory(options.directory, "flink-lib-");
        try (Stream<Path> jars = Files.list(Path.of("target", "flink", "lib"))) {
            for (Path jar : jars.toList()) {
                // The fat jar has its own, later one, which a job's class loader would prefer.
                if (!jar.getFileName().toString().startsWith("lz4-java-")) {
                    link(lib, jar);
                }
            }
        }
        link(lib, options.jobJar);
        return lib;
    }

    private static void link(Path folder, Path jar) throws IOException {
        Files.createSymbolicLink(folder.resolve(jar.getFileName()), jar.toRealPath());
    }

    /** Starts a job in its default configuration, and returns when all of it runs. */
    JobUnderTest start(BenchServer server, String source, int parallelism) throws IOException {
        return start(server, source, parallelism, JobConfiguration.NOTHING_MORE);
    }

    /** Starts a job that differs from its default configuration. */
    JobUnderTest start(BenchServer server, String source, int parallelism, JobConfiguration.More more)
            throws IOException {
        return start(Submission.of(options.jobJar), server, source, parallelism, more);
    }

    /** The same without the keyed exchange, to show its price. For parallelism 1. */
    JobUnderTest startWithoutKeyedExchange(BenchServer server, String source) throws IOException {
        Submission submission = Submission.of(UnkeyedJob.jar(options)).withMainClass(UnkeyedJob.class);
        return start(submission, server, source, 1, JobConfiguration.NOTHING_MORE);
    }

    private JobUnderTest start(
            Submission submission, BenchServer server, String source, int parallelism, JobConfiguration.More more)
            throws IOException {
        Path configuration = JobConfiguration.write(options.directory, server.endpoint(), source, more);
        ProcessUsage.forgetPeakRss(taskManager());
        long submittedAt = System.nanoTime();
        ClusterJob job = cluster.submitOverRest(
                submission.withParallelism(parallelism).withArguments("--config", configuration.toString()));
        job.awaitRunning();
        return new JobUnderTest(this, job, submittedAt);
    }

    /** What the options of its jobs let so many subtasks together buffer on the heap, in MB of 2^20 bytes. */
    double buffers(int subtasks) throws Exception {
        Path any = JobConfiguration.write(options.directory, "http://127.0.0.1:1", "any");
        return MemoryBound.buffers(ConfigReader.readFile(any, Map.of(), Instant.now()), subtasks);
    }

    long taskManager() {
        return cluster.taskManagerPid(TASK_MANAGER);
    }

    long jobManager() {
        return cluster.jobManagerPid();
    }

    /** All of its processes. */
    List<Long> pids() {
        return List.of(taskManager(), jobManager());
    }

    /** Of the TaskManager. */
    GcLog gcLog() {
        return gcLog;
    }

    /** What its configuration allows the TaskManager. */
    MemoryBound memory() {
        return memory;
    }

    @Override
    public void close() {
        cluster.close();
    }
}
