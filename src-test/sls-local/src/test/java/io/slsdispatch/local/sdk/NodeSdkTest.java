package io.slsdispatch.local.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.slsdispatch.local.SlsLocal;
import io.slsdispatch.local.SlsLocalOptions;
import io.slsdispatch.local.ledger.LedgerEntry;
import io.slsdispatch.local.signature.Credential;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The official SDKs for Node, {@code @alicloud/log} and the generated {@code @alicloud/sls20201230}, as npm has them and
 * with their default settings: only the look-up of names and the port are other than for the service.
 */
class NodeSdkTest {

    private static final String DONE = "\"\"";

    private static NodeScripts scripts;
    private static SlsLocal server;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        scripts = NodeScripts.ready();
        server = SlsLocal.start(SlsLocalOptions.builder()
                .credential(new Credential("ID", "SECRET"))
                .build());
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    /** What each step of a script returned, by step. */
    private static Map<String, JsonNode> steps(String script) throws IOException, InterruptedException {
        Map<String, JsonNode> steps = new LinkedHashMap<>();
        for (String line : scripts.output(script, Integer.toString(server.port()))) {
            JsonNode step = parse(line);
            steps.put(step.get("step").textValue(), step.get("result"));
        }
        return steps;
    }

    private static JsonNode parse(String line) {
        try {
            return new JsonMapper().readTree(line);
        } catch (JsonProcessingException notJson) {
            throw new AssertionError("not a step: " + line, notJson);
        }
    }

    @Test
    void alicloudLogCreatesWritesListsAndDeletes() throws IOException, InterruptedException {
        Map<String, JsonNode> steps = steps("alicloud-log.cjs");
        assertDone(
                steps,
                "createProject",
                "createLogStore",
                "updateLogStore",
                "postLogStoreLogs",
                "createLogStoreToDelete",
                "deleteLogStore",
                "createProjectToDelete",
                "deleteProject");
        assertThat(steps.get("getProject").get("description").textValue()).isEqualTo("by Node");
        assertThat(steps.get("listLogStore").toString()).contains("\"logstores\":[\"node-store\"]");
        assertThat(steps.get("getLogStore").get("ttl").intValue()).isEqualTo(7);
        assertThat(steps.get("deleteNothing").textValue()).startsWith("LogStoreNotExist: ");
        assertNotServed(steps, "getLogs", "getHistograms", "getIndexConfig");
        assertWritten("node-project", "node-store", "from-node");
    }

    @Test
    void theGeneratedSdkCreatesWritesListsAndDeletes() throws IOException, InterruptedException {
        Map<String, JsonNode> steps = steps("alicloud-sls20201230.cjs");
        assertDone(
                steps,
                "createProject",
                "updateProject",
                "createLogStore",
                "updateLogStore",
                "putLogs",
                "createConsumerGroup",
                "deleteConsumerGroup",
                "createLogStoreToDelete",
                "deleteLogStore",
                "createProjectToDelete",
                "deleteProject");
        assertThat(steps.get("getProject").get("description").textValue()).isEqualTo("changed");
        assertThat(steps.get("getProject").get("quota").get("shard").intValue()).isEqualTo(400);
        assertThat(steps.get("listProject").toString()).contains("\"projectName\":\"generated-project\"");
        assertThat(steps.get("listLogStores").toString()).contains("\"logstores\":[\"generated-store\"]");
        assertThat(steps.get("getLogStore").get("ttl").intValue()).isEqualTo(7);
        assertThat(steps.get("getLogStore").get("mode").textValue()).isEqualTo("standard");
        assertThat(steps.get("listShards")).hasSize(2);
        assertThat(steps.get("getCursor").get("cursor").textValue()).isNotEmpty();
        assertThat(steps.get("heartBeat").toString()).isEqualTo("[0,1]");
        assertThat(steps.get("deleteNothing").textValue()).startsWith("LogStoreNotExist: ");
        assertNotServed(steps, "getLogs", "getIndex");
        assertWritten("generated-project", "generated-store", "from-generated");
    }

    @Test
    void theTableOfOperationsIsThatOfThePackage() throws IOException, InterruptedException {
        assertThat(scripts.output("operations.cjs"))
                .containsExactlyInAnyOrderElementsOf(
                        KnownOperation.all().stream().map(KnownOperation::line).toList());
    }

    @Test
    void theLockFilePinsEveryPackageAndNamesNoRegistry() throws IOException {
        JsonNode packages = new JsonMapper()
                .readTree(Files.readString(Path.of("src", "test", "node", "package-lock.json")))
                .get("packages");
        assertThat(packages.size()).isGreaterThan(50);
        packages.properties().stream()
                .filter(entry -> !entry.getKey().isEmpty())
                .forEach(entry -> {
                    assertThat(entry.getValue().path("integrity").asText())
                            .as(entry.getKey())
                            .startsWith("sha512-");
                    assertThat(entry.getValue().has("resolved"))
                            .as(entry.getKey())
                            .isFalse();
                });
    }

    private static void assertDone(Map<String, JsonNode> steps, String... names) {
        assertThat(List.of(names))
                .allSatisfy(name -> assertThat(steps.get(name)).as(name).hasToString(DONE));
    }

    private static void assertNotServed(Map<String, JsonNode> steps, String... names) {
        assertThat(List.of(names)).allSatisfy(name -> assertThat(steps.get(name).textValue())
                .as(name)
                .startsWith("NotSupported: ")
                .contains("SLS Local does not serve GET /logstores/"));
    }

    private static void assertWritten(String project, String logstore, String topic) throws IOException {
        assertThat(server.ledger(project, logstore).entries())
                .toIterable()
                .extracting(LedgerEntry::topic)
                .containsExactly(topic);
    }
}
