package io.slsdispatch.e2e.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.e2e.dispatch.OnMiniCluster.WithLogstores;
import io.slsdispatch.local.RemoteSlsLocal;
import io.slsdispatch.local.fault.Effect;
import io.slsdispatch.local.fault.Effect.Moment;
import io.slsdispatch.local.fault.Fault;
import io.slsdispatch.local.ledger.Reconciler;
import io.slsdispatch.local.ledger.Reconciliation;
import io.slsdispatch.local.settings.Assumption;
import io.slsdispatch.local.wire.Operation;
import java.net.URI;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is pulled and written with LZ4 and zstd, in every pair, by the whole job: each byte arrives once. */
@OnMiniCluster
class CompressionE2eTest {

    private static final LogstoreId DEAD_LETTERS = new LogstoreId(Rig.PROJECT, "dead-letters");
    private static final Set<String> BOTH = Set.of("lists", "single");
    private static final String ROUTES = """
            routes:
              - {topic: both, to: [lists, single]}
              - {topic: {prefix: l}, to: lists}
              - {topic: {prefix: s}, source: {prefix: ''}, to: single}
            default-route: lists
            """;

    @WithLogstores(
            sourceShards = 2,
            targets = {"lists", "single"})
    private Rig rig;

    @ParameterizedTest
    @CsvSource({"lz4,  zstd, zstd", "zstd, zstd, zstd", "zstd, lz4,  lz4", "lz4,  lz4,  zstd", "zstd, zstd, lz4"})
    void everyPairOfCompressionsDeliversEachByteOnce(String pulled, String lists, String single) throws Exception {
        Random random = new Random(7);
        for (int i = 0; i < 150; i++) {
            rig.write(i % 2, TestGroups.accessLogs(i % 3 == 0 ? "both" : i % 3 == 1 ? "l" + i : "s" + i, 20, random));
        }
        for (int i = 0; i < 6; i++) {
            rig.write(i % 2, TestGroups.accessLogs("both", 1500 + 100 * i, random));
        }
        for (byte[] odd : TestGroups.oddOnes("s-odd", "text")) {
            rig.write(0, odd);
        }
        rig.settings("lists", "compression: " + lists);
        rig.settings("single", "batching: false, compression: " + single);

        RunningJob.run(rig.config("stop: now\ncompression: " + pulled, ROUTES), 2);

        Rig.assertExact(rig.reconcile(topic -> switch (topic.isEmpty() ? "" : topic.substring(0, 1)) {
            case "b" -> BOTH;
            case "s" -> Set.of("single");
            default -> Set.of("lists");
        }));
        assertThat(ratio("all-logs", "pulled")).isEqualTo(pulled.equals("zstd") ? "zstd" : "lz4");
        assertThat(ratio("lists", "put")).isEqualTo(lists.equals("zstd") ? "zstd" : "lz4");
        assertThat(ratio("single", "put")).isEqualTo(single.equals("zstd") ? "zstd" : "lz4");
    }

    /** A group that no target takes whole is cut; one that it never takes is a dead letter, whose request is zstd. */
    @ParameterizedTest
    @CsvSource({"lz4, zstd", "zstd, zstd", "zstd, lz4"})
    void groupsThatAreSplitOrDeadLetteredKeepEachByte(String pulled, String target) throws Exception {
        rig.sls().createLogstore(Rig.PROJECT, DEAD_LETTERS.logstore(), 1);
        Random random = new Random(8);
        byte[] large = TestGroups.accessLogs("both", 3000, random);
        rig.write(0, large);
        for (int i = 0; i < 10; i++) {
            rig.write(i % 2, TestGroups.accessLogs(i % 2 == 0 ? "l" : "s", 20, random));
        }
        rig.sls()
                .faults()
                .add(Fault.always(new Effect.Refuse(413, "PostBodyTooLarge", "too much", Moment.BEFORE))
                        .on(Operation.PUT_LOGS)
                        .inLogstore("single")
                        .forTopic("both")
                        .times(2));
        rig.sls()
                .faults()
                .add(Fault.always(new Effect.Refuse(400, "InvalidTimestamp", "too old", Moment.BEFORE))
                        .on(Operation.PUT_LOGS)
                        .inLogstore("lists")
                        .forTopic("both"));
        String settings = "on-reject: dead-letter, dead-letter: {logstore: dead-letters}, compression: " + target;
        rig.settings("lists", settings);
        rig.settings("single", settings);

        RunningJob.run(rig.config("stop: now\ncompression: " + pulled, ROUTES), 2);

        RemoteSlsLocal service = new RemoteSlsLocal(URI.create(rig.sls().endpoint()));
        try (SlsClient client = rig.client()) {
            Reconciliation found = Reconciler.of(
                            service.ledger(Rig.PROJECT, Rig.SOURCE.logstore()),
                            topic -> topic.equals("both") ? BOTH : Set.of(topic.equals("l") ? "lists" : "single"))
                    .target("lists", service.ledger(Rig.PROJECT, "lists"))
                    .target("single", service.ledger(Rig.PROJECT, "single"))
                    .deadLetters(new LetterBox(client, DEAD_LETTERS).of("lists"), "lists")
                    .compare();
            Rig.assertExact(found);
            assertThat(found.deadLettered()).isEqualTo(1);
            assertThat(found.targets().get(1).arrived())
                    .as("with the parts of one")
                    .isGreaterThan(6);
        }
    }

    /** A service, or a gateway before it, that does not support zstd: nothing is lost or rejected, and the log says so once. */
    @ParameterizedTest
    @ValueSource(strings = {"InvalidCompressType 400", "SomethingNew 415"})
    void aServiceWithoutZstdGetsAndSendsLz4(String refusal) throws Exception {
        rig.sls().answerUnlike(Map.of(Assumption.PUT_ZSTD, refusal, Assumption.PULL_ZSTD, "lz4"));
        Random random = new Random(9);
        // Several requests, each of about a megabyte at most.
        for (int i = 0; i < 160; i++) {
            rig.write(i % 2, TestGroups.accessLogs("both", 400, random));
        }
        rig.settings("lists", "compression: zstd, ordered: true");
        rig.settings("single", "compression: zstd, batching: false, on-reject: drop");

        try (LogCapture log = LogCapture.begin()) {
            RunningJob.run(rig.config("stop: now\ncompression: zstd", ROUTES), 1);

            assertThat(log.lines())
                    .as("of the target whose groups are sent one by one")
                    .filteredOn(line -> line.contains("Target 'single'") && line.contains("does not accept zstd"))
                    .hasSize(1);
        }
        Rig.assertExact(rig.reconcile(topic -> BOTH));
        assertThat(ratio("all-logs", "pulled")).isEqualTo("lz4");
        assertThat(ratio("lists", "put")).isEqualTo("lz4");
        assertThat(ratio("single", "put")).isEqualTo("lz4");
    }

    /** How the bytes of a logstore were compressed: access logs take less than a third with zstd, and more with LZ4. */
    private String ratio(String logstore, String way) throws Exception {
        JsonNode stats = new RemoteSlsLocal(URI.create(rig.sls().endpoint())).stats();
        double raw = 0;
        double wire = 0;
        for (JsonNode each : stats.path("logstores")) {
            if (each.path("logstore").asText().equals(logstore)) {
                for (JsonNode shard : each.path("shards")) {
                    raw += shard.path(way + "Bytes").asLong();
                    wire += shard.path(way + "WireBytes").asLong();
                }
            }
        }
        return raw / wire > 3.6 ? "zstd" : "lz4";
    }
}
