package io.slsdispatch.local;

import static io.slsdispatch.local.Groups.group;
import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.local.fault.Effect;
import io.slsdispatch.local.fault.Effect.Moment;
import io.slsdispatch.local.fault.Fault;
import io.slsdispatch.local.junit.WithSlsLocal;
import io.slsdispatch.local.ledger.GroupDigest;
import io.slsdispatch.local.wire.Operation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Answers of something that is not the service, headers that it takes away, and faults of some puts only. */
@WithSlsLocal(logstores = "gateway-project/store:1", verifySignatures = false)
class GatewayFaultsTest {

    private static final String PROJECT = "gateway-project";
    private static final String LB = "/logstores/store/shards/lb";
    private static final byte[] GROUP = group("t", "value");

    private final SlsLocal server;
    private final Wire wire;

    GatewayFaultsTest(SlsLocal server) {
        this.server = server;
        wire = new Wire(server, PROJECT);
    }

    private int written() throws IOException {
        return server.ledger(PROJECT, "store").toList().size();
    }

    private Wire.Answer pull() throws IOException {
        String cursor =
                wire.get("/logstores/store/shards/0?type=cursor&from=begin").text();
        String value = cursor.substring(cursor.indexOf(":\"") + 2, cursor.lastIndexOf('"'));
        return wire.get("/logstores/store/shards/0?type=log&count=10&cursor=" + value);
    }

    /** A list of one package that is not compressed. */
    private Wire.Answer putList(byte[] group) throws IOException {
        ByteArrayOutputStream list = new ByteArrayOutputStream();
        list.write(0x0A);
        list.write(group.length + 6);
        list.write(0x0A);
        list.write(group.length);
        list.write(group);
        list.write(new byte[] {0x10, (byte) group.length, 0x18, 0});
        return wire.send(
                "POST",
                LB,
                Map.of(
                        "Content-Type", "application/x-protobuf",
                        "x-log-mode", "batch_group",
                        "x-log-bodyrawsize", "" + list.size()),
                list.toByteArray());
    }

    @ParameterizedTest
    @EnumSource
    void somethingElseAnswersBeforeOrAfterTheCallTookEffect(Moment moment) throws IOException {
        server.faults().add(Fault.always(new Effect.Answer(404, "text/html", "<h1>gone</h1>", false, moment)));
        Wire.Answer answer = wire.putLogs(LB, GROUP);
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.text()).isEqualTo("<h1>gone</h1>");
        assertThat(answer.header("content-type")).isEqualTo("text/html");
        assertThat(answer.headers()).doesNotContainKeys("x-log-requestid", "x-log-time");
        assertThat(server.requests().entries().get(0).result()).isEqualTo("Answer 404");
        assertThat(written()).isEqualTo(moment == Moment.AFTER ? 1 : 0);
    }

    @ParameterizedTest
    @EnumSource(
            value = Operation.class,
            names = {"LIST_SHARDS", "GET_CURSOR", "LIST_CONSUMER_GROUP", "GET_LOGSTORE"})
    void anyCallIsAnsweredWithAGivenBodyAndARequestIdIfAskedFor(Operation operation) throws IOException {
        server.faults()
                .add(Fault.always(new Effect.Answer(200, "application/json", "[]", true, Moment.BEFORE))
                        .on(operation));
        String target =
                switch (operation) {
                    case LIST_SHARDS -> "/logstores/store/shards";
                    case GET_CURSOR -> "/logstores/store/shards/0?type=cursor&from=end";
                    case LIST_CONSUMER_GROUP -> "/logstores/store/consumergroups";
                    default -> "/logstores/store";
                };
        Wire.Answer answer = wire.get(target);
        assertThat(answer.text()).isEqualTo("[]");
        assertThat(answer.header("x-log-requestid")).matches("[0-9A-F]{24}");
    }

    @Test
    void aGatewayMayKnowNoLists() throws IOException {
        server.faults()
                .add(Fault.always(new Effect.Answer(501, "text/html", "no such mode"))
                        .forLists(true));
        assertThat(putList(GROUP).status()).isEqualTo(501);
        assertThat(written()).isZero();
        assertThat(wire.putLogs(LB, GROUP).status()).isEqualTo(200);
        assertThat(wire.get("/logstores/store").status()).isEqualTo(200);
        server.faults().clear();
        assertThat(putList(GROUP).status()).isEqualTo(200);
        assertThat(written()).isEqualTo(2);
    }

    @Test
    void oneTopicOrOneGroupIsRefusedWhileOthersPass() throws IOException {
        server.faults()
                .add(Fault.always(new Effect.Refuse(400, "Odd", "text", Moment.BEFORE))
                        .forTopic("bad"));
        byte[] chosen = group("t", "chosen");
        server.faults()
                .add(Fault.always(new Effect.Refuse(400, "Odder", "text", Moment.BEFORE))
                        .forGroup(GroupDigest.of(chosen)));
        assertThat(wire.putLogs(LB, group("bad", "value")).code()).isEqualTo("Odd");
        assertThat(putList(group("bad", "value")).code()).isEqualTo("Odd");
        assertThat(putList(chosen).code()).isEqualTo("Odder");
        assertThat(wire.putLogs(LB, group("good", "value")).status()).isEqualTo(200);
        assertThat(wire.putLogs(LB, GROUP).status()).isEqualTo(200);
        assertThat(written()).isEqualTo(2);
    }

    @Test
    void headersOfTheServiceAndOfHttpAreTakenAwayOrReplaced() throws IOException {
        wire.putLogs(LB, GROUP);
        server.faults().add(Fault.always(new Effect.Header("x-log-requestid", null)));
        server.faults().add(Fault.always(new Effect.Header("date", null)));
        server.faults().add(Fault.always(new Effect.Header("content-type", "text/plain")));
        server.faults().add(Fault.always(new Effect.Header("x-log-count", "x")).on(Operation.PULL_LOGS));
        server.faults().add(Fault.always(new Effect.Header("x-log-bodyrawsize", "99999999999")));
        server.faults().add(Fault.always(new Effect.Header("x-log-cursor", "")).on(Operation.PULL_LOGS));
        Wire.Answer answer = pull();
        assertThat(answer.headers()).doesNotContainKeys("x-log-requestid", "date");
        assertThat(answer.header("content-type")).isEqualTo("text/plain");
        assertThat(answer.header("x-log-count")).isEqualTo("x");
        assertThat(answer.header("x-log-bodyrawsize")).isEqualTo("99999999999");
        assertThat(answer.header("x-log-cursor")).isEmpty();
    }

    @Test
    void withoutALengthTheBodyEndsWithTheConnection() throws IOException {
        server.faults().add(Fault.always(new Effect.Header("content-length", null)));
        Wire.Answer answer = wire.get("/logstores/store");
        assertThat(answer.end()).isEqualTo(Wire.End.CLOSED);
        assertThat(new String(answer.body(), StandardCharsets.UTF_8)).endsWith("}");
    }
}
