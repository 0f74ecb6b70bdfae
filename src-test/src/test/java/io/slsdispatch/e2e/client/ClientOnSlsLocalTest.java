package io.slsdispatch.e2e.client;

import static io.slsdispatch.e2e.client.Clients.await;
import static io.slsdispatch.testing.LogGroupBuilder.logGroup;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slsdispatch.connector.client.CursorOrigin;
import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.PullRequest;
import io.slsdispatch.connector.client.PutRequest;
import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.config.ConnectionConfig.ProjectIn;
import io.slsdispatch.connector.config.Signature;
import io.slsdispatch.connector.model.KeyRange;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.LogstoreSettings;
import io.slsdispatch.connector.model.PulledBatch;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.model.Shard;
import io.slsdispatch.connector.wire.LogGroupListWalker;
import io.slsdispatch.local.SlsLocal;
import io.slsdispatch.local.SlsLocalOptions;
import io.slsdispatch.local.fault.Effect;
import io.slsdispatch.local.fault.Fault;
import io.slsdispatch.local.ledger.GroupDigest;
import io.slsdispatch.local.ledger.LedgerEntry;
import io.slsdispatch.local.signature.Credential;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every operation, and every kind of error that a server can be brought to give, over HTTP. */
@Timeout(120)
class ClientOnSlsLocalTest {

    private static final LogstoreId STORE = Clients.LOGSTORE;
    private static final LogstoreId MISSING = new LogstoreId("project", "missing");
    private static final LogstoreId ELSEWHERE = new LogstoreId("elsewhere", "store");

    @TempDir
    private Path directory;

    private SlsLocal sls;

    @BeforeEach
    void startSlsLocal() throws Exception {
        sls = SlsLocal.start(SlsLocalOptions.builder()
                .credential(new Credential(Clients.ACCESS_KEY_ID, Clients.ACCESS_KEY_SECRET))
                .logstore(STORE.project(), STORE.logstore(), 2)
                .build());
    }

    @AfterEach
    void stopSlsLocal() {
        sls.close();
    }

    static Stream<Signature> signatures() {
        return Stream.of(new Signature.V1(), new Signature.V4("cn-hangzhou"));
    }

    @ParameterizedTest
    @MethodSource("signatures")
    void aPutArrivesByteForByte(Signature signature) throws Exception {
        byte[] group = group("topic", 1);
        try (SlsClient client = client(signature)) {
            Clients.get(client.put(Clients.put(group)));
        }

        assertThat(digests()).containsExactly(GroupDigest.of(group));
    }

    @ParameterizedTest
    @MethodSource("signatures")
    void logstoresAreCreatedListedReadAndDeleted(Signature signature) throws Exception {
        LogstoreSettings settings = new LogstoreSettings(3, 30, true, 64);
        LogstoreSettings plain = new LogstoreSettings(1, 3650, false, 0);
        LogstoreId splitting = new LogstoreId(STORE.project(), "app-a");
        LogstoreId fixed = new LogstoreId(STORE.project(), "app-b");
        try (SlsClient client = client(signature)) {
            client.createLogstore(splitting, settings);
            client.createLogstore(fixed, plain);

            assertThat(client.logstoreSettings(splitting)).isEqualTo(settings);
            assertThat(client.logstoreSettings(fixed).autoSplit()).isFalse();
            assertThat(client.logstoreSettings(fixed).ttlDays()).isEqualTo(3650);
            assertThat(client.listShards(splitting)).hasSize(3);
            assertThat(client.listLogstores(STORE.project(), 0, 500))
                    .isEqualTo(new SlsClient.LogstorePage(3, List.of("app-a", "app-b", STORE.logstore())));
            assertThat(client.listLogstores(STORE.project(), 2, 1).names()).containsExactly(STORE.logstore());
            assertFails(ErrorKind.ALREADY_EXISTS, () -> {
                client.createLogstore(splitting, plain);
                return null;
            });
            assertThat(client.logstoreSettings(splitting)).isEqualTo(settings);
            client.deleteLogstore(splitting);
            assertFails(ErrorKind.NOT_FOUND, () -> client.logstoreSettings(splitting));
            assertFails(ErrorKind.NOT_FOUND, () -> {
                client.createLogstore(ELSEWHERE, plain);
                return null;
            });
            assertFails(ErrorKind.NOT_FOUND, () -> client.listLogstores(ELSEWHERE.project(), 0, 500));
        }
    }

    @ParameterizedTest
    @MethodSource("signatures")
    void everyKindOfRequestFindsItsProjectInAHeader(Signature signature) throws Exception {
        byte[] group = group("topic", 1);
        try (SlsClient client = Clients.create(Clients.connection(sls.endpoint(), directory)
                .signature(signature)
                .projectIn(ProjectIn.HEADER)
                .build())) {
            Clients.get(client.put(Clients.put(group)));
            client.checkLogstore(STORE);
            assertThat(client.listShards(STORE)).hasSize(2);
            client.createConsumerGroup(STORE, "group");
            assertThat(client.consumerGroups(STORE)).containsExactly("group");
            String begin = client.cursor(STORE, 0, new CursorOrigin.Begin());
            Clients.get(client.pull(new PullRequest(STORE, 0, begin, 10, null)));
            assertFails(ErrorKind.NOT_FOUND, () -> {
                client.checkLogstore(ELSEWHERE);
                return null;
            });
        }

        assertThat(digests()).containsExactly(GroupDigest.of(group));
    }

    @ParameterizedTest
    @MethodSource("signatures")
    void aListOfGroupsArrivesGroupByGroupInOrder(Signature signature) throws Exception {
        byte[][] groups = {group("a", 1), group("b", 2), group("", 3)};
        try (SlsClient client = client(signature)) {
            Clients.get(client.put(Clients.put(groups)));
        }

        assertThat(digests())
                .containsExactlyElementsOf(
                        Arrays.stream(groups).map(GroupDigest::of).toList());
        assertThat(ledger().stream().map(LedgerEntry::shard).distinct()).hasSize(1);
    }

    @Test
    void aSliceOfALargerArrayArrivesAlone() throws Exception {
        byte[] group = group("topic", 1);
        byte[] array = new byte[group.length + 20];
        System.arraycopy(group, 0, array, 7, group.length);
        RawLogGroup slice = new RawLogGroup(array, 7, group.length, "topic", 0, "cursor", 0);
        try (SlsClient client = client()) {
            Clients.get(client.put(new PutRequest(STORE, List.of(slice), null)));
            Clients.get(client.put(new PutRequest(STORE, List.of(slice, slice), null)));
        }

        assertThat(digests()).hasSize(3).containsOnly(GroupDigest.of(group));
    }

    @Test
    void aHashKeyChoosesTheShard() throws Exception {
        try (SlsClient client = client()) {
            for (Shard shard : client.listShards(STORE)) {
                Clients.get(client.put(new PutRequest(
                        STORE,
                        List.of(Clients.group(group("t", shard.id()))),
                        shard.range().beginHex())));
            }
        }

        assertThat(ledger().stream().map(LedgerEntry::shard)).containsExactly(0, 1);
    }

    @ParameterizedTest
    @MethodSource("signatures")
    void aPullBringsTheBytesThatWereWritten(Signature signature) throws Exception {
        List<byte[]> groups = List.of(group("a", 1), group("b", 2), group("c", 3));
        groups.forEach(group -> sls.put(STORE.project(), STORE.logstore(), 0, group));
        try (SlsClient client = client(signature)) {
            String begin = client.cursor(STORE, 0, new CursorOrigin.Begin());
            String end = client.cursor(STORE, 0, new CursorOrigin.End());

            PulledBatch all = Clients.get(client.pull(pull(0, begin, 100, null)));
            assertThat(split(all)).containsExactlyElementsOf(groups);
            assertThat(all.groups()).isEqualTo(3);
            assertThat(all.nextCursor()).isEqualTo(end);
            assertThat(all.endOfShard()).isTrue();
            assertThat(Instant.ofEpochSecond(all.receivedAtSeconds()))
                    .isBetween(Instant.now().minusSeconds(600), Instant.now().plusSeconds(5));

            PulledBatch first = Clients.get(client.pull(pull(0, begin, 1, null)));
            assertThat(split(first)).containsExactly(groups.get(0));
            assertThat(first.endOfShard()).isFalse();
            PulledBatch upTo = Clients.get(client.pull(pull(0, begin, 100, first.nextCursor())));
            assertThat(split(upTo)).containsExactly(groups.get(0));
            PulledBatch none = Clients.get(client.pull(pull(0, end, 100, null)));
            assertThat(none.length()).isZero();
            assertThat(none.nextCursor()).isEqualTo(end);
        }
    }

    @ParameterizedTest
    @MethodSource("signatures")
    void aCursorCanBeAskedForByTime(Signature signature) throws Exception {
        sls.put(STORE.project(), STORE.logstore(), 0, group("a", 1));
        try (SlsClient client = client(signature)) {
            String begin = client.cursor(STORE, 0, new CursorOrigin.Begin());
            String end = client.cursor(STORE, 0, new CursorOrigin.End());
            Instant hourAgo = Instant.now().minus(Duration.ofHours(1));

            assertThat(client.cursor(STORE, 0, new CursorOrigin.At(hourAgo))).isEqualTo(begin);
            assertThat(client.cursor(STORE, 0, new CursorOrigin.At(Instant.now().plus(Duration.ofHours(1)))))
                    .isEqualTo(end);
            assertThat(client.cursorTime(STORE, 0, begin)).isAfter(hourAgo);
        }
    }

    @ParameterizedTest
    @MethodSource("signatures")
    void shardsAreListedWithTheirRangesAndLife(Signature signature) throws Exception {
        try (SlsClient client = client(signature)) {
            assertThat(client.listShards(STORE))
                    .hasSize(2)
                    .allMatch(Shard::writable)
                    .allMatch(shard -> shard.createdAtSeconds() > 0)
                    .extracting(Shard::id)
                    .containsExactlyInAnyOrder(0, 1);
            sls.split(STORE.project(), STORE.logstore(), 0);

            List<Shard> shards = client.listShards(STORE);

            assertThat(shards).hasSize(4);
            assertThat(shards.stream().filter(shard -> !shard.writable()).map(Shard::id))
                    .containsExactly(0);
            assertThat(shards.stream().filter(Shard::writable).map(Shard::range))
                    .allMatch(range -> KeyRange.RING.contains(range));
        }
    }

    @ParameterizedTest
    @MethodSource("signatures")
    void aConsumerGroupKeepsCursorsWithoutAnyConsumer(Signature signature) throws Exception {
        try (SlsClient client = client(signature)) {
            client.createConsumerGroup(STORE, "dispatch");
            client.createConsumerGroup(STORE, "dispatch");
            assertThat(client.consumerGroupCursors(STORE, "dispatch")).isEmpty();
            String cursor = client.cursor(STORE, 1, new CursorOrigin.Begin());

            client.commitCursor(STORE, "dispatch", 1, cursor);

            assertThat(client.consumerGroupCursors(STORE, "dispatch")).isEqualTo(Map.of(1, cursor));
        }
    }

    @Test
    void aConsumerGroupThatIsMissingIsNotFound() throws Exception {
        try (SlsClient client = client()) {
            assertFails(ErrorKind.NOT_FOUND, () -> client.consumerGroupCursors(STORE, "missing"));
            assertFails(ErrorKind.NOT_FOUND, () -> {
                client.commitCursor(STORE, "missing", 0, client.cursor(STORE, 0, new CursorOrigin.Begin()));
                return null;
            });
        }
    }

    @Test
    void theLimitOfConsumerGroupsIsAQuota() throws Exception {
        try (SlsClient client = client()) {
            for (int i = 0; i < 30; i++) {
                client.createConsumerGroup(STORE, "group-" + i);
            }
            assertFails(ErrorKind.QUOTA_EXCEEDED, () -> {
                client.createConsumerGroup(STORE, "one-too-many");
                return null;
            });
        }
    }

    @Test
    void logstoresAndProjectsThatAreMissingAreNotFound() throws Exception {
        try (SlsClient client = client()) {
            client.checkLogstore(STORE);
            for (LogstoreId missing : List.of(MISSING, ELSEWHERE)) {
                assertFails(ErrorKind.NOT_FOUND, () -> {
                    client.checkLogstore(missing);
                    return null;
                });
                assertFails(ErrorKind.NOT_FOUND, () -> client.listShards(missing));
                assertThat(failureOfPut(client, missing, group("t", 1)).kind()).isEqualTo(ErrorKind.NOT_FOUND);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("signatures")
    void wrongKeysAreRefusedAndRotatedOnesAreUsedWithoutANewClient(Signature signature) throws Exception {
        try (SlsClient client = client(signature)) {
            Clients.get(client.put(Clients.put(group("t", 1))));
            sls.accept(List.of(new Credential("new-id", "new-secret")));
            assertThat(failureOfPut(client, STORE, group("t", 2)).kind()).isEqualTo(ErrorKind.UNAUTHORIZED);
            assertFails(ErrorKind.UNAUTHORIZED, () -> client.listShards(STORE));

            Clients.credentials(directory, "new-id", "new-secret");

            await().ignoreExceptions().untilAsserted(() -> Clients.get(client.put(Clients.put(group("t", 2)))));
        }
        assertThat(digests()).containsExactlyInAnyOrder(GroupDigest.of(group("t", 1)), GroupDigest.of(group("t", 2)));
    }

    @Test
    void aGroupThatIsTooLargeIsRefusedAsThat() throws Exception {
        byte[] large = new byte[10 * 1024 * 1024 + 1];
        try (SlsClient client = client()) {
            SlsException failure = failureOfPut(client, STORE, large);

            assertThat(failure.kind()).isEqualTo(ErrorKind.TOO_LARGE);
            assertThat(failure.errorCode()).isEqualTo("PostBodyTooLarge");
        }
    }

    @Test
    void bytesThatAreNoGroupAreRefusedWithTheWholeList() throws Exception {
        byte[] garbage = {0x0a, 100, 1};
        try (SlsClient client = client()) {
            assertThat(failureOfPut(client, STORE, garbage).kind()).isEqualTo(ErrorKind.INVALID_REQUEST);
            assertThat(failureOfPut(client, STORE, group("t", 1), garbage).kind())
                    .isEqualTo(ErrorKind.INVALID_REQUEST);
        }
        assertThat(ledger()).isEmpty();
    }

    @Test
    void shardsAndCursorsOutsideWhatThereIsAreToldApart() throws Exception {
        for (int i = 0; i < 3; i++) {
            sls.put(STORE.project(), STORE.logstore(), 0, group("t", i));
        }
        try (SlsClient client = client()) {
            String begin = client.cursor(STORE, 0, new CursorOrigin.Begin());
            sls.trim(STORE.project(), STORE.logstore(), 0, 2);

            assertThat(Clients.failureOf(client.pull(pull(0, begin, 1, null))).kind())
                    .isEqualTo(ErrorKind.CURSOR_EXPIRED);
            assertThat(Clients.failureOf(client.pull(pull(99, begin, 1, null))).kind())
                    .isEqualTo(ErrorKind.SHARD_NOT_FOUND);
            assertThat(Clients.failureOf(client.pull(pull(0, "nonsense!", 1, null)))
                            .kind())
                    .isEqualTo(ErrorKind.INVALID_REQUEST);
            assertFails(ErrorKind.SHARD_NOT_FOUND, () -> client.cursor(STORE, 99, new CursorOrigin.Begin()));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "403, ShardWriteQuotaExceed, THROTTLED",
        "503, ServerBusy,            UNAVAILABLE",
        "500, InternalServerError,   UNAVAILABLE",
        "401, SecurityTokenExpired,  UNAUTHORIZED",
        "400, InvalidTimestamp,      INVALID_REQUEST",
        "400, InvalidSequenceId,     SEQUENCE_REPEATED"
    })
    void anErrorOfTheServiceIsToldWithItsCodeAndRequestId(int status, String code, ErrorKind kind) throws Exception {
        sls.faults().add(Fault.always(new Effect.Refuse(status, code, "as asked for", Effect.Moment.BEFORE)));
        try (SlsClient client = client()) {
            SlsException failure = failureOfPut(client, STORE, group("t", 1));

            assertThat(failure.kind()).isEqualTo(kind);
            assertThat(failure.errorCode()).isEqualTo(code);
            assertThat(failure.httpStatus()).isEqualTo(status);
            assertThat(failure.requestId()).isNotEmpty();
            assertThat(failure).hasMessageContaining("as asked for").hasMessageContaining(failure.requestId());
        }
    }

    @Test
    void aPutWhoseAnswerIsLostIsSentOnceAndMayHaveBeenWritten() throws Exception {
        sls.faults().add(Fault.always(new Effect.Reset(Effect.Moment.AFTER)));
        try (SlsClient client = client()) {
            assertThat(failureOfPut(client, STORE, group("t", 1)).kind()).isEqualTo(ErrorKind.UNAVAILABLE);
        }

        assertThat(ledger()).hasSize(1);
    }

    @Test
    void manyPutsAndPullsRunSideBySide() throws Exception {
        try (SlsClient client = client()) {
            List<CompletableFuture<Void>> puts = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                puts.add(client.put(Clients.put(group("t", i))));
            }
            for (CompletableFuture<Void> put : puts) {
                Clients.get(put);
            }
            int pulled = 0;
            for (Shard shard : client.listShards(STORE)) {
                String begin = client.cursor(STORE, shard.id(), new CursorOrigin.Begin());
                pulled += Clients.get(client.pull(pull(shard.id(), begin, 1000, null)))
                        .groups();
            }
            assertThat(pulled).isEqualTo(500);
        }
        assertThat(digests()).hasSize(500).doesNotHaveDuplicates();
    }

    private SlsClient client() {
        return client(new Signature.V1());
    }

    private SlsClient client(Signature signature) {
        return Clients.create(Clients.connection(sls.endpoint(), directory)
                .signature(signature)
                .build());
    }

    private static void assertFails(ErrorKind kind, Callable<?> call) {
        assertThatThrownBy(call::call).isInstanceOfSatisfying(SlsException.class, failure -> assertThat(failure.kind())
                .isEqualTo(kind));
    }

    private static SlsException failureOfPut(SlsClient client, LogstoreId logstore, byte[]... groups) throws Exception {
        List<RawLogGroup> raw = Arrays.stream(groups).map(Clients::group).toList();
        return Clients.failureOf(client.put(new PutRequest(logstore, raw, null)));
    }

    private static PullRequest pull(int shard, String cursor, int groups, String endCursor) {
        return new PullRequest(STORE, shard, cursor, groups, endCursor);
    }

    private List<LedgerEntry> ledger() throws Exception {
        List<LedgerEntry> entries = new ArrayList<>();
        Iterator<LedgerEntry> ledger =
                sls.ledger(STORE.project(), STORE.logstore()).entries();
        ledger.forEachRemaining(entries::add);
        return entries;
    }

    private List<GroupDigest> digests() throws Exception {
        return ledger().stream().map(LedgerEntry::digest).toList();
    }

    private static List<byte[]> split(PulledBatch batch) throws Exception {
        List<byte[]> groups = new ArrayList<>();
        LogGroupListWalker walker = new LogGroupListWalker();
        walker.reset(batch.data(), batch.length());
        while (walker.next()) {
            groups.add(Arrays.copyOfRange(batch.data(), walker.offset(), walker.offset() + walker.length()));
        }
        return groups;
    }

    /** A group with one log and a field that no schema knows. */
    private static byte[] group(String topic, int value) {
        return logGroup()
                .field(15, (byte) 9, (byte) 8, (byte) 7)
                .log(1, "key", String.valueOf(value))
                .topic(topic)
                .toBytes();
    }
}
