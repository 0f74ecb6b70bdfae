package io.slsdispatch.local.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.slsdispatch.local.SlsLocal;
import io.slsdispatch.local.SlsLocalOptions;
import io.slsdispatch.local.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What the Python SDK 0.9.47 ({@code logclient.py}, {@code logstore_config_response.py}) and the Go SDK
 * ({@code client.go}, {@code logstore_e2e_test.go}) send about projects and logstores, and what they read in the answers.
 */
class WireFormsTest {

    private static final String PROJECT = "wire-forms";
    private static final String STORE = "store";
    private static final Map<String, String> GO =
            Map.of("Content-Type", "application/json", "Accept-Encoding", "deflate", "User-Agent", "golang-sdk");
    private static final Map<String, String> PYTHON =
            Map.of("Content-Type", "application/json", "x-log-bodyrawsize", "0", "Accept-Encoding", "gzip");

    private static final JsonMapper JSON = new JsonMapper();

    private static SlsLocal server;
    private static Wire wire;

    @BeforeAll
    static void start() throws IOException {
        server =
                SlsLocal.start(SlsLocalOptions.builder().verifySignatures(false).build());
        wire = new Wire(server, PROJECT);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void makeProject() throws IOException {
        wire.delete("/");
        server.createProject(PROJECT);
    }

    private static Wire.Answer send(Map<String, String> headers, String verb, String target, String body)
            throws IOException {
        return wire.send(verb, target, headers, body.getBytes(StandardCharsets.UTF_8));
    }

    private static Wire.Answer atEndpoint(String host, String target) throws IOException {
        Map<String, String> headers = new HashMap<>(GO);
        headers.put("Host", host);
        return wire.send("GET", target, headers, new byte[0]);
    }

    private static JsonNode json(Wire.Answer answer) throws IOException {
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    // Python

    @Test
    void pythonReadsAndUpdatesALogstore() throws IOException {
        String create = "{\"logstoreName\": \"store\", \"ttl\": 30, \"shardCount\": 2, \"enable_tracking\": false,"
                + " \"autoSplit\": true, \"maxSplitShard\": 64, \"appendMeta\": false, \"telemetryType\": \"\"}";
        assertThat(send(PYTHON, "POST", "/logstores", create).status()).isEqualTo(200);
        JsonNode read = json(send(PYTHON, "GET", "/logstores/store", ""));
        String update = "{\"logstoreName\": \"store\", \"ttl\": 7, \"enable_tracking\": " + read.get("enable_tracking")
                + ", \"shardCount\": " + read.get("shardCount") + ", \"autoSplit\": " + read.get("autoSplit")
                + ", \"maxSplitShard\": " + read.get("maxSplitShard") + ", \"appendMeta\": " + read.get("appendMeta")
                + "}";
        assertThat(send(PYTHON, "PUT", "/logstores/store", update).status()).isEqualTo(200);
        JsonNode updated = json(send(PYTHON, "GET", "/logstores/store", ""));
        assertThat(updated.get("ttl").intValue()).isEqualTo(7);
        assertThat(updated.get("maxSplitShard").intValue()).isEqualTo(64);
        assertThat(updated.get("autoSplit").booleanValue()).isTrue();
    }

    /** {@code get_logstore} fails without any of them, also for a logstore that another SDK made without them. */
    @Test
    void pythonFindsEveryFieldThatItReadsWhoeverMadeTheLogstore() throws IOException {
        server.createLogstore(PROJECT, STORE, 2);
        JsonNode read = json(send(PYTHON, "GET", "/logstores/store", ""));
        assertThat(List.of(
                        "logstoreName",
                        "ttl",
                        "shardCount",
                        "enable_tracking",
                        "appendMeta",
                        "autoSplit",
                        "maxSplitShard",
                        "mode",
                        "telemetryType"))
                .allMatch(read::has);
        assertThat(read.get("mode").textValue()).isEqualTo("standard");
    }

    @Test
    void pythonListsAndUpdatesProjects() throws IOException {
        String create = "{\"projectName\": \"wire-forms\", \"description\": \"d\", \"resourceGroupId\": \"\"}";
        assertThat(send(PYTHON, "POST", "/", create).result()).isEqualTo("400 ProjectAlreadyExist");
        assertThat(send(PYTHON, "PUT", "/", "{\"description\": \"changed\"}").status())
                .isEqualTo(200);
        assertThat(json(send(PYTHON, "GET", "/", "")).get("description").textValue())
                .isEqualTo("changed");
        JsonNode listed = json(atEndpoint("sls.test", "/?offset=0&size=100&resourceGroupId="));
        assertThat(listed.get("total").intValue()).isEqualTo(1);
        assertThat(listed.get("projects").get(0).get("projectName").textValue()).isEqualTo(PROJECT);
        assertThat(json(atEndpoint("sls.test", "/?offset=0&size=100&resourceGroupId=rg-1"))
                        .get("total")
                        .intValue())
                .isZero();
    }

    // Go

    @Test
    void goCreatesShowsUpdatesAndDeletesAProject() throws IOException {
        assertThat(send(GO, "DELETE", "/", "").status()).isEqualTo(200);
        Wire.Answer missing = send(GO, "GET", "/", "");
        assertThat(missing.result()).as("what CheckProjectExist reads").isEqualTo("404 ProjectNotExist");
        assertThat(missing.text()).contains("\"The Project does not exist: " + PROJECT + "\"");

        String create = "{\"projectName\":\"wire-forms\",\"description\":\"d\",\"dataRedundancyType\":\"ZRS\"}";
        assertThat(send(GO, "POST", "/", create).status()).isEqualTo(200);
        assertThat(send(GO, "PUT", "/", "{\"description\":\"changed\"}").status())
                .isEqualTo(200);
        for (String target : List.of("/", "/?crossRegion=true")) {
            JsonNode project = json(send(GO, "GET", target, ""));
            assertThat(project.get("projectName").textValue()).isEqualTo(PROJECT);
            assertThat(project.get("description").textValue()).isEqualTo("changed");
            assertThat(project.get("dataRedundancyType").textValue()).isEqualTo("ZRS");
            assertThat(List.of("status", "owner", "region", "createTime", "lastModifyTime", "location", "quota"))
                    .allMatch(project::has);
        }
    }

    /** {@code ListProject} sends no parameter at all, {@code ListProjectV2} only those that are not 0. */
    @Test
    void goListsProjectsWithAndWithoutParameters() throws IOException {
        for (String host :
                List.of("sls.test", "sls.test:10012", "127.0.0.1:10012", "localhost", "cn-x.log.aliyuncs.com")) {
            for (String target : List.of("/", "/?", "/?size=10", "/?description=")) {
                assertThat(json(atEndpoint(host, target)).get("total").intValue())
                        .as(host + target)
                        .isEqualTo(1);
            }
        }
        assertThat(atEndpoint("no-project.cn-x.log.aliyuncs.com", "/").result())
                .as("which is GetProject")
                .isEqualTo("404 ProjectNotExist");
        assertThat(atEndpoint("no-project.test", "/").result()).isEqualTo("404 ProjectNotExist");
    }

    @Test
    void goReadsTheLogstoreThatItCreated() throws IOException {
        String create = "{\"logstoreName\":\"store\",\"ttl\":7,\"shardCount\":2,\"enable_tracking\":false,"
                + "\"autoSplit\":true,\"maxSplitShard\":16,\"appendMeta\":false,\"telemetryType\":\"\","
                + "\"encrypt_conf\":{\"enable\":true,\"encrypt_type\":\"m4\",\"user_cmk_info\":"
                + "{\"cmk_key_id\":\"k\",\"arn\":\"a\",\"region_id\":\"r\"}}}";
        assertThat(send(GO, "POST", "/logstores", create).status()).isEqualTo(200);
        JsonNode store = json(send(GO, "GET", "/logstores/store", ""));
        assertThat(store.get("maxSplitShard").intValue()).isEqualTo(16);
        assertThat(store.get("encrypt_conf").get("encrypt_type").textValue()).isEqualTo("m4");
        assertThat(store.get("encrypt_conf").get("user_cmk_info").get("arn").textValue())
                .isEqualTo("a");
        assertThat(store.get("createTime").canConvertToInt()).isTrue();
        assertThat(store.has("hot_ttl")).as("which Go reads as 0").isFalse();
    }
}
