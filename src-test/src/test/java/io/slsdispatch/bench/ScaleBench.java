package io.slsdispatch.bench;

import com.sun.management.ThreadMXBean;
import io.slsdispatch.connector.source.enumerator.EnumerationAtScale;
import io.slsdispatch.job.config.ConfigReader;
import io.slsdispatch.job.config.JobConfig;
import io.slsdispatch.job.rules.reload.CoordinationAtScale;
import io.slsdispatch.job.topology.DistributionTopology;
import io.slsdispatch.job.topology.SlsConnectors;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.InstantiationUtil;

/**
 * Sizes that no test cluster has, simulated in this process: what they cost on one thread, and how that grows. Bytes
 * allocated are the same on any machine; processor time is not, and is only shown.
 */
final class ScaleBench implements Benchmark {

    /** The largest size compared with a quarter of it. */
    private static final int PART = 4;

    /** Linear growth, and something for what does not depend on the size. */
    private static final double LINEAR = 1.1;

    private static final int SHARDS = 10_000;
    private static final int SUBTASKS = 1_000;
    private static final int TARGETS = 300;
    private static final int PARALLELISM = 128;
    private static final double MEGABYTE = 1_000_000;

    /** Something that can be run at different sizes. */
    @FunctionalInterface
    private interface Simulation {

        /** Runs it on this thread, and returns how much it did. */
        long run(int size) throws Exception;
    }

    private record Cost(long done, double allocated, double cpuSeconds) {

        static Cost of(Simulation simulation, int size) throws Exception {
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long thread = Thread.currentThread().getId();
            long allocated = threads.getThreadAllocatedBytes(thread);
            long cpu = threads.getCurrentThreadCpuTime();
            long done = simulation.run(size);
            return new Cost(
                    done,
                    threads.getThreadAllocatedBytes(thread) - allocated,
                    (threads.getCurrentThreadCpuTime() - cpu) / 1e9);
        }
    }

    @Override
    public String name() {
        return "scale";
    }

    @Override
    public void run(BenchOptions options, Report report) throws Exception {
        report.begin(name(), "simulated in one thread; growth: cost of 4 times the size, divided by 4");
        JobConfig three = targets(options, 3);
        grow(
                report,
                "enumerator: 100 listings with splits, 20 shards for each reader",
                "shards",
                SHARDS,
                size -> EnumerationAtScale.run(three.source().config(), size));
        JobConfig other = targets(options, 4);
        grow(
                report,
                "rules: 10 versions, 100 checkpoints",
                "subtasks",
                SUBTASKS,
                size -> CoordinationAtScale.run(size, three.ruleTable(), other.ruleTable()));
        grow(report, "job graph at parallelism " + PARALLELISM, "targets", TARGETS, size -> graphBytes(options, size));
        for (int parallelism : new int[] {1, PARALLELISM}) {
            report.add(Figure.of(
                    name(),
                    "job graph of " + TARGETS + " targets at parallelism " + parallelism,
                    graph(targets(options, TARGETS), parallelism) / MEGABYTE,
                    "MB"));
        }
    }

    private void grow(Report report, String what, String unit, int size, Simulation simulation) throws Exception {
        simulation.run(size / PART / PART);
        Cost small = Cost.of(simulation, size / PART);
        Cost large = Cost.of(simulation, size);
        String named = what + ", " + size + " " + unit;
        report.add(Figure.of(name(), named, (double) large.done(), "done"));
        report.add(Figure.of(name(), named, large.allocated() / MEGABYTE, "MB alloc."));
        report.add(Figure.of(name(), named, large.cpuSeconds(), "CPU-s"));
        report.add(Figure.atMost(
                LINEAR, name(), "growth of allocation, " + what, large.allocated() / small.allocated() / PART, ""));
        report.add(Figure.of(
                name(), "growth of processor time, " + what, large.cpuSeconds() / small.cpuSeconds() / PART, ""));
    }

    private static long graphBytes(BenchOptions options, int targets) throws Exception {
        return graph(targets(options, targets), PARALLELISM);
    }

    /** The size of the serialized job graph. */
    private static long graph(JobConfig config, int parallelism) throws IOException {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(new Configuration());
        env.setParallelism(parallelism);
        new DistributionTopology(config, new SlsConnectors()).addTo(env);
        JobGraph graph = env.getStreamGraph().getJobGraph();
        return InstantiationUtil.serializeObject(graph).length;
    }

    private static JobConfig targets(BenchOptions options, int count) throws Exception {
        String targets = IntStream.range(0, count)
                .mapToObj(target -> "  - logstore: target-" + target + "\n")
                .collect(Collectors.joining());
        String routes = IntStream.range(0, count)
                .mapToObj(target -> "  - {topic: topic-" + target + ", to: target-" + target + "}\n")
                .collect(Collectors.joining());
        Path file = Files.writeString(
                options.directory.resolve("scale-" + count + ".yaml"),
                """
                source:
                  endpoint: cn-hangzhou.log.aliyuncs.com
                  project: my-project
                  logstore: all
                  credentials: {access-key-id: "${ID}", access-key-secret: "${KEY}"}
                targets:
                """ + targets + "routes:\n" + routes + "default-route: drop\n");
        return ConfigReader.readFile(file, Map.of(), Instant.now());
    }
}
