package io.slsdispatch.local;

import static io.slsdispatch.local.Groups.group;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.slsdispatch.local.fault.Effect;
import io.slsdispatch.local.fault.Effect.Moment;
import io.slsdispatch.local.fault.Fault;
import io.slsdispatch.local.fault.Faults;
import io.slsdispatch.local.service.RequestLog;
import io.slsdispatch.local.store.shard.HashKey;
import io.slsdispatch.local.store.shard.ShardInfo;
import io.slsdispatch.local.wire.Cursors;
import io.slsdispatch.local.wire.Operation;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What each fault does to a call, seen on the wire and in the ledger. */
class FaultEffectsTest {

    private static final Duration GENEROUS = Duration.ofMinutes(1);
    private static final String PROJECT = "fault-project";
    private static final String STORE = "store";
    private static final String LB = "/logstores/store/shards/lb";
    private static final byte[] GROUP = group("t", "some text that is long enough to be cut in half");

    private static SlsLocal server;
    private static Wire wire;

    @BeforeAll
    static void start() throws IOException {
        server = SlsLocal.start(SlsLocalOptions.builder()
                .verifySignatures(false)
                .recordRequests(1000)
                .threads(1)
                .build());
        wire = new Wire(server, PROJECT);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void makeLogstore() {
        server.createLogstore(PROJECT, STORE, 2);
    }

    @AfterEach
    void clear() throws IOException {
        assertThat(wire.post("/_local/reset", "").status()).isEqualTo(200);
    }

    private static long add(Fault fault) {
        return server.faults().add(fault);
    }

    private static Wire.Answer pull(int shard) throws IOException {
        return pull(shard, begin(shard));
    }

    private static Wire.Answer pull(int shard, String cursor) throws IOException {
        return wire.send(
                "GET",
                "/logstores/store/shards/" + shard + "?type=log&count=1000&cursor=" + cursor,
                Map.of("Accept-Encoding", "lz4"),
                new byte[0]);
    }

    private static String begin(int shard) {
        ShardInfo info =
                shards().stream().filter(one -> one.id() == shard).findFirst().orElseThrow();
        return Cursors.encode(info.firstPosition());
    }

    private static List<ShardInfo> shards() {
        return server.shards(PROJECT, STORE);
    }

    private static int written() throws IOException {
        int[] count = {0};
        server.ledger(PROJECT, STORE).entries().forEachRemaining(entry -> count[0]++);
        return count[0];
    }

    private static List<String> results() {
        return server.requests().entries().stream()
                .map(RequestLog.Entry::result)
                .toList();
    }

    private static long struck(long id) {
        return server.faults().list().stream()
                .filter(view -> view.id() == id)
                .mapToLong(Faults.View::struck)
                .sum();
    }

    private static Socket beginPut() throws IOException {
        return wire.open(
                "POST",
                LB,
                Map.of("Content-Type", "application/x-protobuf", "x-log-bodyrawsize", "" + GROUP.length),
                GROUP);
    }

    private static void assertSilent(Socket socket) throws IOException {
        socket.setSoTimeout(100);
        assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
    }

    @ParameterizedTest
    @EnumSource
    void aDelayedPutIsWrittenBeforeOrAfterTheDelay(Moment moment) throws IOException {
        long id = add(Fault.always(new Effect.Delay(Duration.ofHours(1), Duration.ZERO, moment)));
        try (Socket socket = beginPut()) {
            await().atMost(GENEROUS).until(() -> struck(id) == 1);
            await().atMost(GENEROUS).until(() -> written() == (moment == Moment.AFTER ? 1 : 0));
            assertSilent(socket);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aDelayedCallIsAnsweredInTheEnd(Moment moment) throws IOException {
        add(Fault.always(new Effect.Delay(Duration.ofMillis(20), Duration.ofMillis(20), moment)));
        assertThat(wire.putLogs(LB, GROUP).status()).isEqualTo(200);
        assertThat(written()).isEqualTo(1);
    }

    @Test
    void aSlowBodyComesWholeInTheEndOrNotYet() throws IOException {
        wire.putLogs("/logstores/store/shards/route?key=" + HashKey.FIRST, GROUP);
        Wire.Answer right = pull(0);
        long id = add(Fault.always(new Effect.Bandwidth(2000)).on(Operation.PULL_LOGS));
        assertThat(pull(0).body()).isEqualTo(right.body());
        server.faults().remove(id);
        add(Fault.always(new Effect.Bandwidth(1)).on(Operation.PULL_LOGS));
        try (Socket socket = wire.open(
                "GET", "/logstores/store/shards/0?type=log&count=1&cursor=" + begin(0), Map.of(), new byte[0])) {
            assertThat(socket.getInputStream().readNBytes(12)).asString().isEqualTo("HTTP/1.1 200");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aCallThatHangsTookEffectOrNotAndHasNoAnswer(Moment moment) throws IOException {
        add(Fault.always(new Effect.Hang(moment)).on(Operation.PUT_LOGS).times(1));
        try (Socket socket = beginPut()) {
            await().atMost(GENEROUS).until(() -> results().contains("Hang"));
            assertThat(written()).isEqualTo(moment == Moment.AFTER ? 1 : 0);
            assertSilent(socket);
            assertThat(wire.putLogs(LB, GROUP).status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anErrorHasItsCodeAndStatusAndTheCallTookEffectOrNot(Moment moment) throws IOException {
        add(Fault.always(new Effect.Refuse(507, "AnyCode", "any text", moment)));
        Wire.Answer answer = wire.putLogs(LB, GROUP);
        assertThat(answer.result()).isEqualTo("507 AnyCode");
        assertThat(answer.text()).contains("any text");
        assertThat(answer.header("x-log-requestid")).matches("[0-9A-F]{24}");
        assertThat(written()).isEqualTo(moment == Moment.AFTER ? 1 : 0);
    }

    @ParameterizedTest
    @EnumSource
    void aResetCallTookEffectOrNot(Moment moment) throws IOException {
        add(Fault.always(new Effect.Reset(moment)));
        assertThat(wire.putLogs(LB, GROUP).end()).isEqualTo(Wire.End.RESET);
        assertThat(written()).isEqualTo(moment == Moment.AFTER ? 1 : 0);
    }

    @Test
    void aTruncatedBodyEndsEarly() throws IOException {
        byte[] right = wire.get("/logstores/store/shards").body();
        add(Fault.always(new Effect.Truncate(OptionalInt.of(5), false)));
        Wire.Answer answer = wire.get("/logstores/store/shards");
        assertThat(answer.end()).isEqualTo(Wire.End.CLOSED);
        assertThat(answer.header("content-length")).isEqualTo("" + right.length);
        assertThat(answer.body()).isEqualTo(Arrays.copyOf(right, 5));
    }

    @Test
    void aTruncatedBodyMayHaveALengthThatMatches() throws IOException {
        int whole = wire.get("/logstores/store/shards").body().length;
        add(Fault.always(new Effect.Truncate(OptionalInt.empty(), true)));
        Wire.Answer answer = wire.get("/logstores/store/shards");
        assertThat(answer.end()).isEqualTo(Wire.End.WHOLE);
        assertThat(answer.body()).hasSize(whole / 2);
    }

    @Test
    void aCorruptBodyHasEveryBitInverted() throws IOException {
        byte[] right = wire.get("/logstores/store/shards").body();
        add(Fault.always(new Effect.Corrupt()));
        byte[] wrong = wire.get("/logstores/store/shards").body();
        assertThat(wrong).hasSameSizeAs(right);
        assertThat(IntStream.range(0, right.length)).allMatch(i -> (right[i] ^ wrong[i]) == -1);
    }

    @Test
    void headersOfAPullCanBeWrong() throws IOException {
        server.put(PROJECT, STORE, 0, GROUP);
        int size = Integer.parseInt(pull(0).header("x-log-bodyrawsize"));
        add(Fault.always(new Effect.HeaderPlus("x-log-count", 2)));
        add(Fault.always(new Effect.HeaderPlus("x-log-bodyrawsize", -1)));
        add(Fault.always(new Effect.Header("x-log-cursor", "nonsense")));
        add(Fault.always(new Effect.Header("x-log-requestid", null)));
        Wire.Answer answer = pull(0);
        assertThat(answer.header("x-log-count")).isEqualTo("3");
        assertThat(answer.header("x-log-bodyrawsize")).isEqualTo("" + (size - 1));
        assertThat(answer.header("x-log-cursor")).isEqualTo("nonsense");
        assertThat(answer.headers()).doesNotContainKey("x-log-requestid");
    }

    private static Effect.Quota quota(Effect.Limited per, OptionalLong bytes, OptionalLong calls) {
        return new Effect.Quota(per, bytes, calls, Duration.ofDays(10_000));
    }

    @Test
    void aQuotaOfShardsRefusesWhatIsBeyondIt() throws IOException {
        add(Fault.always(quota(Effect.Limited.SHARD, OptionalLong.empty(), OptionalLong.of(1))));
        String first = "/logstores/store/shards/route?key=" + HashKey.FIRST;
        assertThat(wire.putLogs(first, GROUP).status()).isEqualTo(200);
        assertThat(wire.putLogs(first, GROUP).result()).isEqualTo("403 ShardWriteQuotaExceed");
        assertThat(wire.putLogs("/logstores/store/shards/route?key=" + HashKey.LAST, GROUP)
                        .status())
                .isEqualTo(200);
        assertThat(pull(0).status()).isEqualTo(200);
        assertThat(pull(0).result()).isEqualTo("403 ShardReadQuotaExceed");
        assertThat(written()).isEqualTo(2);
    }

    @Test
    void aQuotaOfBytesLetsTheCallThatExceedsItPass() throws IOException {
        add(Fault.always(quota(Effect.Limited.SHARD, OptionalLong.of(1), OptionalLong.empty()))
                .inShard(0));
        server.put(PROJECT, STORE, 0, GROUP);
        assertThat(pull(0).status()).isEqualTo(200);
        assertThat(pull(0).result()).isEqualTo("403 ShardReadQuotaExceed");
        assertThat(pull(1).status()).isEqualTo(200);
    }

    @Test
    void aQuotaOfAProjectHoldsForAllItsLogstores() throws IOException {
        server.createLogstore(PROJECT, "other", 1);
        add(Fault.always(quota(Effect.Limited.PROJECT, OptionalLong.empty(), OptionalLong.of(1))));
        assertThat(wire.putLogs(LB, GROUP).status()).isEqualTo(200);
        assertThat(wire.putLogs("/logstores/other/shards/lb", GROUP).result()).isEqualTo("403 WriteQuotaExceed");
        assertThat(pull(0).status()).isEqualTo(200);
        assertThat(pull(1).result()).isEqualTo("403 ReadQuotaExceed");
    }

    @Test
    void aCursorCanBeExpiredThoughItsDataIsThere() throws IOException {
        server.put(PROJECT, STORE, 0, GROUP);
        add(Fault.always(new Effect.ExpiredCursor(Effect.ExpiredAnswer.ERROR)).times(1));
        assertThat(pull(0).result()).isEqualTo("400 InvalidCursor");
        assertThat(pull(0).header("x-log-count")).isEqualTo("1");
    }

    @Test
    void aTrimmedCursorIsAnsweredInEachOfTheWays() throws IOException {
        for (int i = 0; i < 3; i++) {
            server.put(PROJECT, STORE, 0, group("t", "number " + i));
        }
        String oldest = Cursors.encode(Cursors.decode(begin(0)) + 2);
        assertThat(event("{'effect': 'trim', 'groups': 2, 'shard': 0, %s}")).isEqualTo("200");
        assertThat(pull(0).result()).isEqualTo("400 InvalidCursor");

        long moved = add(Fault.always(new Effect.ExpiredCursor(Effect.ExpiredAnswer.MOVED)));
        Wire.Answer empty = pull(0);
        assertThat(empty.header("x-log-count")).isEqualTo("0");
        assertThat(empty.header("x-log-cursor")).isEqualTo(oldest);
        assertThat(pull(0, oldest).header("x-log-count")).isEqualTo("1");

        server.faults().remove(moved);
        add(Fault.always(new Effect.ExpiredCursor(Effect.ExpiredAnswer.SKIP)));
        assertThat(pull(0).header("x-log-count")).isEqualTo("1");
    }

    @Test
    void aListingOfShardsCanBeStale() throws IOException {
        List<ShardInfo> before = shards();
        String listed = wire.get("/logstores/store/shards").text();
        add(Fault.always(new Effect.ShardList(Effect.Listing.STALE, List.of())));
        server.split(PROJECT, STORE, 0, 4);
        assertThat(wire.get("/logstores/store/shards").text()).isEqualTo(listed);
        assertThat(shards()).hasSize(before.size() + 4);
    }

    @Test
    void aListingOfShardsCanBePartial() throws IOException {
        long id = add(Fault.always(new Effect.ShardList(Effect.Listing.PARTIAL, List.of(0))));
        assertThat(wire.get("/logstores/store/shards").text())
                .contains("\"shardID\":1")
                .doesNotContain("\"shardID\":0");
        server.faults().remove(id);
        add(Fault.always(new Effect.ShardList(Effect.Listing.PARTIAL, List.of())));
        assertThat(wire.get("/logstores/store/shards").text())
                .contains("\"shardID\":0")
                .doesNotContain("\"shardID\":1");
    }

    @Test
    void aListingOfShardsCanBeShuffled() throws IOException {
        server.split(PROJECT, STORE, 0, 30);
        String right = wire.get("/logstores/store/shards").text();
        add(Fault.always(new Effect.ShardList(Effect.Listing.SHUFFLED, List.of())));
        // 32 shards stay in order once in 2 to the 117th.
        String shuffled = wire.get("/logstores/store/shards").text();
        assertThat(shuffled).isNotEqualTo(right);
        assertThat(new TreeSet<>(List.of(shuffled.split("[{}]"))))
                .isEqualTo(new TreeSet<>(List.of(right.split("[{}]"))));
    }

    @Test
    void aListingOfShardsCanFail() throws IOException {
        add(Fault.always(new Effect.Refuse(500, "InternalServerError", "no list", Moment.BEFORE))
                .on(Operation.LIST_SHARDS));
        assertThat(wire.get("/logstores/store/shards").result()).isEqualTo("500 InternalServerError");
        assertThat(wire.putLogs(LB, GROUP).status()).isEqualTo(200);
    }

    @Test
    void aShardIsSplitWhileAPullIsServed() throws IOException {
        add(Fault.of(new Effect.Split(3, Moment.BEFORE), PROJECT, STORE, 0)
                .on(Operation.PULL_LOGS)
                .skipping(1));
        pull(0);
        pull(1);
        assertThat(shards()).hasSize(2);
        pull(0);
        assertThat(shards()).hasSize(5);
        assertThat(shards().get(0).isReadWrite()).isFalse();
        pull(0);
        assertThat(shards()).hasSize(5);
    }

    @Test
    void aGroupComesLateToAShardThatAListingHasJustShownAsReadOnly() throws IOException {
        add(Fault.of(new Effect.Append(GROUP, Moment.AFTER), PROJECT, STORE, 0).on(Operation.LIST_SHARDS));
        server.split(PROJECT, STORE, 0);
        assertThat(written()).isZero();
        assertThat(wire.get("/logstores/store/shards").text()).contains("readonly");
        assertThat(written()).isEqualTo(1);
        assertThat(pull(0).header("x-log-count")).isEqualTo("1");
    }

    private static String event(String json) throws IOException {
        String where = "'project': '" + PROJECT + "', 'logstore': '" + STORE + "'";
        return wire.post("/_local/events", json.formatted(where).replace('\'', '"'))
                .result();
    }

    @Test
    void eventsHappenAtOnce() throws IOException {
        assertThat(event("{'effect': 'split', 'children': 3, 'shard': 1, %s}")).isEqualTo("200");
        assertThat(shards()).hasSize(5);
        assertThat(event("{'effect': 'merge', 'shard': 2, %s}")).isEqualTo("200");
        assertThat(shards()).hasSize(6);
        String group = Base64.getEncoder().encodeToString(GROUP);
        assertThat(event("{'effect': 'append', 'group': '" + group + "', 'shard': 1, %s}"))
                .isEqualTo("200");
        assertThat(written()).isEqualTo(1);
        assertThat(event("{'effect': 'append', 'group': 'AQID', 'shard': 1, %s}"))
                .isEqualTo("400 PostBodyInvalid");
        assertThat(event("{'effect': 'split', 'shard': 1, %s}")).isEqualTo("400 ParameterInvalid");
        assertThat(event("{'effect': 'split', 'shard': 99, %s}")).isEqualTo("400 ShardNotExist");
        assertThat(event("{'effect': 'reset', %s}")).isEqualTo("400 ParameterInvalid");
    }

    @Test
    void aLogstoreIsDeletedWhileAPullIsServed() throws IOException {
        add(Fault.of(new Effect.DeleteLogstore(Moment.BEFORE), PROJECT, STORE).on(Operation.PULL_LOGS));
        String cursor = begin(0);
        assertThat(pull(0, cursor).result()).isEqualTo("404 LogStoreNotExist");
        assertThat(wire.putLogs(LB, GROUP).result()).isEqualTo("404 LogStoreNotExist");
    }

    @Test
    void aLogstoreThatIsMadeAgainIsEmptyAndKnowsNoOldCursor() throws IOException {
        server.put(PROJECT, STORE, 0, GROUP);
        String cursor = begin(0);
        assertThat(event("{'effect': 'recreate-logstore', 'shards': 3, %s}")).isEqualTo("200");
        assertThat(shards()).hasSize(3);
        assertThat(written()).isZero();
        assertThat(pull(0, cursor).result()).isEqualTo("400 InvalidCursor");
        assertThat(event("{'effect': 'delete-logstore', %s}")).isEqualTo("200");
        assertThat(event("{'effect': 'recreate-logstore', %s}")).isEqualTo("404 LogStoreNotExist");
    }

    @Test
    void aFaultStrikesOnlyTheCallsThatItIsAbout() throws IOException {
        server.createLogstore(PROJECT, "other", 1);
        add(Fault.always(new Effect.Refuse(503, "ServerBusy", "busy", Moment.BEFORE))
                .inProject(PROJECT)
                .inLogstore(STORE)
                .inShard(1));
        assertThat(pull(0).status()).isEqualTo(200);
        assertThat(pull(1).status()).isEqualTo(503);
        assertThat(wire.putLogs("/logstores/store/shards/route?key=" + HashKey.FIRST, GROUP)
                        .status())
                .isEqualTo(200);
        assertThat(wire.putLogs("/logstores/store/shards/route?key=" + HashKey.LAST, GROUP)
                        .status())
                .isEqualTo(503);
        assertThat(wire.putLogs("/logstores/other/shards/lb", GROUP).status()).isEqualTo(200);
        assertThat(wire.get("/logstores/store/shards").status()).isEqualTo(200);
    }

    @Test
    void aRevokedKeyIsUnauthorizedAndAnotherIsNot() throws IOException {
        add(Fault.always(new Effect.Revoke(Optional.of("revoked"))));
        Map<String, String> revoked = Map.of("Authorization", "LOG revoked:signature");
        assertThat(wire.send("GET", "/logstores/store/shards", revoked, new byte[0])
                        .result())
                .isEqualTo("401 Unauthorized");
        assertThat(wire.send("GET", "/logstores/store/shards", Map.of("Authorization", "LOG other:x"), new byte[0])
                        .status())
                .isEqualTo(200);
    }
}
