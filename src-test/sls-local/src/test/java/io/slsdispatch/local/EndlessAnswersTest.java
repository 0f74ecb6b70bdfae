package io.slsdispatch.local;

import static io.slsdispatch.local.Groups.group;
import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.local.fault.Effect;
import io.slsdispatch.local.fault.Effect.Moment;
import io.slsdispatch.local.fault.Effect.Part;
import io.slsdispatch.local.fault.Fault;
import io.slsdispatch.local.junit.WithSlsLocal;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Answers of which a part has no end, and heads that drip. */
@WithSlsLocal(server = WithSlsLocal.Server.PER_CLASS, logstores = "endless-project/store:1", verifySignatures = false)
class EndlessAnswersTest {

    private static final String PROJECT = "endless-project";
    private static final String LB = "/logstores/store/shards/lb";
    private static final byte[] GROUP = group("t", "value");
    private static final int MUCH = 3_000_000;

    private final SlsLocal server;
    private final Wire wire;

    EndlessAnswersTest(SlsLocal server) {
        this.server = server;
        wire = new Wire(server, PROJECT);
    }

    private Socket list() throws IOException {
        return wire.open("GET", "/logstores/store/shards", Map.of(), new byte[0]);
    }

    @ParameterizedTest
    @EnumSource
    void aPartOfTheAnswerHasNoEndAndOthersAreServedMeanwhile(Part part) throws IOException {
        server.faults().add(Fault.always(new Effect.Endless(part)).times(1));
        try (Socket socket = list()) {
            InputStream in = socket.getInputStream();
            String begin = new String(in.readNBytes(300), StandardCharsets.US_ASCII);
            assertThat(begin)
                    .startsWith(part == Part.INTERIM ? "HTTP/1.1 100 " : "HTTP/1.1 200 ")
                    .contains(
                            switch (part) {
                                case INTERIM -> "\r\n\r\nHTTP/1.1 100 ";
                                case LINE -> "x-more: more-more-more-";
                                case HEAD -> "x-more: more\r\nx-more: more\r\n";
                                case EXTENSION -> "\r\n\r\n1;more=more-more-";
                                case BODY -> "\r\n\r\n5\r\nmore-\r\n5\r\nmore-\r\n";
                                case TRAILERS -> "\r\n0\r\nx-more: more\r\nx-more: more\r\n";
                            });
            in.skipNBytes(MUCH);
            assertThat(wire.get("/logstores/store/shards").status()).isEqualTo(200);
            in.skipNBytes(MUCH);
        }
    }

    @Test
    void anEndlessAnswerDrips() throws IOException {
        server.faults().add(Fault.always(new Effect.Endless(Part.HEAD, 1, Moment.BEFORE)));
        try (Socket socket = list()) {
            assertThat(socket.getInputStream().read()).isEqualTo('H');
            socket.setSoTimeout(100);
            try {
                assertThat(socket.getInputStream().readNBytes(4)).hasSizeLessThan(4);
            } catch (SocketTimeoutException dripping) {
                assertThat(dripping.bytesTransferred).isLessThan(4);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void theCallTookEffectOrNot(Moment moment) throws IOException {
        long before = groups();
        server.faults()
                .add(Fault.always(new Effect.Endless(Part.BODY, 1, moment)).times(1));
        try (Socket socket = wire.open(
                "POST",
                LB,
                Map.of("Content-Type", "application/x-protobuf", "x-log-bodyrawsize", "" + GROUP.length),
                GROUP)) {
            assertThat(socket.getInputStream().read()).isEqualTo('H');
            assertThat(groups() - before).isEqualTo(moment == Moment.AFTER ? 1 : 0);
        }
    }

    private int groups() throws IOException {
        return server.ledger(PROJECT, "store").toList().size();
    }

    @Test
    void aHeadThatDripsIsWholeInTheEnd() throws IOException {
        String right = wire.get("/logstores/store/shards").text();
        server.faults().add(Fault.always(new Effect.SlowHead(5000)).times(1));
        Wire.Answer answer = wire.get("/logstores/store/shards");
        assertThat(answer.text()).isEqualTo(right);
        assertThat(answer.header("x-log-requestid")).matches("[0-9A-F]{24}");
        assertThat(answer.header("connection")).isEqualTo("close");
        assertThat(answer.end()).isEqualTo(Wire.End.WHOLE);
    }

    @Test
    void theFirstBytesOfAHeadThatDripsComeAtOnceAndTheOthersDoNot() throws IOException {
        server.faults().add(Fault.always(new Effect.SlowHead(1)));
        try (Socket socket = list()) {
            assertThat(socket.getInputStream().read()).isEqualTo('H');
        }
    }
}
