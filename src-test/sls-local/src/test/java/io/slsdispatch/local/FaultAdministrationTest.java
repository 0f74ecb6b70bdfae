package io.slsdispatch.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.aliyun.openservices.log.exception.LogException;
import io.slsdispatch.local.junit.WithSlsLocal;
import io.slsdispatch.local.signature.Credential;
import java.io.IOException;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Faults, events and keys over HTTP, under {@code /_local/}, and what they do to a client that signs. */
@WithSlsLocal(logstores = "p-p/store:1", options = FaultAdministrationTest.OldKey.class)
class FaultAdministrationTest {

    private static final Credential OLD = new Credential("old-key", "old-secret");
    private static final Credential NEW = new Credential("new-key", "new-secret");

    static final class OldKey implements Consumer<SlsLocalOptions.Builder> {

        @Override
        public void accept(SlsLocalOptions.Builder options) {
            options.credential(OLD);
        }
    }

    private final SlsLocal server;
    private final Wire wire;

    FaultAdministrationTest(SlsLocal server) {
        this.server = server;
        wire = new Wire(server, "p-p");
    }

    private String listWith(Credential key) {
        try {
            SdkClients.signingV4(server, key).ListShard("p-p", "store");
            SdkClients.signingV1(server, key).ListShard("p-p", "store");
            return "OK";
        } catch (LogException failure) {
            return failure.GetErrorCode();
        }
    }

    private Wire.Answer post(String json) throws IOException {
        return wire.post("/_local/faults", json.replace('\'', '"'));
    }

    @Test
    void faultsAreSwitchedOnShownAndSwitchedOff() throws IOException {
        assertThat(post("{'effect': 'error', 'code': 'ServerBusy', 'operation': 'ListShards'}")
                        .text())
                .contains("\"id\":1");
        assertThat(post("[{'effect': 'reset', 'operation': 'GetCursor'}, {'effect': 'hang', 'operation': 'PutLogs'}]")
                        .text())
                .contains("\"ids\":[2,3]");
        assertThat(listWith(OLD)).isEqualTo("ServerBusy");
        assertThat(wire.get("/_local/faults").text())
                .contains("\"effect\":\"error\"", "\"status\":503", "\"phase\":\"on\"", "\"struck\":1");

        assertThat(wire.delete("/_local/faults/1").status()).isEqualTo(200);
        assertThat(wire.delete("/_local/faults/1").status()).isEqualTo(404);
        assertThat(listWith(OLD)).isEqualTo("OK");
        assertThat(wire.delete("/_local/faults").status()).isEqualTo(200);
        assertThat(wire.get("/_local/faults").text()).isEqualTo("[]");
    }

    @Test
    void whatIsNoFaultIsRefusedAndNoneOfAnArrayIsSwitchedOn() throws IOException {
        Wire.Answer refused = post("[{'effect': 'reset'}, {'effect': 'delay', 'milis': 5, 'probability': 2}]");
        assertThat(refused.result()).isEqualTo("400 ParameterInvalid");
        assertThat(refused.text())
                .contains(
                        "'millis' is missing",
                        "'probability' is 2, expected a number above 0 and at most 1",
                        "'milis' is unknown, expected one of");
        assertThat(server.faults().isOff()).isTrue();
    }

    @Test
    void aSkewedClockRefusesRequestsOfTheRightTimeAndTellsTheWrongOne() throws IOException {
        assertThat(post("{'effect': 'clock-skew', 'millis': -960000}").status()).isEqualTo(200);
        assertThat(listWith(OLD)).isEqualTo("RequestTimeExpired");
        Wire.Answer answer = wire.get("/logstores/store");
        long told = Long.parseLong(answer.header("x-log-time"));
        assertThat(told).isLessThan(System.currentTimeMillis() / 1000 - 900);
        assertThat(ZonedDateTime.parse(answer.header("date"), DateTimeFormatter.RFC_1123_DATE_TIME)
                        .toEpochSecond())
                .isEqualTo(told);
        wire.delete("/_local/faults");
        post("{'effect': 'clock-skew', 'millis': 600000}");
        assertThat(listWith(OLD)).isEqualTo("OK");
    }

    @Test
    void keysAreRevokedAndGivenBack() throws IOException {
        post("{'effect': 'revoke', 'accessKeyId': 'old-key', 'count': 1}");
        assertThat(listWith(OLD)).isEqualTo("Unauthorized");
        assertThat(listWith(OLD)).isEqualTo("OK");
    }

    @Test
    void keysAreRotated() throws IOException {
        assertThat(listWith(NEW)).isEqualTo("Unauthorized");
        String keys = "[{'accessKeyId': 'new-key', 'accessKeySecret': 'new-secret'}]".replace('\'', '"');
        assertThat(wire.put("/_local/credentials", keys).text()).isEqualTo("[\"new-key\"]");
        assertThat(listWith(OLD)).isEqualTo("Unauthorized");
        assertThat(listWith(NEW)).isEqualTo("OK");
        assertThat(wire.get("/_local/credentials").text()).isEqualTo("[\"new-key\"]");
    }

    @Test
    void wrongKeysAreRefusedWithoutQuotingThem() throws IOException {
        for (String wrong : new String[] {
            "",
            "{}",
            "[null]",
            "[{\"accessKeyId\": \"a\", \"secret\": \"hush\"}]",
            "[{\"accessKeyId\": \"a\"}]",
            "[{\"accessKeyId\":\"a\",\"accessKeySecret\":\"hush\"},{\"accessKeyId\":\"a\",\"accessKeySecret\":\"hush\"}]"
        }) {
            Wire.Answer answer = wire.put("/_local/credentials", wrong);
            assertThat(answer.result()).as(wrong).isEqualTo("400 ParameterInvalid");
            assertThat(answer.text()).doesNotContain("hush");
        }
        assertThat(listWith(OLD)).isEqualTo("OK");
    }
}
