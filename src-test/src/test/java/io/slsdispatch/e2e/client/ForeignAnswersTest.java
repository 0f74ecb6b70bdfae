package io.slsdispatch.e2e.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slsdispatch.connector.client.CursorOrigin;
import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.model.Shard;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Answers that somebody else gave, or that lack what the service gives: no call takes them for a fact. */
@Timeout(120)
class ForeignAnswersTest {

    private static final String SHARD = "{\"shardID\":3,\"status\":\"readonly\",\"inclusiveBeginKey\":\""
            + "0".repeat(32) + "\",\"exclusiveEndKey\":\"" + "f".repeat(32) + "\",\"createTime\":1700000000}";

    @TempDir
    private Path directory;

    /** All calls that bring no data, each with an answer that the service would give. */
    @SuppressWarnings("ImmutableEnumChecker") // of functions that hold nothing
    enum ControlCall {
        LIST_SHARDS("[" + SHARD + "]", client -> client.listShards(Clients.LOGSTORE)),
        GET_CURSOR("{\"cursor\":\"MTY=\"}", client -> client.cursor(Clients.LOGSTORE, 3, new CursorOrigin.End())),
        GET_CURSOR_TIME("{\"cursor_time\":1700000000}", client -> client.cursorTime(Clients.LOGSTORE, 3, "MTY=")),
        GET_CHECK_POINT(
                "[{\"shard\":3,\"checkpoint\":\"MTY=\",\"updateTime\":1,\"consumer\":\"\"}]",
                client -> client.consumerGroupCursors(Clients.LOGSTORE, "group")),
        LIST_CONSUMER_GROUP(
                "[{\"name\":\"group\",\"timeout\":60,\"order\":false}]",
                client -> client.consumerGroups(Clients.LOGSTORE)),
        GET_LOG_STORE(
                "{\"logstoreName\":\"store\",\"ttl\":30,\"shardCount\":2}",
                client -> client.retention(Clients.LOGSTORE)),
        CHECK_LOG_STORE("{\"logstoreName\":\"store\",\"ttl\":30,\"shardCount\":2}", client -> {
            client.checkLogstore(Clients.LOGSTORE);
            return "done";
        }),
        CREATE_CONSUMER_GROUP("", client -> {
            client.createConsumerGroup(Clients.LOGSTORE, "group");
            return "done";
        }),
        UPDATE_CHECK_POINT("", client -> {
            client.commitCursor(Clients.LOGSTORE, "group", 3, "MTY=");
            return "done";
        });

        private final String answer;
        private final Request request;

        interface Request {
            Object of(SlsClient client) throws SlsException;
        }

        ControlCall(String answer, Request request) {
            this.answer = answer;
            this.request = request;
        }

        boolean isAnsweredWithoutAWord() {
            return answer.isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void anAnswerOfTheServiceIsTaken(ControlCall call) throws Exception {
        try (StubServer server = answering(200, true, call.answer);
                SlsClient client = Clients.to(server, directory)) {
            assertThat(call.request.of(client)).isNotNull();
        }
    }

    @ParameterizedTest
    @EnumSource
    void anAnswerWithoutARequestIdIsNoFactWhateverItSays(ControlCall call) throws Exception {
        for (int status : new int[] {200, 204, 302, 400, 401, 403, 404, 413, 429, 500, 501, 503}) {
            for (String body : List.of(
                    call.answer,
                    "",
                    "[]",
                    "{}",
                    "<html>Welcome</html>",
                    error("LogStoreNotExist"),
                    error("Unauthorized"),
                    error("ShardNotExist"),
                    error("InvalidCursor"),
                    error("ConsumerGroupNotExist"),
                    error("ConsumerGroupAlreadyExist"))) {
                assertUnavailable(call, status, false, body);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void anAnswerWithoutWhatIsRequiredIsNoFact(ControlCall call) throws Exception {
        if (call.isAnsweredWithoutAWord()) {
            return;
        }
        for (String body : List.of(
                "",
                "null",
                "{}",
                "[{}]",
                "[null]",
                "[[]]",
                "\"text\"",
                "17",
                "true",
                "<html>Welcome</html>",
                call.answer.substring(0, call.answer.length() - 1),
                call.answer + "x",
                "[".repeat(10_000) + "]".repeat(10_000),
                "{\"a\":".repeat(10_000) + "1" + "}".repeat(10_000),
                "{\"cursor\":\"\\u12\"}",
                "{\"cursor\":17}",
                "{\"cursor\":\"\"}",
                "{\"cursor_time\":\"soon\"}",
                "{\"cursor_time\":99999999999999999999}",
                "[{\"name\":\"\"}]",
                "[{\"shard\":3}]",
                "[{\"checkpoint\":\"MTY=\"}]",
                "[" + SHARD.replace("readonly", "closed") + "]",
                "[" + SHARD.replace("\"shardID\":3,", "") + "]",
                "[" + SHARD.replace("\"shardID\":3,", "\"shardID\":3.5,") + "]",
                "[" + SHARD.replace("f".repeat(32), "g".repeat(32)) + "]",
                "{\"logstoreName\":\"store\"}",
                "{\"logstoreName\":\"store\",\"ttl\":-5}")) {
            assertUnavailable(call, 200, true, body);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anErrorOnWhichAParserChokesIsOneUnreadableAnswer(ControlCall call) throws Exception {
        for (String body : errorsOnWhichParsersChoke().toList()) {
            assertUnavailable(call, 400, true, body);
        }
    }

    static Stream<String> errorsOnWhichParsersChoke() {
        return Stream.of(
                "{\"errorCode\":\"\\u12\",\"errorMessage\":\"cut\"}",
                "{\"errorCode\":\"\\u12",
                "{\"errorCode\":\"InvalidCursor\",\"errorMessage\":\"\\ud800\\uZZZZ\"}",
                "{\"a\":".repeat(10_000) + "1" + "}".repeat(10_000),
                "[".repeat(10_000) + "]".repeat(10_000),
                "{\"errorMessage\":" + "[".repeat(10_000),
                "{\"errorCode\":{\"$ref\":\"$\"}}",
                "{\"errorCode\":17}",
                "{\"@type\":\"java.lang.Class\",\"val\":\"x\"}",
                "null",
                "[]",
                "");
    }

    @ParameterizedTest
    @MethodSource("errorsOnWhichParsersChoke")
    void soIsOneOfAPullOrAPut(String body) throws Exception {
        try (StubServer server = answering(400, true, body);
                SlsClient client = Clients.to(server, directory)) {
            for (SlsException failure : List.of(
                    Clients.failureOf(client.pull(Clients.pull("MTY="))),
                    Clients.failureOf(client.put(Clients.put(new byte[] {0x1a, 1, 't'}))))) {
                assertThat(failure.kind()).isEqualTo(ErrorKind.UNAVAILABLE);
                assertThat(failure.httpStatus()).isEqualTo(400);
                assertThat(failure.getMessage()).hasSizeLessThan(1200);
            }
        }
    }

    @Test
    void aPullWithoutARequestIdBringsNothing() throws Exception {
        try (StubServer server = StubServer.start((request, out) -> StubServer.write(
                        out,
                        200,
                        Map.of("x-log-count", "0", "x-log-bodyrawsize", "0", "x-log-cursor", "MTc="),
                        new byte[0]));
                SlsClient client = Clients.to(server, directory)) {
            SlsException failure = Clients.failureOf(client.pullPacked(Clients.pull("MTY=")));

            assertThat(failure.kind()).isEqualTo(ErrorKind.UNAVAILABLE);
            assertThat(failure).hasMessageContaining("no request id");
        }
    }

    /** An error that a gateway gives in the service's words is not the service's either. */
    @ParameterizedTest
    @EnumSource(
            value = ErrorKind.class,
            names = {"UNAUTHORIZED", "NOT_FOUND", "INVALID_REQUEST", "SEQUENCE_REPEATED"})
    void aRefusalOfAPutWithoutARequestIdIsNoRefusal(ErrorKind kind) throws Exception {
        String code =
                switch (kind) {
                    case UNAUTHORIZED -> "Unauthorized";
                    case NOT_FOUND -> "LogStoreNotExist";
                    case SEQUENCE_REPEATED -> "InvalidSequenceId";
                    default -> "PostBodyInvalid";
                };
        try (StubServer server = answering(400, false, error(code));
                SlsClient client = Clients.to(server, directory)) {
            SlsException failure = Clients.failureOf(client.put(Clients.put(new byte[] {0x1a, 1, 't'})));

            assertThat(failure.kind()).isEqualTo(ErrorKind.UNAVAILABLE);
            assertThat(failure.httpStatus()).isEqualTo(400);
            assertThat(failure.requestId()).isEmpty();
        }
    }

    @Test
    void whatIsSaidOfAShardIsTaken() throws Exception {
        String text = SHARD.replace(":3,", ":\"3\",").replace("1700000000", "\"1700000000\"");
        String noTime = SHARD.replace(",\"createTime\":1700000000", ",\"more\":{\"a\":[1,null,{}]},\"serverIp\":null");
        try (StubServer server =
                        answering(200, true, "[" + text + "," + noTime.replace("readonly", "READWRITE") + "]");
                SlsClient client = Clients.to(server, directory)) {
            List<Shard> shards = client.listShards(Clients.LOGSTORE);

            assertThat(shards).extracting(Shard::id).containsExactly(3, 3);
            assertThat(shards).extracting(Shard::writable).containsExactly(false, true);
            assertThat(shards).extracting(Shard::createdAtSeconds).containsExactly(1_700_000_000L, 0L);
        }
    }

    private void assertUnavailable(ControlCall call, int status, boolean ofTheService, String body) throws Exception {
        try (StubServer server = answering(status, ofTheService, body);
                SlsClient client = Clients.to(server, directory)) {
            assertThatThrownBy(() -> call.request.of(client))
                    .as("%s answered %s %s", call, status, body.length() > 200 ? body.substring(0, 200) : body)
                    .isInstanceOfSatisfying(SlsException.class, failure -> {
                        assertThat(failure.kind()).isEqualTo(ErrorKind.UNAVAILABLE);
                        assertThat(failure.errorCode()).isNotEqualTo("TimedOut");
                        assertThat(failure.getMessage()).hasSizeLessThan(1200);
                    });
        }
    }

    private static StubServer answering(int status, boolean ofTheService, String body) throws Exception {
        Map<String, String> headers = ofTheService ? Map.of("x-log-requestid", "REQUEST-1") : Map.of();
        return StubServer.start(
                (request, out) -> StubServer.write(out, status, headers, body.getBytes(StandardCharsets.UTF_8)));
    }

    private static String error(String code) {
        return "{\"errorCode\":\"" + code + "\",\"errorMessage\":\"said somebody\"}";
    }
}
