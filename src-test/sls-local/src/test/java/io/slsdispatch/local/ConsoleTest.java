package io.slsdispatch.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.slsdispatch.local.wire.LogGroupText;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The console page, and the state that it shows. */
class ConsoleTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Test
    void thePageNeedsNothingFromElsewhere() throws IOException {
        try (SlsLocal server = SlsLocal.start()) {
            Wire wire = new Wire(server, "any");
            Map<String, String> types =
                    Map.of("", "text/html", "console.css", "text/css", "console.js", "text/javascript");
            for (Map.Entry<String, String> file : types.entrySet()) {
                Wire.Answer answer = wire.get("/_local/" + file.getKey());
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.header("content-type")).isEqualTo(file.getValue() + "; charset=utf-8");
                assertThat(answer.text()).doesNotContain("http://", "https://", "innerHTML", "style=", "onclick=");
            }
            assertThat(wire.get("/_local/").text()).startsWith("<!doctype html>");
        }
    }

    @Test
    void theNewestGroupsAreReadableOverHttp() throws IOException {
        try (SlsLocal server = SlsLocal.start()) {
            server.createLogstore("p-p", "store", 2);
            for (int i = 0; i < 3; i++) {
                server.put("p-p", "store", i % 2, Groups.group("t" + i, "text " + i));
            }
            Wire wire = new Wire(server, "any");
            String groups = "/_local/groups?project=p-p&logstore=store";

            JsonNode all = JSON.readTree(wire.get(groups).body());
            assertThat(all).hasSize(3);
            assertThat(all.findValuesAsText("topic")).containsExactlyInAnyOrder("t0", "t1", "t2");
            JsonNode newest =
                    JSON.readTree(wire.get(groups + "&shard=0&count=1").body());
            assertThat(newest).hasSize(1);
            assertThat(newest.at("/0/topic").asText()).isEqualTo("t2");
            assertThat(newest.at("/0/position").isTextual()).isTrue();
            assertThat(newest.at("/0/first/0/contents/0").toString()).isEqualTo("[\"text\",\"text 2\"]");
            assertThat(server.groups("p-p", "store"))
                    .extracting(LogGroupText::topic)
                    .containsExactly("t0", "t2", "t1");
            assertThat(wire.get(groups + "&shard=x").result()).isEqualTo("400 ParameterInvalid");
            assertThat(wire.get("/_local/groups?project=p-p&logstore=none").result())
                    .isEqualTo("404 LogStoreNotExist");
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

            JsonNode state = JSON.readTree(wire.get("/_local/state").body());
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
            String own = "127.0.0.1:" + server.port();
            byte[] keys =
                    "[{\"accessKeyId\": \"theirs\", \"accessKeySecret\": \"s\"}]".getBytes(StandardCharsets.UTF_8);

            for (Map<String, String> page : List.of(
                    Map.of("Host", own, "Origin", "http://elsewhere.test"),
                    Map.of("Host", own, "Origin", "null"),
                    Map.of("Host", "rebound.test", "Origin", "http://rebound.test"),
                    Map.of("Host", "any.sls.test:" + server.port()))) {
                assertThat(wire.send("PUT", "/_local/credentials", page, keys).result())
                        .as(page.toString())
                        .isEqualTo("403 Unauthorized");
            }
            assertThat(wire.get("/_local/credentials").text()).isEqualTo("[\"sls-local\"]");
            assertThat(wire.send("PUT", "/_local/credentials", Map.of("Origin", "http://" + own), keys)
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void pagesOfOthersReadNothingOfTheAdministrationButTheApiLetsThemAsTheServiceDoes() throws IOException {
        try (SlsLocal server = SlsLocal.start()) {
            server.createLogstore("p-p", "store", 1);
            Wire wire = new Wire(server, "p-p");
            String cors = "access-control-allow-origin";

            for (String path : List.of(
                    "", "health", "state", "stats", "ledger?project=p-p&logstore=store", "credentials", "no-such")) {
                Wire.Answer answer = wire.send("GET", "/_local/" + path, Map.of("Connection", "close"), new byte[0]);
                assertThat(answer.header(cors)).as(path).isEqualTo("(none)");
                assertThat(answer.header("x-content-type-options")).as(path).isEqualTo("nosniff");
                assertThat(answer.header("content-security-policy")).as(path).contains("frame-ancestors 'none'");
            }
            assertThat(wire.send("GET", "/_local/state", Map.of("Host", "rebound.test"), new byte[0])
                            .header(cors))
                    .isEqualTo("(none)");
            assertThat(wire.get("/logstores").header(cors)).isEqualTo("*");
        }
    }

    @Test
    void configuredNamesOfTheServerAreAnswered() throws IOException {
        try (SlsLocal server = SlsLocal.start(
                SlsLocalOptions.builder().adminHost("my-container").build())) {
            Wire wire = new Wire(server, "any");
            Map<String, String> named = Map.of("Host", "my-container:10012", "Origin", "http://my-container:10012");
            assertThat(wire.send("GET", "/_local/health", named, new byte[0]).text())
                    .isEqualTo("{\"status\":\"ok\"}");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SlsLocalOptions.builder()
                        .adminHost("http://my-container:10012")
                        .build())
                .withMessageContaining("without scheme and port");
    }

    @Test
    void anAddressForAllMachinesHasAnEndpointForThisOne() throws IOException {
        try (SlsLocal server =
                SlsLocal.start(SlsLocalOptions.builder().host("0.0.0.0").build())) {
            assertThat(server.endpoint()).isEqualTo("http://127.0.0.1:" + server.port());
            assertThat(new RemoteSlsLocal(URI.create(server.endpoint())).lateWrites())
                    .isZero();
        }
    }
}
