package io.slsdispatch.local.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.local.Groups;
import io.slsdispatch.local.SlsLocal;
import io.slsdispatch.local.SlsLocalOptions;
import io.slsdispatch.local.Wire;
import io.slsdispatch.local.service.RequestLog;
import io.slsdispatch.local.wire.Operation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each operation that official SDKs know is served, or refused with a message that says what is. */
class OperationsTest {

    private static final String PROJECT = "some-project";
    private static final String STORE = "some-store";
    private static final String GROUP = "/logstores/" + STORE + "/consumergroups";
    private static final Path DOCUMENT = Path.of("..", "..", "docs", "sls-local.md");

    private static SlsLocal server;
    private static Wire wire;

    @BeforeAll
    static void start() throws IOException {
        server = SlsLocal.start(SlsLocalOptions.builder()
                .verifySignatures(false)
                .recordRequests(1)
                .build());
        wire = new Wire(server, PROJECT);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void makeLogstore() throws IOException {
        wire.delete("/");
        server.createLogstore(PROJECT, STORE, 2);
        wire.post(GROUP, "{\"consumerGroup\":\"g\",\"timeout\":60,\"order\":false}");
    }

    private static Wire.Answer send(KnownOperation operation) throws IOException {
        String target = operation
                .target()
                .replaceAll("\\{(logstore|logStore|logstoreName)}", STORE)
                .replaceAll("\\{shard(Id)?}", "0")
                .replace("{consumerGroup}", "g")
                .replaceAll("\\{\\w+}", "x");
        // Only its host tells ListProject from GetProject.
        String host = (operation.name().equals("ListProject") ? "" : PROJECT + ".") + "sls.test";
        return wire.send(
                operation.verb(),
                target,
                Map.of("Host", host, "Content-Type", "application/json"),
                "{}".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void whatIsNotServedIsRefusedAndTheAnswerSaysWhatIs() throws IOException {
        List<String> wrong = new ArrayList<>();
        for (KnownOperation operation : KnownOperation.all()) {
            if (operation.isRefused()) {
                Wire.Answer answer = send(operation);
                if (!answer.result().equals("400 NotSupported")
                        || !answer.text().contains("It serves: CreateProject, GetProject, ")) {
                    wrong.add(operation.line() + ": " + answer.result() + " " + answer.text());
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(server.shards(PROJECT, STORE))
                .as("shards of the logstore, which is unchanged")
                .hasSize(2);
    }

    @Test
    void whatIsServedIsAnsweredAsThatOperation() throws IOException {
        List<String> wrong = new ArrayList<>();
        for (KnownOperation operation : KnownOperation.all()) {
            if (!operation.isRefused()) {
                makeLogstore();
                Wire.Answer answer = send(operation);
                RequestLog.Entry last = server.requests().entries().get(0);
                if (answer.code().equals("NotSupported") || !sameName(last.operation(), operation.name())) {
                    wrong.add(operation.line() + ": " + answer.result() + " of " + last.operation());
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void theTableHasEveryOperationThatIsServed() throws IOException {
        List<String> served = KnownOperation.all().stream()
                .filter(operation -> !operation.isRefused())
                .map(KnownOperation::name)
                .toList();
        assertThat(Operation.values())
                .allMatch(operation -> served.stream().anyMatch(name -> sameName(operation.text(), name)));
    }

    /** The service's pages say MergeShards and the SDK says MergeShard. */
    private static boolean sameName(String operation, String ofSdk) {
        return operation.equals(ofSdk) || operation.equals(ofSdk + "s");
    }

    @Test
    void theDocumentListsEachOperationWithItsSupport() throws IOException {
        Map<String, List<String>> sections = Arrays.stream(
                        Files.readString(DOCUMENT).split("\n## "))
                .collect(Collectors.toMap(
                        section -> section.lines().findFirst().orElse(""), section -> Pattern.compile("`(\\w+)`")
                                .matcher(section)
                                .results()
                                .map(found -> found.group(1))
                                .toList()));
        for (KnownOperation operation : KnownOperation.all()) {
            String section = operation.isRefused() ? "What is refused" : "What is served";
            assertThat(sections.get(section)).as(section).contains(operation.name());
        }
        String rows = Files.readString(DOCUMENT);
        for (KnownOperation operation : KnownOperation.all()) {
            if (!operation.isRefused()) {
                assertThat(rows).contains("\n| `" + operation.name() + "` | " + operation.support());
            }
        }
    }

    /** What other SDKs send, and what differs from a call that is served by one part only. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            GET    | /?type=all&offset=0&size=10                          | Go ListAllProjects
            GET    | /logstores/some-store?type=log&from=1&to=2           | GetLogs
            GET    | /logstores/some-store?type=histogram&from=1&to=2     | GetHistograms of Java, Python and Node
            GET    | /logstores/some-store?type=topic&token=&line=1       | Python list_topics
            GET    | /logstores/some-store?type=context_log&pack_id=1     | GetContextLogs
            DELETE | /logstores/some-store?type=logs&from=1&to=2          | a deletion of logs, not of the logstore
            DELETE | /?action=anything                                    | not DeleteProject
            PUT    | /logstores/some-store?action=anything                | not UpdateLogStore
            POST   | /logstores/some-store?type=anything                  | not PutLogs
            GET    | /logstores/some-store/shards?type=anything           | not ListShards
            POST   | /logstores/some-store/shards/0?action=split&type=log | two operations
            GET    | /logstores/some-store/track?APIVersion=0.6.0&k=v     | web tracking
            POST   | /logstores/some-store/track                          | web tracking
            PUT    | /logstores/some-store/storage                        | Java, ttl of storage
            GET    | /logstores/some-store/shipper                        | Java, shippers
            PUT    | /logstores/some-store/substores/storage/ttl?ttl=1    | Java, substores
            PUT    | /logstores/some-store/objects/o                      | Java, objects
            POST   | /prometheus/some-project/some-store/api/v1/write     | metrics
            DELETE | /logstores//index                                    | a logstore without a name, not logstore index
            GET    | /resources/x/records?offset=0                        | Go, resources
            POST   | /jobs                                                | Java, jobs
            GET    | /nothing                                             | nobody
            """)
    void whatLooksLikeACallThatIsServedIsNotAnsweredAsIfItWere(String verb, String target, String what)
            throws IOException {
        server.createLogstore(PROJECT, "index", 1);
        Wire.Answer answer = wire.send(verb, target, Map.of(), "{}".getBytes(StandardCharsets.UTF_8));
        assertThat(answer.result()).as(what).isEqualTo("400 NotSupported");
        assertThat(answer.text()).contains("SLS Local does not serve " + verb + " ", "It serves: CreateProject, ");
        assertThat(wire.get("/logstores").text()).contains("\"logstores\":[\"index\",\"" + STORE + "\"]");
        assertThat(server.ledger(PROJECT, STORE).entries()).isExhausted();
    }

    @ParameterizedTest
    @CsvSource({"processor, p", "query, * | where a = b", "pullMode, scan_on_stream"})
    void aPullThatShouldProcessLogsIsRefused(String parameter, String value) throws IOException {
        String pull = "/logstores/" + STORE + "/shards/0?type=log&count=10&cursor=MTY%3D&" + parameter + "=";
        Wire.Answer answer = wire.get(pull + value.replace(" ", "%20").replace("|", "%7C"));
        assertThat(answer.result()).isEqualTo("400 NotSupported");
        assertThat(answer.text()).contains("serves PullLogs without parameter " + parameter);
        assertThat(wire.get(pull).result())
                .as("an empty value asks for nothing")
                .isEqualTo("400 InvalidCursor");
    }

    @Test
    void aPutThatShouldBeProcessedIsRefusedAndNotStored() throws IOException {
        byte[] group = Groups.group("t", "x");
        for (String path : List.of("/shards/lb?processor=p", "/shards/route?key=0&processor=p", "?processor=p")) {
            Wire.Answer answer = wire.putLogs("/logstores/" + STORE + path, group);
            assertThat(answer.result()).as(path).isEqualTo("400 NotSupported");
            assertThat(answer.text()).contains("serves PutLogs without parameter processor");
        }
        Map<String, String> otherMode = Map.of(
                "Content-Type",
                "application/x-protobuf",
                "x-log-bodyrawsize",
                "" + group.length,
                "x-log-mode",
                "other");
        assertThat(wire.send("POST", "/logstores/" + STORE + "/shards/lb", otherMode, group)
                        .result())
                .isEqualTo("400 NotSupported");
        assertThat(wire.post(
                                "/logstores",
                                "{\"logstoreName\":\"processed\",\"ttl\":1,\"shardCount\":1,\"processorId\":\"p\"}")
                        .result())
                .isEqualTo("400 NotSupported");
        assertThat(wire.put("/logstores/" + STORE, "{\"processorId\":\"p\"}").result())
                .isEqualTo("400 NotSupported");
        assertThat(server.ledger(PROJECT, STORE).entries()).isExhausted();
    }
}
