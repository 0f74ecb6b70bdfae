package io.slsdispatch.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The console page, and the state that it shows. */
class ConsoleTest {

    @Test
    void thePageNeedsNothingFromElsewhere() throws IOException {
        try (SlsLocal server = SlsLocal.start()) {
            Wire.Answer page = new Wire(server, "any").get("/_local/");
            assertThat(page.status()).isEqualTo(200);
            assertThat(page.header("content-type")).isEqualTo("text/html; charset=utf-8");
            assertThat(page.text()).startsWith("<!doctype html>").doesNotContain("http://", "https://", "innerHTML");
        }
    }

    @Test
    void theStateHasShardsWithTheirLivesGroupsWithTheirLagAndFaults() throws IOException {
        SlsLocalOptions options = SlsLocalOptions.builder()
                .threads(1)
                .verifySignatures(false)
                .logstore("p-p", "store", 1)
                .build();
        try (SlsLocal server = SlsLocal.start(options)) {
            Wire wire = new Wire(server, "p-p");
            server.put("p-p", "store", 0, Groups.group("t", "one"));
            server.put("p-p", "store", 0, Groups.group("t", "two"));
            server.split("p-p", "store", 0);
            wire.post("/logstores/store/consumergroups", "{\"consumerGroup\":\"g\",\"timeout\":60,\"order\":true}");
            wire.post("/_local/faults", "{\"effect\": \"hang\", \"operation\": \"SplitShard\"}");

            JsonNode state = JsonMapper.builder()
                    .build()
                    .readTree(wire.get("/_local/state").body());
            assertThat(state.at("/stats/logstores/0/shards")).hasSize(3);
            assertThat(state.at("/shards/0/lives/0/closedMillis").asLong()).isPositive();
            assertThat(state.at("/shards/0/lives/2/parents/0").asInt(-1)).isZero();
            assertThat(state.at("/groups/0/shards/0/lagGroups").asLong()).isEqualTo(2);
            assertThat(state.at("/groups/0/shards/0/committed").asBoolean(true)).isFalse();
            assertThat(state.at("/faults/0/effect").asText()).isEqualTo("hang");
        }
    }

    @Test
    void pagesOfOthersInABrowserOfThisMachineChangeNothing() throws IOException {
        try (SlsLocal server = SlsLocal.start()) {
            Wire wire = new Wire(server, "any");
            byte[] fault = "{\"effect\": \"hang\", \"operation\": \"PutLogs\"}".getBytes(StandardCharsets.UTF_8);

            for (String origin : List.of("http://elsewhere.test", "null", "https://any.sls.test")) {
                assertThat(wire.send("POST", "/_local/faults", Map.of("Origin", origin), fault)
                                .result())
                        .as(origin)
                        .isEqualTo("403 Unauthorized");
            }
            assertThat(wire.get("/_local/faults").text()).isEqualTo("[]");
            assertThat(wire.send("POST", "/_local/faults", Map.of("Origin", "http://any.sls.test"), fault)
                            .status())
                    .isEqualTo(200);
        }
    }
}
