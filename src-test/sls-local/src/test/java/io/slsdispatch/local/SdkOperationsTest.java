package io.slsdispatch.local;

import static io.slsdispatch.local.Groups.group;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.aliyun.openservices.log.Client;
import com.aliyun.openservices.log.common.Consts;
import com.aliyun.openservices.log.common.ConsumerGroup;
import com.aliyun.openservices.log.common.ConsumerGroupShardCheckPoint;
import com.aliyun.openservices.log.common.FastLogGroup;
import com.aliyun.openservices.log.common.LogGroupData;
import com.aliyun.openservices.log.common.LogStore;
import com.aliyun.openservices.log.common.Project;
import com.aliyun.openservices.log.common.Shard;
import com.aliyun.openservices.log.exception.LogException;
import com.aliyun.openservices.log.request.BatchPutLogsRequest;
import com.aliyun.openservices.log.request.PullLogsRequest;
import com.aliyun.openservices.log.request.PutLogsRequest;
import com.aliyun.openservices.log.response.ConsumerGroupHeartBeatResponse;
import com.aliyun.openservices.log.response.PullLogsResponse;
import io.slsdispatch.local.signature.Credential;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every operation, called by the official Java SDK (aliyun-log 0.6.151), unmodified, under both signature versions. */
class SdkOperationsTest {

    private static final Credential KEY = new Credential("ak", "sk");
    private static final Credential STS = new Credential("sts-ak", "sts-sk", "token");
    private static final String BEGIN_OF_RING = "0".repeat(32);
    private static final String MIDDLE = "8" + "0".repeat(31);

    private static SlsLocal server;

    enum Signing {
        V1,
        V4;

        Client client(Credential credential) {
            return this == V1 ? SdkClients.signingV1(server, credential) : SdkClients.signingV4(server, credential);
        }

        /** A logstore of its own for each case. */
        Case in(String logstore, int shards) {
            String project = "sdk-" + name().toLowerCase(Locale.ROOT);
            server.createLogstore(project, logstore, shards);
            return new Case(client(KEY), project, logstore);
        }
    }

    private record Case(Client client, String project, String logstore) {

        void put(byte[] group) throws LogException {
            client.PutLogs(new PutLogsRequest(project, logstore, "", "", group, null));
        }

        void put(byte[] group, String key) throws LogException {
            client.PutLogs(new PutLogsRequest(project, logstore, "", "", group, key));
        }

        PullLogsResponse pull(int shard, String cursor) throws LogException {
            return client.pullLogs(new PullLogsRequest(project, logstore, shard, 1000, cursor));
        }

        String begin(int shard) throws LogException {
            return client.GetCursor(project, logstore, shard, Consts.CursorMode.BEGIN)
                    .GetCursor();
        }

        String end(int shard) throws LogException {
            return client.GetCursor(project, logstore, shard, Consts.CursorMode.END)
                    .GetCursor();
        }
    }

    @BeforeAll
    static void start() throws IOException {
        server = SlsLocal.start(
                SlsLocalOptions.builder().credential(KEY).credential(STS).build());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @EnumSource
    void makesShowsListsAndDeletesProjects(Signing signing) throws LogException {
        Client client = signing.client(KEY);
        String name = "project-" + signing.name().toLowerCase(Locale.ROOT);
        client.CreateProject(name, "for a test");

        assertThat(client.GetProject(name).GetProjectDescription()).isEqualTo("for a test");
        assertThat(client.ListProject(name, 0, 10).getProjects())
                .extracting(Project::getProjectName)
                .containsExactly(name);
        assertThat(codeOf(() -> client.CreateProject(name, ""))).isEqualTo("ProjectAlreadyExist");

        client.DeleteProject(name);
        assertThat(codeOf(() -> client.GetProject(name))).isEqualTo("ProjectNotExist");
    }

    @ParameterizedTest
    @EnumSource
    void makesShowsListsChangesAndDeletesLogstores(Signing signing) throws LogException {
        Case in = signing.in("other", 1);
        Client client = in.client();
        LogStore wanted = new LogStore("access-log", 7, 4);
        wanted.setAppendMeta(true);
        client.CreateLogStore(in.project(), wanted);

        LogStore made = client.GetLogStore(in.project(), "access-log").GetLogStore();
        assertThat(made.GetTtl()).isEqualTo(7);
        assertThat(made.GetShardCount()).isEqualTo(4);
        assertThat(made.isAppendMeta()).isTrue();
        assertThat(made.GetCreateTime()).isPositive();
        assertThat(client.ListLogStores(in.project(), 0, 100, "access").GetLogStores())
                .containsExactly("access-log");
        assertThat(codeOf(() -> client.CreateLogStore(in.project(), wanted))).isEqualTo("LogStoreAlreadyExist");

        wanted.SetTtl(8);
        client.UpdateLogStore(in.project(), wanted);
        assertThat(client.GetLogStore(in.project(), "access-log").GetLogStore().GetTtl())
                .isEqualTo(8);

        client.DeleteLogStore(in.project(), "access-log");
        assertThat(codeOf(() -> client.GetLogStore(in.project(), "access-log"))).isEqualTo("LogStoreNotExist");
    }

    @ParameterizedTest
    @EnumSource
    void dividesTheRingOverTheShards(Signing signing) throws LogException {
        Case in = signing.in("ring", 2);
        List<Shard> shards = in.client().ListShard(in.project(), in.logstore()).GetShards();
        assertThat(shards).extracting(Shard::getInclusiveBeginKey).containsExactly(BEGIN_OF_RING, MIDDLE);
        assertThat(shards).extracting(Shard::getExclusiveEndKey).containsExactly(MIDDLE, "f".repeat(32));
        assertThat(shards).extracting(Shard::getStatus).containsOnly("readwrite");
    }

    @ParameterizedTest
    @EnumSource
    void splitsAndMergesShards(Signing signing) throws LogException {
        Case in = signing.in("reshard", 1);
        List<Shard> split =
                in.client().SplitShard(in.project(), in.logstore(), 0, MIDDLE).GetShards();
        assertThat(split).extracting(Shard::getShardId).containsExactly(0, 1, 2);
        assertThat(split).extracting(Shard::getStatus).containsExactly("readonly", "readwrite", "readwrite");

        List<Shard> merged =
                in.client().MergeShards(in.project(), in.logstore(), 1).GetShards();
        assertThat(merged).extracting(Shard::getShardId).containsExactly(3, 1, 2);
        assertThat(merged).extracting(Shard::getStatus).containsExactly("readwrite", "readonly", "readonly");
        assertThat(codeOf(() -> in.client().MergeShards(in.project(), in.logstore(), 3)))
                .isEqualTo("ParameterInvalid");
    }

    @ParameterizedTest
    @EnumSource
    void givesBackTheBytesThatWerePut(Signing signing) throws LogException {
        for (Consts.CompressType type : List.of(
                Consts.CompressType.LZ4,
                Consts.CompressType.ZSTD,
                Consts.CompressType.GZIP,
                Consts.CompressType.NONE)) {
            Case in = signing.in("bytes-" + type.name().toLowerCase(Locale.ROOT), 1);
            List<byte[]> groups = IntStream.range(0, 20)
                    .mapToObj(i -> group("topic-" + i, "text " + i))
                    .toList();
            for (byte[] group : groups) {
                PutLogsRequest put = new PutLogsRequest(in.project(), in.logstore(), "", "", group, null);
                put.setCompressType(type);
                in.client().PutLogs(put);
            }
            assertThat(bytes(in.pull(0, in.begin(0)))).as(type.name()).containsExactlyElementsOf(groups);
        }
    }

    @ParameterizedTest
    @EnumSource
    void answersPullsInTheCompressionAskedFor(Signing signing) throws LogException {
        Case in = signing.in("compression", 1);
        byte[] group = group("t", "some text");
        in.put(group);
        for (Consts.CompressType type : List.of(Consts.CompressType.LZ4, Consts.CompressType.ZSTD)) {
            PullLogsRequest pull = new PullLogsRequest(in.project(), in.logstore(), 0, 10, in.begin(0));
            pull.setCompressType(type);
            assertThat(bytes(in.client().pullLogs(pull))).containsExactly(group);
        }
    }

    @ParameterizedTest
    @EnumSource
    void tellsAllThatAReaderMustKnow(Signing signing) throws LogException {
        Case in = signing.in("headers", 1);
        in.put(group("t", "one"));
        in.put(group("t", "two"));
        String begin = in.begin(0);

        PullLogsResponse first = in.client().pullLogs(new PullLogsRequest(in.project(), in.logstore(), 0, 1, begin));
        assertThat(first.getCount()).isEqualTo(1);
        assertThat(first.isEndOfCursor()).isFalse();
        assertThat(first.getCursorTime()).isPositive();
        assertThat(first.getNextCursor()).isNotEqualTo(begin);

        PullLogsResponse rest = in.pull(0, first.getNextCursor());
        assertThat(rest.getCount()).isEqualTo(1);
        assertThat(rest.isEndOfCursor()).isTrue();
        assertThat(rest.getNextCursor()).isEqualTo(in.end(0));

        PullLogsResponse nothing = in.pull(0, rest.getNextCursor());
        assertThat(nothing.getCount()).isZero();
        assertThat(nothing.getRawSize()).isZero();
        assertThat(nothing.getNextCursor()).isEqualTo(rest.getNextCursor());
        assertThat(nothing.isEndOfCursor()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void stopsBeforeTheEndCursor(Signing signing) throws LogException {
        Case in = signing.in("bounded", 1);
        in.put(group("t", "one"));
        String end = in.end(0);
        in.put(group("t", "two"));
        PullLogsRequest pull = new PullLogsRequest(in.project(), in.logstore(), 0, 10, in.begin(0), end);
        PullLogsResponse pulled = in.client().pullLogs(pull);
        assertThat(pulled.getCount()).isEqualTo(1);
        assertThat(pulled.getNextCursor()).isEqualTo(end);
    }

    @ParameterizedTest
    @EnumSource
    void routesAPutByItsKey(Signing signing) throws LogException {
        Case in = signing.in("route", 2);
        in.put(group("t", "left"), BEGIN_OF_RING);
        in.put(group("t", "right"), MIDDLE);
        in.put(group("t", "last key of the ring"), "F".repeat(32));
        assertThat(in.pull(0, in.begin(0)).getCount()).isEqualTo(1);
        assertThat(in.pull(1, in.begin(1)).getCount()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource
    void refusesASequenceIdThatIsNotAboveTheLast(Signing signing) throws LogException {
        Case in = signing.in("sequence", 2);
        putInSequence(in, MIDDLE, "5000000000");
        assertThat(codeOf(() -> putInSequence(in, MIDDLE, "5000000000"))).isEqualTo("InvalidSequenceId");
        assertThat(codeOf(() -> putInSequence(in, MIDDLE, "7"))).isEqualTo("InvalidSequenceId");
        putInSequence(in, BEGIN_OF_RING, "7");
        putInSequence(in, MIDDLE, "18446744073709551615");
        assertThat(in.pull(1, in.begin(1)).getCount()).isEqualTo(2);
    }

    private static void putInSequence(Case in, String key, String id) throws LogException {
        PutLogsRequest put = new PutLogsRequest(in.project(), in.logstore(), "", "", group("t", id), key);
        put.SetParam("seqid", id);
        in.client().PutLogs(put);
    }

    @ParameterizedTest
    @EnumSource
    void takesABatchOfGroups(Signing signing) throws LogException {
        Case in = signing.in("batch", 1);
        List<com.aliyun.openservices.log.common.LogGroup> groups = new ArrayList<>();
        for (String topic : List.of("a", "b", "c")) {
            byte[] bytes = group(topic, "text");
            groups.add(new com.aliyun.openservices.log.common.LogGroup() {
                @Override
                public byte[] serializeToPb() {
                    return bytes;
                }
            });
        }
        in.client().batchPutLogs(new BatchPutLogsRequest(in.project(), in.logstore(), groups, null));
        assertThat(in.pull(0, in.begin(0)).getLogGroups())
                .extracting(group -> group.getFastLogGroup().getTopic())
                .containsExactly("a", "b", "c");
    }

    @ParameterizedTest
    @EnumSource
    void findsCursorsByTimeOfReceipt(Signing signing) throws LogException {
        Case in = signing.in("times", 1);
        in.put(group("t", "old log", 1));
        int received = in.client()
                .GetCursorTime(in.project(), in.logstore(), 0, in.begin(0))
                .GetCursorTime();
        assertThat(cursorAt(in, received)).isEqualTo(in.begin(0));
        assertThat(cursorAt(in, 0)).isEqualTo(in.begin(0));
        assertThat(cursorAt(in, received + 1)).isEqualTo(in.end(0));
        assertThat(in.client()
                        .GetCursorTime(in.project(), in.logstore(), 0, in.end(0))
                        .GetCursorTime())
                .isEqualTo(received);
    }

    private static String cursorAt(Case in, int second) throws LogException {
        return in.client().GetCursor(in.project(), in.logstore(), 0, second).GetCursor();
    }

    @ParameterizedTest
    @EnumSource
    void keepsConsumerGroups(Signing signing) throws LogException {
        Case in = signing.in("groups", 2);
        Client client = in.client();
        client.CreateConsumerGroup(in.project(), in.logstore(), new ConsumerGroup("job", 60, false));
        assertThat(codeOf(() ->
                        client.CreateConsumerGroup(in.project(), in.logstore(), new ConsumerGroup("job", 60, false))))
                .isEqualTo("ConsumerGroupAlreadyExist");
        client.UpdateConsumerGroup(in.project(), in.logstore(), "job", true, 30);
        assertThat(client.ListConsumerGroup(in.project(), in.logstore()).GetConsumerGroups())
                .singleElement()
                .satisfies(group -> {
                    assertThat(group.getConsumerGroupName()).isEqualTo("job");
                    assertThat(group.getTimeout()).isEqualTo(30);
                    assertThat(group.isInOrder()).isTrue();
                });
        client.DeleteConsumerGroup(in.project(), in.logstore(), "job");
        assertThat(client.ListConsumerGroup(in.project(), in.logstore()).GetConsumerGroups())
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void assignsShardsAndKeepsCheckpoints(Signing signing) throws LogException {
        Case in = signing.in("consumers", 2);
        Client client = in.client();
        client.CreateConsumerGroup(in.project(), in.logstore(), new ConsumerGroup("job", 60, false));
        ConsumerGroupHeartBeatResponse beat =
                client.HeartBeat(in.project(), in.logstore(), "job", "me", new ArrayList<>());
        assertThat(beat.getShards()).containsExactly(0, 1);

        assertThat(client.getCheckpoint(in.project(), in.logstore(), "job", 1)
                        .getCheckpoint()
                        .getCheckPoint())
                .isEmpty();
        client.UpdateCheckPoint(in.project(), in.logstore(), "job", "me", 1, in.end(1));
        client.UpdateCheckPoint(in.project(), in.logstore(), "job", 0, in.end(0));
        assertThat(client.GetCheckPoint(in.project(), in.logstore(), "job").getCheckPoints())
                .extracting(ConsumerGroupShardCheckPoint::getCheckPoint)
                .containsExactly(in.end(0), in.end(1));
        assertThat(codeOf(() -> client.UpdateCheckPoint(in.project(), in.logstore(), "job", "somebody", 1, in.end(1))))
                .isEqualTo("ConsumerNotExist");
        assertThat(codeOf(() ->
                        client.HeartBeat(in.project(), in.logstore(), "job", "unknown", new ArrayList<>(List.of(0)))))
                .isEqualTo("NotExistConsumerWithBody");
    }

    @ParameterizedTest
    @EnumSource
    void answersWithTheServicesErrors(Signing signing) throws LogException {
        Case in = signing.in("errors", 1);
        Client client = in.client();
        assertThat(codeOf(() -> client.ListShard("no-such-project", "x-x"))).isEqualTo("ProjectNotExist");
        assertThat(codeOf(() -> client.ListShard(in.project(), "no-such-store")))
                .isEqualTo("LogStoreNotExist");
        assertThat(codeOf(() -> in.pull(7, in.begin(0)))).isEqualTo("ShardNotExist");
        assertThat(codeOf(() -> in.pull(0, "not a cursor"))).isEqualTo("ParameterInvalid");
        assertThat(codeOf(() -> in.pull(0, "MTY="))).isEqualTo("InvalidCursor");
        assertThat(codeOf(() -> in.put(new byte[] {1, 2, 3}))).isEqualTo("PostBodyInvalid");
        assertThat(codeOf(() -> client.getCheckpoint(in.project(), in.logstore(), "no-group", 0)))
                .isEqualTo("ConsumerGroupNotExist");
    }

    @ParameterizedTest
    @EnumSource
    void takesAnEmptyGroup(Signing signing) throws LogException {
        Case in = signing.in("empty", 1);
        in.put(new byte[0]);
        assertThat(in.pull(0, in.begin(0)).getCount()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void acceptsATemporaryKeyOnlyWithItsToken(Signing signing) throws LogException {
        String project = signing.in("token", 1).project();
        assertThat(signing.client(STS).ListShard(project, "token").GetShards()).hasSize(1);
        for (Credential wrong :
                List.of(new Credential("sts-ak", "sts-sk", "other token"), new Credential("sts-ak", "sts-sk"))) {
            assertThat(codeOf(() -> signing.client(wrong).ListShard(project, "token")))
                    .isEqualTo("Unauthorized");
        }
    }

    @ParameterizedTest
    @EnumSource
    void refusesWrongKeys(Signing signing) {
        String project = signing.in("keys", 1).project();
        LogException wrongSecret =
                catchThrowableOfType(LogException.class, () -> signing.client(new Credential("ak", "wrong"))
                        .ListShard(project, "keys"));
        assertThat(wrongSecret.GetErrorCode()).isEqualTo("SignatureNotMatch");
        assertThat(wrongSecret.getHttpCode()).isEqualTo(401);
        assertThat(wrongSecret.GetRequestId()).matches("[0-9A-F]{24}");
        assertThat(codeOf(() -> signing.client(new Credential("nobody", "sk")).ListShard(project, "keys")))
                .isEqualTo("Unauthorized");
        assertThatThrownBy(() -> signing.client(new Credential("ak", "wrong"))
                        .PutLogs(new PutLogsRequest(project, "keys", "", "", group("t", "x"), null)))
                .isInstanceOf(LogException.class);
        assertThat(server.ledger(project, "keys"))
                .satisfies(ledger -> assertThat(ledger.entries()).isExhausted());
    }

    private static List<byte[]> bytes(PullLogsResponse pulled) throws LogException {
        List<byte[]> groups = new ArrayList<>();
        for (LogGroupData group : pulled.getLogGroups()) {
            FastLogGroup fast = group.getFastLogGroup();
            groups.add(Arrays.copyOfRange(fast.getRawBytes(), fast.getBeginOffset(), fast.getEndOffset()));
        }
        return groups;
    }

    private interface SdkCall {
        void run() throws LogException;
    }

    private static String codeOf(SdkCall call) {
        LogException thrown = catchThrowableOfType(LogException.class, call::run);
        return thrown == null ? "no error" : thrown.GetErrorCode();
    }
}
