package io.slsdispatch.job.topology;

import static io.slsdispatch.testing.LogGroupBuilder.logGroup;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slsdispatch.connector.model.AddressedLogGroup;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.job.config.ConfigReader;
import io.slsdispatch.job.config.JobConfig;
import io.slsdispatch.job.rules.reload.ReplayProgress;
import io.slsdispatch.job.topology.FakeConnectors.Arrival;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.testutils.CommonTestUtils;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamEdge;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.apache.flink.test.junit5.InjectMiniCluster;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Jobs whose targets are reached through blocks: delivery, and savepoints of jobs with and without them. */
class ManyTargetsTest {

    @RegisterExtension
    static final MiniClusterExtension CLUSTER = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(1)
            .setNumberSlotsPerTaskManager(2)
            .setConfiguration(retainingAllCheckpoints())
            .build());

    private static final Duration GENEROUS = Duration.ofMinutes(2);
    private static final int GROUPS = 4_000;
    /** With fewer targets there are no blocks. */
    private static final int MOST_WITHOUT_BLOCKS = 63;

    @TempDir
    private Path folder;

    private MiniCluster cluster;

    @BeforeEach
    void begin(@InjectMiniCluster MiniCluster cluster) {
        this.cluster = cluster;
    }

    /** Every group has a topic of its target; every tenth goes to the first and the last target, too. */
    @ParameterizedTest
    @CsvSource({"63, true", "64, true", "100, true", "70, false"})
    void everyGroupArrivesOnceAtEachOfItsTargets(int targets, boolean chaining) throws Exception {
        GeneratedGroups groups = new GeneratedGroups(GROUPS, number -> logGroup()
                .topic(number % 10 == 0 ? "copied" : "topic-" + number % targets + "-")
                .shard((int) number % 4)
                .index((int) number)
                .build());
        FakeConnectors connectors = new FakeConnectors(groups);
        StreamExecutionEnvironment env = environment(chaining ? 2 : 1, chaining, new Configuration());

        new DistributionTopology(config(targets, topicsToTheirTargets(targets)), connectors).addTo(env);
        env.execute();

        for (int target = 0; target < targets; target++) {
            int own = target;
            List<Integer> expected = IntStream.range(0, GROUPS)
                    .filter(number -> number % 10 == 0 ? own == 0 || own == targets - 1 : number % targets == own)
                    .boxed()
                    .toList();
            assertThat(connectors.arrivals("t-" + target).stream()
                            .map(Arrival::index)
                            .sorted())
                    .as("groups of target %s", target)
                    .containsExactlyElementsOf(expected);
        }
    }

    /** Flink offers each record to all outputs of an operator in turn. */
    @Test
    void noOperatorHasMoreOutputsThanABlockOfTargets() throws Exception {
        Map<Integer, Long> most = new HashMap<>();
        for (int targets : new int[] {MOST_WITHOUT_BLOCKS, MOST_WITHOUT_BLOCKS + 1, 1_003}) {
            most.put(targets, mostOutputs(targets));
        }

        assertThat(most).isEqualTo(Map.of(63, 63L, 64, 32L, 1_003, 32L));
    }

    private long mostOutputs(int targets) throws Exception {
        return graph(targets).stream()
                .mapToLong(node -> node.getOutEdges().stream()
                        .map(StreamEdge::getOutputTag)
                        .distinct()
                        .count())
                .max()
                .orElseThrow();
    }

    @Test
    void idsOfSinksAndDispatcherAreThoseOfAJobWithoutBlocks() throws Exception {
        Set<String> without = ids(MOST_WITHOUT_BLOCKS);
        Set<String> with = ids(MOST_WITHOUT_BLOCKS + 1);

        assertThat(without).contains("dispatch", "sls-source", "target-t-0", "target-t-62");
        assertThat(with).containsAll(without);
        with.removeAll(without);
        assertThat(with).containsExactlyInAnyOrder("target-t-63", "block-0", "block-1");
    }

    private Set<String> ids(int targets) throws Exception {
        return graph(targets).stream()
                .map(StreamNode::getTransformationUID)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private List<StreamNode> graph(int targets) throws Exception {
        StreamExecutionEnvironment env = environment(2, true, new Configuration());
        new DistributionTopology(
                        config(targets, topicsToTheirTargets(targets)),
                        new FakeConnectors(
                                new GeneratedGroups(1, number -> logGroup().build())))
                .addTo(env);
        return List.copyOf(env.getStreamGraph().getStreamNodes());
    }

    /** The rules were reloaded before the savepoint: their version is in it, and is active after it. */
    @ParameterizedTest
    @CsvSource({"63, 70, true", "70, 63, true", "70, 63, false"})
    void savepointIsRestoredWithAndWithoutBlocksAndNothingIsLostOrRepeated(int before, int after, boolean chaining)
            throws Exception {
        Path rules = folder.resolve("rules.yaml");
        String updates = "rules: {from: " + rules + ", poll-interval: 20ms}\n";
        Files.writeString(rules, everythingTo("t-5", "t-40"));
        ReloadRig first = new ReloadRig(GROUPS);
        JobClient job = start(first, chaining, new Configuration(), config(before, updates));
        first.feed(500);
        await().atMost(GENEROUS).until(() -> first.targetsOfGroup().size() > 400);
        Files.writeString(rules, everythingTo("t-6", "t-62"));
        await().atMost(GENEROUS).until(() -> {
            first.feed(1);
            return first.targetsOfGroup().containsValue(Set.of("t-6", "t-62"));
        });
        CommonTestUtils.waitForAllTaskRunning(cluster, job.getJobID(), false);
        String savepoint = job.stopWithSavepoint(false, folder.toUri().toString(), SavepointFormatType.CANONICAL)
                .get();
        await().atMost(GENEROUS).until(() -> job.getJobStatus().get() == JobStatus.FINISHED);

        ReloadRig second = new ReloadRig(GROUPS);
        second.feedTheRest();
        JobClient restored = start(second, chaining, from(savepoint), config(after, updates));
        restored.getJobExecutionResult().get();

        assertThat(first.targetsOfGroup().values())
                .allMatch(targets -> targets.equals(Set.of("t-5", "t-40")) || targets.equals(Set.of("t-6", "t-62")));
        assertThat(second.targetsOfGroup().values()).allMatch(Set.of("t-6", "t-62")::equals);
        Set<Integer> all = new TreeSet<>(first.targetsOfGroup().keySet());
        assertThat(second.targetsOfGroup())
                .hasSize(GROUPS - all.size())
                .doesNotContainKeys(all.toArray(Integer[]::new));
        all.addAll(second.targetsOfGroup().keySet());
        assertThat(all).hasSize(GROUPS);
    }

    /** It contains groups in flight, none of them behind the dispatcher, also if nothing is chained. */
    @ParameterizedTest
    @CsvSource({"63, 70, true", "70, 63, true", "63, 70, false"})
    void unalignedCheckpointIsRestoredWithAndWithoutBlocksAndLosesNoGroup(int before, int after, boolean chaining)
            throws Exception {
        GatedConnectors first = new GatedConnectors(GROUPS);
        JobClient job = startUnaligned(first, chaining, config(before, everythingTo("t-5", "t-40")), null);
        Path checkpoint = await("a checkpoint with groups in flight")
                .atMost(GENEROUS)
                .until(
                        () -> {
                            first.open(2);
                            return checkpointWithGroupsInFlight(job);
                        },
                        Optional::isPresent)
                .orElseThrow();
        job.cancel().get();
        await().atMost(GENEROUS).until(() -> job.getJobStatus().get() == JobStatus.CANCELED);

        GatedConnectors second = new GatedConnectors(GROUPS);
        second.open(Integer.MAX_VALUE);
        startUnaligned(second, chaining, config(after, everythingTo("t-5", "t-40")), checkpoint)
                .getJobExecutionResult()
                .get();

        for (String target : List.of("t-5", "t-40")) {
            assertThat(first.delivered(target))
                    .as("so that there is something to lose")
                    .hasSizeLessThan(GROUPS / 2);
            Set<Integer> all = new TreeSet<>(first.delivered(target));
            all.addAll(second.delivered(target));
            assertThat(all).as("groups of " + target).hasSize(GROUPS);
        }
    }

    /** A later one must not remove the one that is restored. The option is one of the cluster, not of a job. */
    private static Configuration retainingAllCheckpoints() {
        Configuration flink = new Configuration();
        flink.set(CheckpointingOptions.MAX_RETAINED_CHECKPOINTS, 10_000);
        return flink;
    }

    private JobClient startUnaligned(Connectors connectors, boolean chaining, JobConfig config, @Nullable Path from)
            throws Exception {
        Configuration flink = new Configuration();
        flink.set(CheckpointingOptions.ENABLE_UNALIGNED, true);
        flink.set(
                CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
                ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
        if (from != null) {
            flink.set(StateRecoveryOptions.SAVEPOINT_PATH, from.toUri().toString());
        }
        return start(connectors, chaining, flink, config);
    }

    /** Never the newest one: its metadata is written before it is complete, and a cancel deletes it until then. */
    private Optional<Path> checkpointWithGroupsInFlight(JobClient job) throws IOException {
        Path checkpoints = folder.resolve("checkpoints").resolve(job.getJobID().toHexString());
        if (!Files.exists(checkpoints)) {
            return Optional.empty();
        }
        try (Stream<Path> found = Files.list(checkpoints)) {
            List<Path> written = found.filter(checkpoint -> Files.exists(checkpoint.resolve("_metadata")))
                    .sorted(Comparator.comparingInt(ManyTargetsTest::number))
                    .toList();
            return written.stream()
                    .limit(Math.max(0, written.size() - 1))
                    .filter(ManyTargetsTest::hasGroupsInFlight)
                    .findFirst();
        }
    }

    private static int number(Path checkpoint) {
        return Integer.parseInt(checkpoint.getFileName().toString().substring("chk-".length()));
    }

    private static boolean hasGroupsInFlight(Path checkpoint) {
        try (DataInputStream in = new DataInputStream(Files.newInputStream(checkpoint.resolve("_metadata")))) {
            return Checkpoints.loadCheckpointMetadata(in, ManyTargetsTest.class.getClassLoader(), checkpoint.toString())
                    .getOperatorStates()
                    .stream()
                    .flatMap(operator -> operator.getStates().stream())
                    .anyMatch(subtask -> !subtask.getInputChannelState().isEmpty());
        } catch (IOException whileItIsDeleted) {
            return false;
        }
    }

    /** A source of large groups, and sinks that take one for each permit. */
    private record GatedConnectors(String run, int groups) implements Connectors {

        /** Sinks travel through serialization, so that what they share cannot be a part of them. */
        private static final Map<String, Gate> GATES = new ConcurrentHashMap<>();

        private record Gate(Semaphore permits, Map<String, Set<Integer>> delivered) {}

        GatedConnectors(int groups) {
            this(UUID.randomUUID().toString(), groups);
            GATES.put(run, new Gate(new Semaphore(0), new ConcurrentHashMap<>()));
        }

        private static Gate gate(String run) {
            return Objects.requireNonNull(GATES.get(run));
        }

        void open(int permits) {
            gate(run).permits.release(permits);
        }

        Set<Integer> delivered(String target) {
            return gate(run).delivered.getOrDefault(target, Set.of());
        }

        @Override
        public Source<RawLogGroup, ?, ?> source(JobConfig.Source source) {
            return new GeneratedGroups(groups, number -> logGroup()
                    .topic("topic-")
                    .log(1, "text", "x".repeat(4_000))
                    .index((int) number)
                    .build());
        }

        @Override
        public ReplayProgress progress(JobConfig.Source source) {
            throw new UnsupportedOperationException("rules are not reloaded here");
        }

        @Override
        public Sink<RawLogGroup> sink(JobConfig.Target target) {
            return new GatedSink(run, target.name());
        }

        @Override
        public Sink<AddressedLogGroup> sink(JobConfig.Template target) {
            throw new UnsupportedOperationException("there are no targets by template here");
        }

        private record GatedSink(String run, String target) implements Sink<RawLogGroup>, Serializable {

            @Override
            public SinkWriter<RawLogGroup> createWriter(WriterInitContext context) {
                Gate gate = gate(run);
                Set<Integer> delivered = gate.delivered.computeIfAbsent(target, any -> ConcurrentHashMap.newKeySet());
                return new SinkWriter<>() {
                    @Override
                    public void write(RawLogGroup group, Context context) throws InterruptedException {
                        gate.permits.acquire();
                        delivered.add(group.index());
                    }

                    @Override
                    public void flush(boolean endOfInput) {}

                    @Override
                    public void close() {}
                };
            }
        }
    }

    private JobClient start(Connectors connectors, boolean chaining, Configuration flink, JobConfig config)
            throws Exception {
        flink.setString("execution.checkpointing.interval", "50 ms");
        flink.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                folder.resolve("checkpoints").toUri().toString());
        StreamExecutionEnvironment env = environment(1, chaining, flink);
        new DistributionTopology(config, connectors).addTo(env);
        return env.executeAsync();
    }

    private static StreamExecutionEnvironment environment(int parallelism, boolean chaining, Configuration flink) {
        flink.setString("restart-strategy.type", "none");
        flink.set(PipelineOptions.OPERATOR_CHAINING, chaining);
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(flink);
        env.setParallelism(parallelism);
        return env;
    }

    private static Configuration from(String savepoint) {
        Configuration flink = new Configuration();
        flink.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
        return flink;
    }

    private static String topicsToTheirTargets(int targets) {
        return IntStream.range(0, targets)
                .mapToObj(target -> "  - {topic: {prefix: topic-" + target + "-}, to: t-" + target + "}\n")
                .collect(Collectors.joining(
                        "",
                        "routes:\n  - {topic: copied, to: [t-0, t-" + (targets - 1) + "]}\n",
                        "default-route: fail\n"));
    }

    private static String everythingTo(String... targets) {
        return "routes: [{topic: {prefix: topic-}, to: [" + String.join(", ", targets) + "]}]\ndefault-route: fail\n";
    }

    private JobConfig config(int targets, String rest) throws Exception {
        String text = IntStream.range(0, targets)
                .mapToObj(target -> "  - {name: t-" + target + ", logstore: logs-" + target + "}\n")
                .collect(Collectors.joining("", """
                        source:
                          endpoint: sls.test
                          project: my-project
                          logstore: all
                          consumer-group: group
                          credentials: {access-key-id: "${ID}", access-key-secret: "${KEY}"}
                        targets:
                        """, rest));
        return ConfigReader.readFile(Files.writeString(folder.resolve("dispatch.yaml"), text), Map.of(), Instant.EPOCH);
    }
}
