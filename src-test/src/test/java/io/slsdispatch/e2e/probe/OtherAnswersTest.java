package io.slsdispatch.e2e.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slsdispatch.connector.client.CursorOrigin;
import io.slsdispatch.connector.client.ErrorCodes;
import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.PullRequest;
import io.slsdispatch.connector.client.PutRequest;
import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.client.SlsFutures;
import io.slsdispatch.connector.client.connection.SlsClients;
import io.slsdispatch.connector.config.ConnectionConfig;
import io.slsdispatch.connector.config.CredentialsConfig;
import io.slsdispatch.connector.config.Endpoint;
import io.slsdispatch.connector.config.Signature;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.PulledBatch;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.local.SlsLocal;
import io.slsdispatch.local.SlsLocalOptions;
import io.slsdispatch.local.settings.Assumption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the client of the job makes of answers that it does not assume. */
class OtherAnswersTest {

    private static final LogstoreId LOGSTORE = new LogstoreId("my-project", "all-logs");
    private static final String FAR = "OTIyMzM3MjAzNjg1NDc3NTgwMA==";

    private static SlsLocal sls;

    @TempDir
    private static Path folder;

    @BeforeAll
    static void start() throws Exception {
        sls = SlsLocal.start();
        sls.createLogstore(LOGSTORE.project(), LOGSTORE.logstore(), 1);
        sls.put(LOGSTORE.project(), LOGSTORE.logstore(), 0, ProbeRig.group("t", "one"));
        sls.put(LOGSTORE.project(), LOGSTORE.logstore(), 0, ProbeRig.group("t", "two"));
    }

    @AfterAll
    static void stop() {
        sls.close();
    }

    @BeforeEach
    void answerAsAssumed() {
        sls.answerUnlike(Map.of());
    }

    private static void unlike(Assumption... assumptions) {
        Map<Assumption, String> answers = new EnumMap<>(Assumption.class);
        for (Assumption each : assumptions) {
            answers.put(each, each.otherAnswer());
        }
        sls.answerUnlike(answers);
    }

    private static SlsClient client() throws Exception {
        return client(SlsLocalOptions.DEFAULT_KEY.accessKeySecret(), new Signature.V1());
    }

    private static SlsClient client(String secret, Signature signature) throws Exception {
        Path file = Files.createTempFile(folder, "credentials", "");
        Files.writeString(
                file,
                "access-key-id=" + SlsLocalOptions.DEFAULT_KEY.accessKeyId() + "\naccess-key-secret=" + secret + "\n");
        return new SlsClients(ConnectionConfig.builder(
                                Endpoint.parse(sls.endpoint()), new CredentialsConfig.File(file.toString()))
                        .signature(signature)
                        .build())
                .create();
    }

    private static void assertFails(ErrorKind kind, Assumption assumption, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(SlsException.class, failure -> {
            assertThat(failure.kind()).as(failure.getMessage()).isEqualTo(kind);
            assertThat(assumption.otherAnswer()).startsWith(failure.errorCode());
        });
    }

    @Test
    void anotherCodeHasTheMeaningOfItsStatus() throws Exception {
        unlike(
                Assumption.CODE_MISSING_LOGSTORE,
                Assumption.CODE_MISSING_SHARD,
                Assumption.CODE_MISSING_GROUP,
                Assumption.CODE_MALFORMED_CURSOR,
                Assumption.CODE_CURSOR_BEYOND_END,
                Assumption.CODE_WRONG_SECRET,
                Assumption.CODE_TOO_LARGE,
                Assumption.COMMIT_WITHOUT_CONSUMER);
        try (SlsClient client = client();
                SlsClient wrong = client("wrong", new Signature.V1())) {
            LogstoreId missing = new LogstoreId(LOGSTORE.project(), "missing");
            assertFails(ErrorKind.NOT_FOUND, Assumption.CODE_MISSING_LOGSTORE, () -> client.listShards(missing));
            assertFails(
                    ErrorKind.NOT_FOUND,
                    Assumption.CODE_MISSING_SHARD,
                    () -> client.cursor(LOGSTORE, 99, new CursorOrigin.End()));
            assertFails(
                    ErrorKind.NOT_FOUND,
                    Assumption.CODE_MISSING_GROUP,
                    () -> client.consumerGroupCursors(LOGSTORE, "missing"));
            assertFails(
                    ErrorKind.INVALID_REQUEST, Assumption.CODE_MALFORMED_CURSOR, () -> pull(client, "not-a-cursor"));
            assertFails(ErrorKind.INVALID_REQUEST, Assumption.CODE_CURSOR_BEYOND_END, () -> pull(client, FAR));
            assertFails(ErrorKind.UNAUTHORIZED, Assumption.CODE_WRONG_SECRET, () -> wrong.listShards(LOGSTORE));
            client.createConsumerGroup(LOGSTORE, "commits");
            String begin = client.cursor(LOGSTORE, 0, new CursorOrigin.Begin());
            assertFails(
                    ErrorKind.NOT_FOUND,
                    Assumption.COMMIT_WITHOUT_CONSUMER,
                    () -> client.commitCursor(LOGSTORE, "commits", 0, begin));
        }
        assertThat(ErrorCodes.kind("PutLogs", "InvalidLogSize", 400)).isEqualTo(ErrorKind.TOO_LARGE);
        assertThat(ErrorCodes.isAboutClock("RequestTimeTooSkewed")).isTrue();
    }

    private static PulledBatch pull(SlsClient client, String cursor) throws Exception {
        return SlsFutures.await(client.pull(new PullRequest(LOGSTORE, 0, cursor, 10, null)));
    }

    @Test
    void aPullNeedsNoneOfTheHeadersAboutTimesAndEnds() throws Exception {
        unlike(
                Assumption.HEADER_CURSOR_TIME,
                Assumption.HEADER_READ_LAST_CURSOR,
                Assumption.HEADER_END_OF_CURSOR,
                Assumption.HEADER_TIME);
        try (SlsClient client = client()) {
            PulledBatch pulled = pull(client, client.cursor(LOGSTORE, 0, new CursorOrigin.Begin()));

            assertThat(pulled.groups()).isGreaterThanOrEqualTo(2);
            assertThat(pulled.endOfShard()).isFalse();
            assertThat(pulled.receivedAtSeconds()).isZero();
        }
    }

    @Test
    void aCursorWithoutATimeIsAnErrorWithoutEffectOnPulls() throws Exception {
        unlike(Assumption.CURSOR_TIME_BEGIN, Assumption.CURSOR_TIME_END);
        try (SlsClient client = client()) {
            String begin = client.cursor(LOGSTORE, 0, new CursorOrigin.Begin());
            String end = client.cursor(LOGSTORE, 0, new CursorOrigin.End());

            assertFails(
                    ErrorKind.CURSOR_EXPIRED,
                    Assumption.CURSOR_TIME_BEGIN,
                    () -> client.cursorTime(LOGSTORE, 0, begin));
            assertFails(
                    ErrorKind.CURSOR_EXPIRED, Assumption.CURSOR_TIME_END, () -> client.cursorTime(LOGSTORE, 0, end));
            assertThat(pull(client, begin).groups()).isGreaterThanOrEqualTo(2);
        }
    }

    @Test
    void withVersion4NothingDependsOnTheUnsignedDate() throws Exception {
        unlike(Assumption.UNSIGNED_DATE);
        String secret = SlsLocalOptions.DEFAULT_KEY.accessKeySecret();
        try (SlsClient one = client();
                SlsClient four = client(secret, new Signature.V4("cn-hangzhou"))) {
            assertFails(ErrorKind.UNAUTHORIZED, Assumption.UNSIGNED_DATE, () -> one.listShards(LOGSTORE));
            assertThat(four.listShards(LOGSTORE)).hasSize(1);
        }
    }

    @Test
    void version4IsRefusedAsCredentialsOfTheClient() throws Exception {
        unlike(Assumption.SIGNATURE_V4);
        String secret = SlsLocalOptions.DEFAULT_KEY.accessKeySecret();
        try (SlsClient four = client(secret, new Signature.V4("cn-hangzhou"))) {
            assertFails(ErrorKind.UNAUTHORIZED, Assumption.SIGNATURE_V4, () -> four.listShards(LOGSTORE));
        }
    }

    @Test
    void withoutListsTheOrderDoesNotDependOnThatOfLists() throws Exception {
        unlike(Assumption.BATCH_GROUP_ORDER);
        sls.createLogstore(LOGSTORE.project(), "ordered", 1);
        LogstoreId ordered = new LogstoreId(LOGSTORE.project(), "ordered");
        RawLogGroup one = RawLogGroup.of("t", ProbeRig.group("one", "1"));
        RawLogGroup two = RawLogGroup.of("t", ProbeRig.group("two", "2"));
        try (SlsClient client = client()) {
            SlsFutures.await(client.put(new PutRequest(ordered, List.of(one), null)));
            SlsFutures.await(client.put(new PutRequest(ordered, List.of(two), null)));
            SlsFutures.await(client.put(new PutRequest(ordered, List.of(one, two), null)));
        }
        List<String> topics = new ArrayList<>();
        sls.ledger(LOGSTORE.project(), "ordered").entries().forEachRemaining(entry -> topics.add(entry.topic()));
        assertThat(topics).containsExactly("one", "two", "two", "one");
    }

    @Test
    void aCommitIsForcedWhetherThatIsNeededOrNot() throws Exception {
        try (SlsClient client = client()) {
            client.createConsumerGroup(LOGSTORE, "forced");
            for (boolean needed : new boolean[] {true, false}) {
                if (!needed) {
                    unlike(Assumption.FORCE_SUCCESS);
                }
                String end = client.cursor(LOGSTORE, 0, new CursorOrigin.End());
                client.commitCursor(LOGSTORE, "forced", 0, end);
                assertThat(client.consumerGroupCursors(LOGSTORE, "forced")).containsEntry(0, end);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"ConsumerGroupQuotaExceed 403", "QuotaExceed 403", "ExceedQuota 400", "GroupsQuotaExceeded 400"})
    void theLimitOfConsumerGroupsIsAQuotaHoweverItIsSpelled(String answer) throws Exception {
        sls.answerUnlike(Map.of(Assumption.CODE_GROUP_QUOTA, answer));
        String logstore = "full-" + Math.floorMod(answer.hashCode(), 100_000);
        sls.createLogstore(LOGSTORE.project(), logstore, 1);
        LogstoreId full = new LogstoreId(LOGSTORE.project(), logstore);
        try (SlsClient client = client()) {
            assertThatThrownBy(() -> {
                        for (int number = 0; number < 40; number++) {
                            client.createConsumerGroup(full, "group-" + number);
                        }
                    })
                    .isInstanceOfSatisfying(SlsException.class, failure -> assertThat(failure.kind())
                            .isEqualTo(ErrorKind.QUOTA_EXCEEDED));
        }
    }
}
