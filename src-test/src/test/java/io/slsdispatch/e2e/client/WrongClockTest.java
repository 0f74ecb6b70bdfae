package io.slsdispatch.e2e.client;

import static io.slsdispatch.testing.LogGroupBuilder.logGroup;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slsdispatch.connector.client.CursorOrigin;
import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.config.Signature;
import io.slsdispatch.local.SlsLocal;
import io.slsdispatch.local.SlsLocalOptions;
import io.slsdispatch.local.fault.Effect;
import io.slsdispatch.local.fault.Fault;
import io.slsdispatch.local.signature.Credential;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The clock of this machine differs from the service's by more than the service tolerates. */
@Timeout(120)
class WrongClockTest {

    private static final byte[] GROUP =
            logGroup().topic("topic").log(1, "k", "v").toBytes();

    @TempDir
    private Path directory;

    static Stream<Arguments> clocks() {
        return Stream.of(new Signature.V1(), new Signature.V4("cn-x"))
                .flatMap(signature -> Stream.of(Duration.ofHours(1), Duration.ofHours(-1), Duration.ofHours(20))
                        .map(ahead -> Arguments.of(signature, ahead)));
    }

    @ParameterizedTest
    @MethodSource("clocks")
    void requestsOfEveryKindAreSignedWithTheServicesTime(Signature signature, Duration ahead) throws Exception {
        try (SlsLocal sls = slsLocal()) {
            sls.faults().add(Fault.always(new Effect.ClockSkew(ahead)));
            for (int first = 0; first < 4; first++) {
                // Each kind is the first whose time is refused.
                try (SlsClient client = Clients.create(Clients.connection(sls.endpoint(), directory)
                        .signature(signature)
                        .build())) {
                    for (int i = 0; i < 4; i++) {
                        call(client, (first + i) % 4);
                    }
                    assertThat(client.clockOffset()).isBetween(ahead.minusSeconds(60), ahead.plusSeconds(60));
                }
            }
            assertThat(sls.ledger("project", "store").entries()).toIterable().hasSize(4);
        }
    }

    private static SlsLocal slsLocal() throws IOException {
        return SlsLocal.start(SlsLocalOptions.builder()
                .credential(new Credential(Clients.ACCESS_KEY_ID, Clients.ACCESS_KEY_SECRET))
                .logstore("project", "store", 1)
                .build());
    }

    private static void call(SlsClient client, int kind) throws Exception {
        switch (kind) {
            case 0 -> {
                String begin = client.cursor(Clients.LOGSTORE, 0, new CursorOrigin.Begin());
                Clients.get(client.pull(Clients.pull(begin)));
            }
            case 1 -> {
                if (client.clockOffset().isZero()) {
                    assertThat(Clients.failureOf(client.put(Clients.put(GROUP))).kind())
                            .isEqualTo(ErrorKind.UNAVAILABLE);
                }
                Clients.get(client.put(Clients.put(GROUP)));
            }
            case 2 -> assertThat(client.listShards(Clients.LOGSTORE)).hasSize(1);
            default -> {
                client.createConsumerGroup(Clients.LOGSTORE, "group");
                String end = client.cursor(Clients.LOGSTORE, 0, new CursorOrigin.End());
                client.commitCursor(Clients.LOGSTORE, "group", 0, end);
                assertThat(client.consumerGroupCursors(Clients.LOGSTORE, "group"))
                        .containsEntry(0, end);
            }
        }
    }

    @Test
    void theLocalClockIsUsedAgainWhenItAgrees() throws Exception {
        try (SlsLocal sls = slsLocal();
                SlsClient client = Clients.create(
                        Clients.connection(sls.endpoint(), directory).build())) {
            sls.faults().add(Fault.always(new Effect.ClockSkew(Duration.ofHours(1))));
            client.listShards(Clients.LOGSTORE);
            sls.faults().clear();

            client.listShards(Clients.LOGSTORE);

            assertThat(client.clockOffset()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"x-log-time", "date"})
    void theOldCodeAndTheDateCountAsWell(String header) throws Exception {
        try (StubServer server = StubServer.start((request, out) -> {
                    Instant here = Instant.now().plus(Duration.ofHours(1));
                    if (Duration.between(dateOf(request), here).toMinutes() == 0) {
                        StubServer.write(
                                out, 200, Map.of("x-log-requestid", "R"), "[]".getBytes(StandardCharsets.UTF_8));
                    } else {
                        refuse(out, "RequestTimeTooSkewed", header, here);
                    }
                });
                SlsClient client = Clients.to(server, directory)) {
            assertThat(client.listShards(Clients.LOGSTORE)).isEmpty();

            assertThat(server.requests()).hasSize(2);
        }
    }

    /** Also one whose times look right, and one that gives none. */
    @ParameterizedTest
    @ValueSource(longs = {3_600, -3_600, 0, 1_000_000, Long.MIN_VALUE})
    void aCallIsSentAtMostTwiceHoweverTheServiceAnswers(long ahead) throws Exception {
        try (StubServer server = StubServer.start((request, out) -> refuse(
                        out,
                        "RequestTimeExpired",
                        "x-log-time",
                        ahead == Long.MIN_VALUE
                                ? Instant.EPOCH
                                : dateOf(request).plusSeconds(ahead)));
                SlsClient client = Clients.to(server, directory)) {
            int calls = 20;
            int transientFailures = 0;
            for (int call = 0; call < calls; call++) {
                SlsException failure =
                        call % 2 == 0 ? Clients.failureOf(client.put(Clients.put(GROUP))) : failureOf(client);
                assertThat(failure.errorCode()).isEqualTo("RequestTimeExpired");
                transientFailures += failure.kind() == ErrorKind.UNAVAILABLE ? 1 : 0;
            }
            assertThat(server.requests()).hasSizeBetween(calls, calls + 1);
            // The others count against the grace period, as before.
            assertThat(transientFailures).isLessThanOrEqualTo(2);
            assertThat(client.clockOffset()).isZero();
        }
    }

    private static SlsException failureOf(SlsClient client) {
        Throwable[] failure = new Throwable[1];
        assertThatThrownBy(() -> client.listShards(Clients.LOGSTORE))
                .isInstanceOf(SlsException.class)
                .satisfies(e -> failure[0] = e);
        return (SlsException) failure[0];
    }

    private static Instant dateOf(StubServer.Request request) {
        return Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(request.header("date")));
    }

    private static void refuse(OutputStream out, String code, String header, Instant time) throws IOException {
        Map<String, String> headers = new HashMap<>(Map.of("x-log-requestid", "R", "content-type", "application/json"));
        headers.put(
                header,
                header.equals("date")
                        ? DateTimeFormatter.RFC_1123_DATE_TIME.format(time.atOffset(ZoneOffset.UTC))
                        : String.valueOf(time.getEpochSecond()));
        StubServer.write(
                out,
                400,
                headers,
                ("{\"errorCode\":\"" + code + "\",\"errorMessage\":\"m\"}").getBytes(StandardCharsets.UTF_8));
    }
}
