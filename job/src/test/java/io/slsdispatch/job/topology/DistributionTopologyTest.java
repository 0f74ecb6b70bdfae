package io.slsdispatch.job.topology;

import static io.slsdispatch.testing.LogGroupBuilder.logGroup;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.slsdispatch.connector.config.ShardOrder;
import io.slsdispatch.job.config.ConfigReader;
import io.slsdispatch.job.config.JobConfig;
import io.slsdispatch.job.topology.FakeConnectors.Arrival;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.metrics.Counter;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.apache.flink.runtime.testutils.InMemoryReporter;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.util.ExceptionUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DistributionTopologyTest {

    private static final InMemoryReporter METRICS = InMemoryReporter.createWithRetainedMetrics();

    @RegisterExtension
    static final MiniClusterExtension CLUSTER = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setConfiguration(METRICS.addToConfiguration(new Configuration()))
            .setNumberTaskManagers(1)
            .setNumberSlotsPerTaskManager(4)
            .build());

    private static final String SOURCE_AND_TARGETS = """
            source:
              endpoint: sls.test
              project: my-project
              logstore: all
              credentials: {access-key-id: "${ID}", access-key-secret: "${KEY}"}
            targets:
              - {name: nginx, logstore: nginx-logs}
              - {name: sql, logstore: sql-logs}
              - {name: rest, logstore: rest-logs}
            """;

    private static final String ROUTES = """
            routes:
              - {topic: nginx, to: nginx}
              - {topic: sql_audit, to: [sql, rest]}
            default-route: drop
            """;

    private static final String[] TOPICS = {"nginx", "sql_audit", "nobody", ""};
    private static final int SHARDS = 4;
    private static final int GROUPS = 1_200;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void everyGroupArrivesOnceAtEachOfItsTargets(int parallelism) throws Exception {
        FakeConnectors connectors = run(ROUTES, parallelism, new Configuration());

        assertThat(indexes(connectors, "nginx")).containsExactlyElementsOf(indexesOf(0));
        assertThat(indexes(connectors, "sql")).containsExactlyElementsOf(indexesOf(1));
        assertThat(indexes(connectors, "rest")).containsExactlyElementsOf(indexesOf(1));
    }

    @Test
    void unmatchedGroupsGoToTheDefaultTarget() throws Exception {
        FakeConnectors connectors = run(ROUTES.replace("drop", "rest"), 2, new Configuration());

        assertThat(indexes(connectors, "rest"))
                .containsExactlyElementsOf(Stream.of(1, 2, 3)
                        .flatMap(topic -> indexesOf(topic).stream())
                        .sorted()
                        .toList());
    }

    @Test
    void unmatchedGroupFailsTheJobWhenItMust() {
        assertThatExceptionOfType(Exception.class)
                .isThrownBy(() -> run(ROUTES.replace("drop", "fail"), 1, new Configuration()))
                .satisfies(failure -> assertThat(
                                ExceptionUtils.findThrowableWithMessage(failure, "'default-route' is 'fail'"))
                        .get()
                        .extracting(Throwable::getMessage)
                        .asString()
                        .contains("No rule matches the topic", "Add a rule"));
    }

    @Test
    void groupThatCannotBeReadGoesWhereTheConfigurationSays() throws Exception {
        String routes = ROUTES.replace("{topic: nginx, to: nginx}", "{topic: nginx, source: x, to: nginx}");
        GeneratedGroups malformed = new GeneratedGroups(
                10, number -> logGroup().topic("nginx").garbage().build());

        FakeConnectors connectors = run(routes + "dispatch: {on-malformed: rest}", 1, malformed, new Configuration());

        assertThat(connectors.arrivals("rest")).hasSize(10);
        assertThatExceptionOfType(Exception.class)
                .isThrownBy(() -> run(routes, 1, malformed, new Configuration()))
                .satisfies(failure -> assertThat(
                                ExceptionUtils.findThrowableWithMessage(failure, "'dispatch.on-malformed' is 'fail'"))
                        .isPresent());
    }

    @Test
    void groupThatIsNoProtobufGoesWhereTheConfigurationSaysThoughRulesAskForTheTopicOnly() throws Exception {
        GeneratedGroups malformed = new GeneratedGroups(
                10, number -> logGroup().topic("nginx").garbage().build().asMalformed());

        FakeConnectors connectors = run(ROUTES + "dispatch: {on-malformed: rest}", 1, malformed, new Configuration());

        assertThat(connectors.arrivals("rest")).hasSize(10);
        assertThat(connectors.arrivals("nginx")).isEmpty();
        assertThatExceptionOfType(Exception.class)
                .isThrownBy(() -> run(ROUTES, 1, malformed, new Configuration()))
                .satisfies(failure -> assertThat(
                                ExceptionUtils.findThrowableWithMessage(failure, "'dispatch.on-malformed' is 'fail'"))
                        .get()
                        .extracting(Throwable::getMessage)
                        .asString()
                        .contains("malformed log group 0 at cursor", "at byte", "Set it to the name of a target"));
    }

    @Test
    void groupsOfOneShardAndTopicMeetInOneSubtaskAndThoseOfATopicInAll() throws Exception {
        FakeConnectors connectors = run(ROUTES, 4, new Configuration());

        Map<Integer, List<Arrival>> byShard =
                connectors.arrivals("nginx").stream().collect(Collectors.groupingBy(Arrival::shard));
        assertThat(byShard).hasSize(SHARDS);
        assertThat(byShard.values()).allSatisfy(arrivals -> assertThat(arrivals)
                .extracting(Arrival::subtask)
                .containsOnly(arrivals.get(0).subtask()));
        assertThat(connectors.arrivals("nginx"))
                .extracting(Arrival::subtask)
                .as("one lane for each subtask")
                .contains(0, 1, 2, 3);
    }

    /** Scenario F6: what the busiest subtask has to do bounds what goes through. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4})
    void hotTopicLeavesTheBusiestSubtaskNoMoreThanAQuarterAboveWhatEvenTopicsDo(int parallelism) throws Exception {
        int shards = 16;
        int count = 8_000;
        GeneratedGroups even = new GeneratedGroups(count, number -> logGroup()
                .topic("topic-" + number / shards % 500)
                .shard((int) number % shards)
                .build());
        GeneratedGroups hot = new GeneratedGroups(count, number -> logGroup()
                .topic(number / shards % 20 == 0 ? "topic-" + number / shards : "hot")
                .shard((int) number % shards)
                .build());
        String routes = "routes: [{topic: {prefix: ''}, to: nginx}]\ndefault-route: fail\n";

        long busiestOfEven = busiest(run(routes, parallelism, even, new Configuration()));
        long busiestOfHot = busiest(run(routes, parallelism, hot, new Configuration()));

        assertThat(busiestOfEven).isLessThanOrEqualTo(count / parallelism * 5 / 4);
        assertThat(busiestOfHot).isLessThanOrEqualTo(busiestOfEven * 5 / 4);
    }

    /** How many groups the subtask has that has most. */
    private static long busiest(FakeConnectors connectors) {
        return connectors.arrivals("nginx").stream()
                .collect(Collectors.groupingBy(Arrival::subtask, Collectors.counting()))
                .values()
                .stream()
                .max(Long::compare)
                .orElseThrow();
    }

    @Test
    void oneLaneBringsATopicToOneSubtask() throws Exception {
        FakeConnectors connectors = run(ROUTES + "dispatch: {lanes: 1}", 4, new Configuration());

        assertThat(connectors.arrivals("nginx").stream().map(Arrival::subtask).distinct())
                .hasSize(1);
    }

    @Test
    void thousandTopicsFindTheirWay() throws Exception {
        GeneratedGroups groups = new GeneratedGroups(
                5_000, number -> logGroup().topic("topic-" + number % 1_000).build());

        FakeConnectors connectors = run("""
                routes:
                  - {topic: {glob: 'topic-[0-4]*'}, to: nginx}
                  - {topic: {regex: 'topic-[5-8].*'}, to: sql}
                default-route: rest
                """, 2, groups, new Configuration());

        assertThat(connectors.arrivals("nginx"))
                .allMatch(arrival -> arrival.topic().matches("topic-[0-4].*"));
        assertThat(connectors.arrivals("sql"))
                .allMatch(arrival -> arrival.topic().matches("topic-[5-8].*"));
        assertThat(connectors.arrivals("rest"))
                .allMatch(arrival -> arrival.topic().matches("topic-9.*"));
        assertThat(connectors.arrivals("nginx").size()
                        + connectors.arrivals("sql").size()
                        + connectors.arrivals("rest").size())
                .isEqualTo(5_000);
    }

    @Test
    void groupsAndBytesAreCountedByRuleAndTargetAndWhatWentNowhereToo() throws Exception {
        String routes = ROUTES.replace("default-route", "  - {topic: '', to: drop}\ndefault-route");

        run("name: counted\n" + routes, 2, new Configuration());

        long ofEachTopic = GROUPS / TOPICS.length;
        assertThat(sum("rule.rule 1.target.nginx.dispatchedGroups")).isEqualTo(ofEachTopic);
        assertThat(sum("rule.rule 2.target.sql.dispatchedGroups")).isEqualTo(ofEachTopic);
        assertThat(sum("rule.rule 2.target.rest.dispatchedGroups")).isEqualTo(ofEachTopic);
        assertThat(sum("rule.rule 1.target.nginx.dispatchedBytes")).isEqualTo(ofEachTopic * "..nginx".length());
        assertThat(sum("sls.unmatchedGroups")).isEqualTo(ofEachTopic);
        assertThat(sum("sls.droppedGroups")).isEqualTo(2 * ofEachTopic);
        assertThat(sum("sls.malformedGroups")).isZero();
        assertThat(sum("sls.receivedGroups")).isEqualTo(GROUPS);
        assertThat(sum("sls.copiedGroups")).isEqualTo(ofEachTopic);
    }

    /** Sum of a counter over the subtasks of the job with the name "counted". */
    private static long sum(String metric) {
        return METRICS.getMetricsByGroup().entrySet().stream()
                .filter(entry -> List.of(entry.getKey().getScopeComponents()).contains("counted"))
                .flatMap(entry -> entry.getValue().entrySet().stream()
                        .filter(named -> entry.getKey()
                                .getMetricIdentifier(named.getKey())
                                .endsWith("." + metric))
                        .map(Map.Entry::getValue))
                .mapToLong(counter -> ((Counter) counter).getCount())
                .sum();
    }

    @Test
    void operatorIdsAreThoseOfTheListThatSavepointsDependOn() throws Exception {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        new DistributionTopology(config(ROUTES), new FakeConnectors(generated())).addTo(env);

        List<String> ids = StreamSupport.stream(
                        env.getStreamGraph().getJobGraph().getVertices().spliterator(), false)
                .map(JobVertex::getOperatorIDs)
                .flatMap(List::stream)
                .map(id -> id.getUserDefinedOperatorUid() + " " + id.getGeneratedOperatorID())
                .sorted()
                .toList();

        assertThat(ids)
                .containsExactlyElementsOf(Files.readAllLines(Path.of("src/test/resources/topology/operator-ids.txt")));
    }

    @Test
    void flinkIsToldWhatTheJobNeedsUnlessItWasToldOtherwise() throws Exception {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        new DistributionTopology(config(ROUTES), new FakeConnectors(generated())).addTo(env);

        assertThat(env.getCheckpointConfig().getCheckpointInterval()).isEqualTo(10_000);
        assertThat(env.getCheckpointConfig().getMinPauseBetweenCheckpoints()).isEqualTo(2_000);
        assertThat(env.getCheckpointConfig().getTolerableCheckpointFailureNumber())
                .isEqualTo(Integer.MAX_VALUE);
        assertThat(env.getMaxParallelism()).isEqualTo(720);
        assertThat(env.getConfig().isObjectReuseEnabled()).isTrue();
        assertThat(env.getConfiguration().get(PipelineOptions.GENERIC_TYPES)).isFalse();

        Configuration users = new Configuration();
        users.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMinutes(1));
        users.set(CheckpointingOptions.TOLERABLE_FAILURE_NUMBER, 3);
        StreamExecutionEnvironment configured = StreamExecutionEnvironment.getExecutionEnvironment(users);
        new DistributionTopology(config(ROUTES), new FakeConnectors(generated())).addTo(configured);

        assertThat(configured.getCheckpointConfig().getCheckpointInterval()).isEqualTo(60_000);
        assertThat(configured.getCheckpointConfig().getMinPauseBetweenCheckpoints())
                .as("follows the interval, wherever that is configured")
                .isEqualTo(12_000);
        assertThat(configured.getCheckpointConfig().getTolerableCheckpointFailureNumber())
                .isEqualTo(3);

        users.set(CheckpointingOptions.MIN_PAUSE_BETWEEN_CHECKPOINTS, Duration.ofMillis(7));
        StreamExecutionEnvironment withPause = StreamExecutionEnvironment.getExecutionEnvironment(users);
        new DistributionTopology(config(ROUTES), new FakeConnectors(generated())).addTo(withPause);

        assertThat(withPause.getCheckpointConfig().getMinPauseBetweenCheckpoints())
                .isEqualTo(7);
    }

    @Test
    void unalignedCheckpointsNeedNoSettingSinceLanesDoNotChangeWithTheParallelism() throws Exception {
        Configuration unaligned = new Configuration();
        unaligned.set(CheckpointingOptions.ENABLE_UNALIGNED, true);
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(unaligned);
        JobConfig config = config(ROUTES);

        assertThatNoException()
                .isThrownBy(() -> new DistributionTopology(config, new FakeConnectors(generated())).addTo(env));
        assertThat(config.execution().lanes()).isEqualTo(64);
    }

    @ParameterizedTest
    @CsvSource({
        // ordered source, ordered targets, unaligned checkpoints: what the source is told
        "true, true, false, AFTER_DELIVERY",
        "true, false, false, AFTER_DELIVERY",
        "true, false, true, AFTER_READ",
        "false, true, true, NONE",
        "false, true, false, NONE",
    })
    void newShardsWaitForDeliveryWhereverCheckpointsTellIt(
            boolean source, boolean targets, boolean unaligned, ShardOrder expected) throws Exception {
        FakeConnectors connectors = new FakeConnectors(generated());

        new DistributionTopology(orderedConfig(source, targets), connectors).addTo(environment(unaligned));

        assertThat(connectors.sourceOrder()).isEqualTo(expected);
    }

    /** Their barriers overtake groups on the way to a sink, so the group would be ahead of what is delivered. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void noProgressIsCommittedWithUnalignedCheckpoints(boolean unaligned) throws Exception {
        FakeConnectors connectors = new FakeConnectors(generated());
        String text = SOURCE_AND_TARGETS.replace("  logstore: all\n", "  logstore: all\n  consumer-group: progress\n");

        new DistributionTopology(
                        ConfigReader.readFile(
                                Files.writeString(folder.resolve("u.yaml"), text + ROUTES), Map.of(), Instant.EPOCH),
                        connectors)
                .addTo(environment(unaligned));

        assertThat(connectors.consumerGroup()).isEqualTo(unaligned ? null : "progress");
    }

    @Test
    void orderedTargetsAreRefusedWithUnalignedCheckpointsThatCannotKeepTheirOrderAcrossASplit() throws Exception {
        JobConfig config = orderedConfig(true, true);

        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new DistributionTopology(config, new FakeConnectors(generated())).addTo(environment(true)))
                .withMessageContaining("A target is 'ordered' and unaligned checkpoints are enabled")
                .withMessageContaining("Disable unaligned checkpoints");
    }

    private static StreamExecutionEnvironment environment(boolean unaligned) {
        Configuration flink = new Configuration();
        flink.set(CheckpointingOptions.ENABLE_UNALIGNED, unaligned);
        return StreamExecutionEnvironment.getExecutionEnvironment(flink);
    }

    private JobConfig orderedConfig(boolean source, boolean targets) throws Exception {
        String text = SOURCE_AND_TARGETS.replace("  logstore: all\n", "  logstore: all\n  ordered: " + source + "\n")
                + ROUTES + "dispatch: {lanes: 4}\ndefaults: {ordered: " + targets + "}\n";
        return ConfigReader.readFile(Files.writeString(folder.resolve("o.yaml"), text), Map.of(), Instant.EPOCH);
    }

    @Test
    void parallelismAboveTheMaximumIsRefusedWithTheWayOut() throws Exception {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        env.setParallelism(8);
        JobConfig config = config(ROUTES + "max-parallelism: 4\n");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DistributionTopology(config, new FakeConnectors(generated())).addTo(env))
                .withMessageContaining("max-parallelism");
    }

    private FakeConnectors run(String routes, int parallelism, Configuration flink) throws Exception {
        return run(routes, parallelism, generated(), flink);
    }

    private FakeConnectors run(String routes, int parallelism, GeneratedGroups groups, Configuration flink)
            throws Exception {
        flink.setString("restart-strategy.type", "none");
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(flink);
        env.setParallelism(parallelism);
        FakeConnectors connectors = new FakeConnectors(groups);
        new DistributionTopology(config(routes), connectors).addTo(env);
        env.execute(config(routes).execution().name().orElse("test"));
        return connectors;
    }

    /** Groups of each topic on each shard; the index counts through all. */
    private static GeneratedGroups generated() {
        return new GeneratedGroups(GROUPS, number -> logGroup()
                .topic(TOPICS[(int) number % TOPICS.length])
                .shard((int) number / TOPICS.length % SHARDS)
                .index((int) number)
                .build());
    }

    private static List<Integer> indexesOf(int topic) {
        return IntStream.range(0, GROUPS)
                .filter(number -> number % TOPICS.length == topic)
                .boxed()
                .toList();
    }

    private static List<Integer> indexes(FakeConnectors connectors, String target) {
        return connectors.arrivals(target).stream().map(Arrival::index).sorted().toList();
    }

    private JobConfig config(String rest) throws Exception {
        Path file = Files.writeString(folder.resolve("dispatch.yaml"), SOURCE_AND_TARGETS + rest);
        return ConfigReader.readFile(file, Map.of(), Instant.EPOCH);
    }
}
