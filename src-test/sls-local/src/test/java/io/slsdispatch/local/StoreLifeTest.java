package io.slsdispatch.local;

import static io.slsdispatch.local.Groups.group;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

import com.aliyun.openservices.log.common.Logs;
import io.slsdispatch.local.ledger.GroupDigest;
import io.slsdispatch.local.ledger.LedgerEntry;
import io.slsdispatch.local.settings.Assumption;
import io.slsdispatch.local.settings.Behaviour;
import io.slsdispatch.local.settings.Quota;
import io.slsdispatch.local.wire.Cursors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stays, what goes, and what is not let in: durability, retention, limits, and the answers to open questions. */
class StoreLifeTest {

    private static final String PROJECT = "life-project";
    private static final String LAST = "/logstores/store/shards/route?key=" + "f".repeat(32);
    private static final Duration GENEROUS = Duration.ofMinutes(2);
    private static final Instant NOW = Instant.parse("2026-11-22T22:00:00Z");

    private static SlsLocalOptions.Builder options() {
        return SlsLocalOptions.builder().threads(1).verifySignatures(false);
    }

    private static Set<GroupDigest> written(SlsLocal server) throws IOException {
        Set<GroupDigest> digests = new HashSet<>();
        server.ledger(PROJECT, "store").entries().forEachRemaining(entry -> digests.add(entry.digest()));
        return digests;
    }

    private static List<LedgerEntry> entries(SlsLocal server) throws IOException {
        List<LedgerEntry> entries = new ArrayList<>();
        server.ledger(PROJECT, "store").entries().forEachRemaining(entries::add);
        return entries;
    }

    private static String begin(SlsLocal server, int shard) {
        return Cursors.encode(server.shards(PROJECT, "store").get(shard).firstPosition());
    }

    private static Wire.Answer pull(SlsLocal server, int shard, String cursor) throws IOException {
        return new Wire(server, PROJECT)
                .get("/logstores/store/shards/" + shard + "?type=log&count=1000&cursor=" + cursor);
    }

    @Test
    void everythingOutlivesARestart(@TempDir Path folder) throws IOException {
        SlsLocalOptions options = options().dataDirectory(folder).build();
        String cursor;
        String shards;
        String groups;
        String project;
        try (SlsLocal server = SlsLocal.start(options)) {
            server.createLogstore(PROJECT, "store", 2);
            Wire wire = new Wire(server, PROJECT);
            assertThat(wire.put("/", "{\"description\": \"changed\", \"recycleBinEnabled\": true}")
                            .status())
                    .isEqualTo(200);
            project = wire.get("/").text();
            assertThat(wire.putLogs(LAST + "&seqid=7", group("t", "one")).status())
                    .isEqualTo(200);
            server.split(PROJECT, "store", 1, 3);
            wire.post("/logstores/store/consumergroups", "{\"consumerGroup\":\"g\",\"timeout\":60,\"order\":true}");
            wire.post(
                    "/logstores/store/consumergroups/g?type=checkpoint&consumer=&forceSuccess=true",
                    "{\"shard\": 1, \"checkpoint\": \"MTY=\"}");
            cursor = begin(server, 1);
            shards = wire.get("/logstores/store/shards").text();
            groups = wire.get("/logstores/store/consumergroups/g").text();
        }
        try (SlsLocal server = SlsLocal.start(options)) {
            Wire wire = new Wire(server, PROJECT);
            assertThat(wire.get("/").text()).isEqualTo(project).contains("\"changed\"", "\"recycleBinEnabled\":true");
            assertThat(wire.get("/logstores/store/shards").text()).isEqualTo(shards);
            assertThat(wire.get("/logstores/store/consumergroups/g").text()).isEqualTo(groups);
            assertThat(pull(server, 1, cursor).header("x-log-count")).isEqualTo("1");
            assertThat(wire.putLogs(LAST + "&seqid=7", group("t", "one")).result())
                    .isEqualTo("400 InvalidSequenceId");
            assertThat(wire.putLogs(LAST + "&seqid=8", group("t", "two")).status())
                    .isEqualTo(200);
            assertThat(written(server)).hasSize(2);
        }
    }

    @Test
    void whatIsMadeOfALargeGroupIsKnownInALaterProcess(@TempDir Path folder) throws Exception {
        SlsLocalOptions options = options().dataDirectory(folder).build();
        Logs.LogGroup.Builder large = Logs.LogGroup.newBuilder().setTopic("t");
        for (int i = 0; i < 3; i++) {
            large.addLogs(Logs.Log.newBuilder()
                    .setTime(i)
                    .addContents(Logs.Log.Content.newBuilder().setKey("k").setValue("v".repeat(4_000_000))));
        }
        List<LedgerEntry> before;
        try (SlsLocal server = SlsLocal.start(options)) {
            server.createLogstore(PROJECT, "store", 1);
            server.put(PROJECT, "store", 0, large.build().toByteArray());
            server.put(PROJECT, "store", 0, group("t", "small"));
            before = entries(server);
        }
        try (SlsLocal server = SlsLocal.start(options)) {
            assertThat(entries(server))
                    .isEqualTo(before)
                    .extracting(entry -> entry.parts().size())
                    .containsExactly(3, 0);
        }
    }

    @Test
    void aDirectoryBelongsToOneProcessOnly(@TempDir Path folder) throws IOException {
        SlsLocalOptions options = options().dataDirectory(folder).build();
        try (SlsLocal first = SlsLocal.start(options)) {
            assertThat(first.projects()).isEmpty();
            assertThatIOException()
                    .isThrownBy(() -> SlsLocal.start(options))
                    .withMessageContaining("in use by another process");
        }
    }

    @Test
    void whatWasAcknowledgedIsThereAfterAKillInTheMiddleOfPuts(@TempDir Path folder) throws Exception {
        Path data = folder.resolve("data");
        Path portFile = folder.resolve("port");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "io.slsdispatch.local.SlsLocalMain",
                        "--skip-signature-check",
                        "--data-dir",
                        data.toString(),
                        "--port-file",
                        portFile.toString(),
                        "--logstore",
                        PROJECT + "/store:2")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("out").toFile())
                .start();
        Set<GroupDigest> acknowledged = ConcurrentHashMap.newKeySet();
        List<Thread> writers = new ArrayList<>();
        try {
            await().atMost(GENEROUS).until(() -> Files.exists(portFile));
            int port = Integer.parseInt(Files.readString(portFile).strip());
            for (int writer = 0; writer < 4; writer++) {
                int number = writer;
                Thread thread = new Thread(() -> writeUntilItDies(port, number, acknowledged));
                writers.add(thread);
                thread.start();
            }
            await().atMost(GENEROUS).until(() -> acknowledged.size() > 200);
        } finally {
            process.destroyForcibly().waitFor();
        }
        for (Thread writer : writers) {
            writer.join();
        }
        try (SlsLocal server = SlsLocal.start(options().dataDirectory(data).build())) {
            assertThat(written(server)).containsAll(acknowledged);
            int readable = Integer.parseInt(pull(server, 0, begin(server, 0)).header("x-log-count"))
                    + Integer.parseInt(pull(server, 1, begin(server, 1)).header("x-log-count"));
            assertThat(readable).isGreaterThanOrEqualTo(Math.min(1000, acknowledged.size()));
        }
    }

    private static void writeUntilItDies(int port, int writer, Set<GroupDigest> acknowledged) {
        Wire wire = new Wire(port, PROJECT);
        try {
            for (int i = 0; i < 1_000_000; i++) {
                byte[] group = group("t", "writer " + writer + " group " + i);
                if (wire.putLogs("/logstores/store/shards/lb", group).status() != 200) {
                    return;
                }
                acknowledged.add(GroupDigest.of(group));
            }
        } catch (IOException killed) {
            // That is what is being tested.
            return;
        }
    }

    @Test
    void dataGoesAfterItsTimeAndReadOnlyShardsWithIt() throws IOException {
        AtomicReference<Instant> now = new AtomicReference<>(NOW);
        InstantSource clock = now::get;
        try (SlsLocal server = SlsLocal.start(options().clock(clock).build())) {
            server.createLogstore(PROJECT, "store", 2, 1);
            server.put(PROJECT, "store", 0, group("t", "old"));
            server.split(PROJECT, "store", 0);
            String old = begin(server, 0);
            now.set(NOW.plus(Duration.ofHours(23)));
            server.put(PROJECT, "store", 1, group("t", "young"));
            String young = begin(server, 1);
            now.set(NOW.plus(Duration.ofHours(25)));
            await().atMost(GENEROUS)
                    .until(() -> server.shards(PROJECT, "store").stream().noneMatch(shard -> shard.id() == 0));
            assertThat(pull(server, 0, old).result()).isEqualTo("400 ShardNotExist");
            assertThat(pull(server, 1, young).header("x-log-count")).isEqualTo("1");
            now.set(NOW.plus(Duration.ofDays(2)));
            await().atMost(GENEROUS).until(() -> pull(server, 1, young).result().equals("400 InvalidCursor"));
            assertThat(written(server)).hasSize(2);
        }
    }

    @Test
    void limitsHoldForASecondAndAShardOrAMinuteAndAProject() throws IOException {
        AtomicReference<Instant> now = new AtomicReference<>(NOW);
        try (SlsLocal server = SlsLocal.start(
                options().clock(now::get).logstore(PROJECT, "store", 2).build())) {
            server.limitTo(Quota.NONE.withShardWrites(Long.MAX_VALUE, 1).withShardReads(1, 100));
            Wire wire = new Wire(server, PROJECT);
            byte[] group = group("t", "x");
            assertThat(wire.putLogs(LAST, group).status()).isEqualTo(200);
            assertThat(wire.putLogs(LAST, group).result()).isEqualTo("403 ShardWriteQuotaExceed");
            assertThat(pull(server, 1, begin(server, 1)).status()).isEqualTo(200);
            assertThat(pull(server, 1, begin(server, 1)).result()).isEqualTo("403 ShardReadQuotaExceed");
            assertThat(pull(server, 0, begin(server, 0)).status()).isEqualTo(200);
            now.set(NOW.plusSeconds(1));
            assertThat(wire.putLogs(LAST, group).status()).isEqualTo(200);
            assertThat(pull(server, 1, begin(server, 1)).status()).isEqualTo(200);

            server.limitTo(Quota.NONE.withProject(group.length, Long.MAX_VALUE, 1));
            assertThat(wire.putLogs(LAST, group).status()).isEqualTo(200);
            assertThat(wire.putLogs(LAST, group).text()).contains("WriteQuotaExceed", "inflow");
            assertThat(pull(server, 1, begin(server, 1)).status()).isEqualTo(200);
            assertThat(pull(server, 1, begin(server, 1)).result()).isEqualTo("403 ReadQuotaExceed");
            now.set(NOW.plusSeconds(61));
            assertThat(wire.putLogs(LAST, group).status()).isEqualTo(200);
        }
    }

    @Test
    void aFullServerRefusesPutsAndDropsNothing() throws IOException {
        byte[] group = group("t", "x");
        try (SlsLocal server = SlsLocal.start(options()
                .maxBytes(2L * group.length)
                .logstore(PROJECT, "store", 1)
                .build())) {
            Wire wire = new Wire(server, PROJECT);
            assertThat(wire.putLogs(LAST, group).status()).isEqualTo(200);
            assertThat(wire.putLogs(LAST, group).status()).isEqualTo(200);
            assertThat(wire.putLogs(LAST, group).result()).isEqualTo("403 WriteQuotaExceed");
            server.trim(PROJECT, "store", 0, 1);
            assertThat(wire.putLogs(LAST, group).status()).isEqualTo(200);
        }
    }

    private static SlsLocal behaving(Behaviour behaviour) throws IOException {
        return SlsLocal.start(
                options().behaviour(behaviour).logstore(PROJECT, "store", 1).build());
    }

    @Test
    void logsOfAnyTimeAreTakenUnlessTimesAreStrict() throws IOException {
        long now = Instant.now().getEpochSecond();
        byte[] old = group("t", "x", (int) (now - Duration.ofDays(7).toSeconds() - 60));
        byte[] ahead = group("t", "x", (int) (now + Duration.ofMinutes(16).toSeconds()));
        byte[] recent = group("t", "x", (int) (now - Duration.ofDays(6).toSeconds()));
        try (SlsLocal lenient = behaving(Behaviour.LENIENT);
                SlsLocal strict = behaving(Behaviour.LENIENT.strictTimestamps(true))) {
            for (byte[] group : List.of(old, ahead, recent)) {
                assertThat(new Wire(lenient, PROJECT).putLogs(LAST, group).status())
                        .isEqualTo(200);
            }
            Wire wire = new Wire(strict, PROJECT);
            assertThat(wire.putLogs(LAST, old).result()).isEqualTo("400 InvalidTimestamp");
            assertThat(wire.putLogs(LAST, ahead).result()).isEqualTo("400 InvalidTimestamp");
            assertThat(wire.putLogs(LAST, recent).status()).isEqualTo(200);
        }
    }

    @Test
    void anyBytesAreTextUnlessTextIsStrict() throws IOException {
        // A log of time 1 with key and value of one byte each, which is given.
        byte[] good = {0x0a, 0x0a, 0x08, 1, 0x12, 6, 0x0a, 1, 'k', 0x12, 1, 'v'};
        byte[] notUtf8 = good.clone();
        notUtf8[11] = (byte) 0xff;
        byte[] emptyKey = {0x0a, 0x09, 0x08, 1, 0x12, 5, 0x0a, 0, 0x12, 1, 'v'};
        byte[] noContents = {0x0a, 0x02, 0x08, 1};
        try (SlsLocal lenient = behaving(Behaviour.LENIENT);
                SlsLocal strict = behaving(Behaviour.LENIENT.strictText(true))) {
            for (byte[] group : Arrays.asList(good, notUtf8, emptyKey, noContents)) {
                assertThat(new Wire(lenient, PROJECT).putLogs(LAST, group).status())
                        .isEqualTo(200);
            }
            Wire wire = new Wire(strict, PROJECT);
            assertThat(wire.putLogs(LAST, good).status()).isEqualTo(200);
            assertThat(wire.putLogs(LAST, notUtf8).result()).isEqualTo("400 InvalidEncoding");
            assertThat(wire.putLogs(LAST, emptyKey).result()).isEqualTo("400 InvalidKey");
            assertThat(wire.putLogs(LAST, noContents).result()).isEqualTo("400 PostBodyInvalid");
        }
    }

    @Test
    void anExpiredCursorIsAnErrorUnlessItIsSkipped() throws IOException {
        try (SlsLocal lenient = behaving(Behaviour.LENIENT);
                SlsLocal skipping = behaving(Behaviour.LENIENT.skipExpiredCursors(true))) {
            for (SlsLocal server : List.of(lenient, skipping)) {
                server.put(PROJECT, "store", 0, group("t", "one"));
                server.put(PROJECT, "store", 0, group("t", "two"));
                server.trim(PROJECT, "store", 0, 1);
            }
            assertThat(pull(lenient, 0, begin(lenient, 0)).result()).isEqualTo("400 InvalidCursor");
            assertThat(pull(skipping, 0, begin(skipping, 0)).header("x-log-count"))
                    .isEqualTo("1");
            lenient.answerUnlike(Map.of(Assumption.EXPIRED_CURSORS, "a skip"));
            assertThat(pull(lenient, 0, begin(lenient, 0)).header("x-log-count"))
                    .isEqualTo("1");
        }
    }

    @Test
    void aSequenceIdGoesWithABatchOnlyIfSwitchedOn() throws IOException {
        byte[] group = group("t", "x");
        byte[] list = new byte[group.length + 8];
        System.arraycopy(new byte[] {0x0a, (byte) (group.length + 6), 0x0a, (byte) group.length}, 0, list, 0, 4);
        System.arraycopy(group, 0, list, 4, group.length);
        System.arraycopy(new byte[] {0x10, (byte) group.length, 0x18, 0}, 0, list, 4 + group.length, 4);
        try (SlsLocal lenient = behaving(Behaviour.LENIENT);
                SlsLocal batching = behaving(Behaviour.LENIENT.sequenceWithBatch(true))) {
            assertThat(putBatch(lenient, list)).isEqualTo("400 ParameterInvalid");
            assertThat(putBatch(batching, list)).isEqualTo("200");
            assertThat(putBatch(batching, list)).isEqualTo("400 InvalidSequenceId");
        }
    }

    private static String putBatch(SlsLocal server, byte[] list) throws IOException {
        Map<String, String> headers = Map.of(
                "Content-Type",
                "application/x-protobuf",
                "x-log-bodyrawsize",
                "" + list.length,
                "x-log-mode",
                "batch_group");
        return new Wire(server, PROJECT)
                .send("POST", LAST + "&seqid=1", headers, list)
                .result();
    }

    @Test
    void aSplitKeepsSequenceIdsUnlessItForgetsThem() throws IOException {
        try (SlsLocal keeping = behaving(Behaviour.LENIENT);
                SlsLocal forgetting = behaving(Behaviour.LENIENT.forgetSequencesOnReshard(true))) {
            for (SlsLocal server : List.of(keeping, forgetting)) {
                new Wire(server, PROJECT).putLogs(LAST + "&seqid=5", group("t", "x"));
                server.split(PROJECT, "store", 0);
            }
            assertThat(new Wire(keeping, PROJECT)
                            .putLogs(LAST + "&seqid=5", group("t", "x"))
                            .result())
                    .isEqualTo("400 InvalidSequenceId");
            assertThat(new Wire(forgetting, PROJECT)
                            .putLogs(LAST + "&seqid=5", group("t", "x"))
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void theLedgerTellsEveryGroupInItsOrder() throws IOException {
        try (SlsLocal server = behaving(Behaviour.LENIENT)) {
            for (String text : List.of("a", "b", "c")) {
                server.put(PROJECT, "store", 0, group("topic-" + text, text));
            }
            List<LedgerEntry> entries = new ArrayList<>();
            server.ledger(PROJECT, "store").entries().forEachRemaining(entries::add);
            assertThat(entries).extracting(LedgerEntry::topic).containsExactly("topic-a", "topic-b", "topic-c");
            assertThat(new Wire(server, PROJECT).get("/_local/stats").text()).contains("\"groups\":3");
        }
    }
}
