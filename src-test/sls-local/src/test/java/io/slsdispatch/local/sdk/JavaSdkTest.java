package io.slsdispatch.local.sdk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.aliyun.openservices.log.Client;
import com.aliyun.openservices.log.common.Consts;
import com.aliyun.openservices.log.common.EncryptConf;
import com.aliyun.openservices.log.common.LinkStore;
import com.aliyun.openservices.log.common.LogGroup;
import com.aliyun.openservices.log.common.LogItem;
import com.aliyun.openservices.log.common.LogStore;
import com.aliyun.openservices.log.common.Project;
import com.aliyun.openservices.log.common.TagContent;
import com.aliyun.openservices.log.exception.LogException;
import com.aliyun.openservices.log.request.BatchPutLogsRequest;
import com.aliyun.openservices.log.request.ListLogStoresRequest;
import com.aliyun.openservices.log.request.ListProjectRequest;
import com.aliyun.openservices.log.request.ListTagResourcesRequest;
import com.aliyun.openservices.log.request.PullLogsRequest;
import com.aliyun.openservices.log.request.PutLogsRequest;
import com.aliyun.openservices.log.request.UpdateProjectRequest;
import io.slsdispatch.local.SdkClients;
import io.slsdispatch.local.SlsLocal;
import io.slsdispatch.local.SlsLocalOptions;
import io.slsdispatch.local.ledger.LedgerEntry;
import io.slsdispatch.local.signature.Credential;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What the function tests of the Java SDK (aliyun-log-java-sdk 0.6.153, {@code functiontest}) do and expect, against SLS
 * Local: {@code ProjectFunctionTest}, {@code ListProjectWithDescTest}, {@code LogStoreFunctionTest},
 * {@code ListShardFunctionTest}, {@code BatchPutLogsTest}, {@code LogTagsTest} and {@code TagResourcesTest}.
 */
class JavaSdkTest {

    private static final String PROJECT = "java-project";
    private static final String STORE = "java-store";
    private static final int NOW = (int) (System.currentTimeMillis() / 1000);

    private static SlsLocal server;
    private static Client client;

    @BeforeAll
    static void start() throws IOException {
        Credential key = new Credential("ak", "sk");
        server = SlsLocal.start(SlsLocalOptions.builder().credential(key).build());
        client = SdkClients.signingV1(server, key);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void makeProject() throws LogException {
        client.CreateProject(PROJECT, "abc");
    }

    @AfterEach
    void deleteProject() throws LogException {
        client.DeleteProject(PROJECT);
    }

    // Projects

    @Test
    void changesTheDescriptionOfAProject() throws LogException {
        for (String description : new String[] {"", "test", "x".repeat(512), "中文".repeat(75)}) {
            client.updateProject(new UpdateProjectRequest(PROJECT, description));
            assertThat(client.GetProject(PROJECT).GetProjectDescription()).isEqualTo(description);
        }
        client.updateProject(new UpdateProjectRequest(PROJECT, null));
        assertThat(client.GetProject(PROJECT).GetProjectDescription()).isEmpty();
        String tooLong = "x".repeat(518);
        assertRefused(
                () -> client.updateProject(new UpdateProjectRequest(PROJECT, tooLong)),
                400,
                "ParameterInvalid",
                "Invalid project description: '" + tooLong + "'");
        assertThat(errorOf(() -> client.updateProject(new UpdateProjectRequest("no-project", "d")))
                        .getErrorCode())
                .isEqualTo("ProjectNotExist");
    }

    @Test
    void showsTheQuotaOfAProjectWhereItIsAskedFor() throws LogException {
        assertThat(client.GetProject(PROJECT).getQuota().getShard()).isEqualTo(400);
        assertThat(client.GetProject(PROJECT).GetProjectStatus()).isEqualTo("Normal");
        assertThat(client.GetProject(PROJECT).GetProjectRegion()).isNotEmpty();
        assertThat(listed(new ListProjectRequest(PROJECT, 0, 100)).getQuota()).isNull();
        ListProjectRequest withQuota = new ListProjectRequest(PROJECT, 0, 100);
        withQuota.setFetchQuota(true);
        assertThat(listed(withQuota).getQuota().getShard()).isEqualTo(400);
    }

    @Test
    void findsProjectsByAPartOfTheirDescriptionInAnyCase() throws LogException {
        client.updateProject(new UpdateProjectRequest(PROJECT, "test中文desc-for-sdk"));
        for (String part : List.of("-for-sdk", "-FOR-sdk", "中文desc")) {
            ListProjectRequest request = new ListProjectRequest(PROJECT, 0, 100);
            request.setDescription(part);
            assertThat(listed(request).getProjectName()).isEqualTo(PROJECT);
        }
        ListProjectRequest other = new ListProjectRequest(PROJECT, 0, 100);
        other.setDescription("other");
        assertThat(client.ListProject(other).getProjects()).isEmpty();
    }

    private static Project listed(ListProjectRequest request) throws LogException {
        List<Project> projects = client.ListProject(request).getProjects();
        assertThat(projects).hasSize(1);
        return projects.get(0);
    }

    @Test
    void refusesProjectsInTheWordsOfTheService() {
        assertRefused(
                () -> client.CreateProject("logtail", ""), 400, "ProjectAlreadyExist", "Project logtail already exist");
        assertRefused(
                () -> client.CreateProject(PROJECT, ""),
                400,
                "ProjectAlreadyExist",
                "Project " + PROJECT + " already exist");
        assertThat(errorOf(() -> client.GetProject("no-project")).getErrorCode())
                .isEqualTo("ProjectNotExist");
    }

    // Logstores

    @Test
    void keepsTheSettingsOfALogstoreAndShowsThoseThatWereNotGiven() throws LogException {
        LogStore wanted = new LogStore(STORE, 7, 2);
        wanted.setAppendMeta(true);
        wanted.setEnableWebTracking(true);
        wanted.setmAutoSplit(true);
        wanted.setmMaxSplitShard(16);
        client.CreateLogStore(PROJECT, wanted);
        LogStore made = client.GetLogStore(PROJECT, STORE).GetLogStore();
        assertThat(made.isAppendMeta()).isTrue();
        assertThat(made.isEnableWebTracking()).isTrue();
        assertThat(made.ismAutoSplit()).isTrue();
        assertThat(made.getmMaxSplitShard()).isEqualTo(16);
        assertThat(made.getMode()).isEqualTo("standard");
        assertThat(made.getTelemetryType()).isEqualTo(wanted.getTelemetryType());
        assertThat(made.getProductType()).isEqualTo(wanted.getProductType());

        LogStore changed = new LogStore(STORE, 30, 3);
        client.UpdateLogStore(PROJECT, changed);
        LogStore shown = client.GetLogStore(PROJECT, STORE).GetLogStore();
        assertThat(shown.GetTtl()).isEqualTo(30);
        assertThat(shown.GetShardCount())
                .as("which UpdateLogStore does not change")
                .isEqualTo(2);
        assertThat(shown.isAppendMeta()).isFalse();
    }

    @Test
    void listsLogstoresByMode() throws LogException {
        create("plain", null);
        create("standard", "standard");
        create("lite", "lite");
        create("query", "query");
        assertThat(ofMode(null)).containsExactly("lite", "plain", "query", "standard");
        assertThat(ofMode("query")).containsExactly("query");
        assertThat(ofMode("lite")).containsExactly("lite");
        assertThat(ofMode("standard")).containsExactly("plain", "standard");
        assertThat(ofMode("xxxxx")).isEmpty();
    }

    private static void create(String name, @Nullable String mode) throws LogException {
        LogStore logstore = new LogStore(name, 30, 3);
        logstore.setMode(mode);
        client.CreateLogStore(PROJECT, logstore);
    }

    private static List<String> ofMode(@Nullable String mode) throws LogException {
        ListLogStoresRequest request = new ListLogStoresRequest(PROJECT, 0, 10, "");
        if (mode != null) {
            request.SetMode(mode);
        }
        return client.ListLogStores(request).GetLogStores();
    }

    @Test
    void refusesSettingsInTheWordsOfTheService() throws LogException {
        assertRefused(
                () -> client.CreateLogStore(PROJECT, new LogStore("", 7, 2)),
                400,
                "LogStoreInfoInvalid",
                "logstore name  is invalid");
        LogStore split = new LogStore(STORE, 7, 2);
        split.setmAutoSplit(true);
        split.setmMaxSplitShard(1000);
        assertRefused(
                () -> client.CreateLogStore(PROJECT, split),
                400,
                "LogStoreInfoInvalid",
                "maxSplitShard must be within range [1, 256]");
        LogStore encrypted = new LogStore(STORE, 7, 2);
        encrypted.SetEncryptConf(new EncryptConf(true, "typex"));
        assertRefused(
                () -> client.CreateLogStore(PROJECT, encrypted),
                400,
                "LogStoreInfoInvalid",
                "The encrypt_conf is invalid, [encrypt_type] key is missing or not supported");
        encrypted.SetEncryptConf(new EncryptConf(true, "m4"));
        client.CreateLogStore(PROJECT, encrypted);
        assertRefused(
                () -> client.CreateLogStore(PROJECT, encrypted),
                400,
                "LogStoreAlreadyExist",
                "logstore " + STORE + " already exists");
        assertRefused(
                () -> client.ListShard(PROJECT, "no-store"),
                404,
                "LogStoreNotExist",
                "logstore no-store does not exist");
    }

    @Test
    void changesAModeOnlyToStandard() throws LogException {
        create("standard", "standard");
        create("lite", "lite");
        LogStore changed = new LogStore("standard", 30, 3);
        changed.setMode("lite");
        assertRefused(
                () -> client.UpdateLogStore(PROJECT, changed),
                400,
                "NotSupported",
                "The logstore mode or telemetryType is not supported for current metering mode.");
        LogStore back = new LogStore("lite", 30, 3);
        back.setMode("standard");
        client.UpdateLogStore(PROJECT, back);
        assertThat(ofMode("standard")).containsExactly("lite", "standard");
    }

    // Writes

    @Test
    void writesTheSameGroupAsJsonAndAsProtobuf() throws LogException {
        client.CreateLogStore(PROJECT, new LogStore(STORE, 1, 1));
        LogItem plain = new LogItem(NOW);
        plain.PushBack("text", "a \"quoted\" 中文 text");
        LogItem exact = new LogItem(NOW - 1);
        exact.SetTimeNsPart(123_456_789);
        exact.PushBack("text", "");
        for (Consts.CompressType compression : Consts.CompressType.values()) {
            for (String type : List.of(Consts.CONST_PROTO_BUF, Consts.CONST_SLS_JSON)) {
                PutLogsRequest put =
                        new PutLogsRequest(PROJECT, STORE, "topic", "source", new ArrayList<>(List.of(plain, exact)));
                put.SetTags(new ArrayList<>(List.of(new TagContent("host", "h"))));
                put.setContentType(type);
                put.setCompressType(compression);
                client.PutLogs(put);
            }
        }
        Iterator<LedgerEntry> written = entries();
        LedgerEntry first = written.next();
        assertThat(first.topic()).isEqualTo("topic");
        assertThat(written)
                .toIterable()
                .hasSize(2 * Consts.CompressType.values().length - 1)
                .allMatch(other -> other.digest().equals(first.digest()));
    }

    @Test
    void refusesAnInvalidGroupAsJsonAndStoresNothingOfIt() throws LogException {
        client.CreateLogStore(PROJECT, new LogStore(STORE, 1, 1));
        for (String json : List.of(
                "[]",
                "{}",
                "{\"__logs__\":[{\"k\":\"v\"}]}",
                "{\"__logs__\":[{\"__time__\":-1,\"k\":\"v\"}]}",
                "{\"__logs__\":[{\"__time__\":1,\"k\":5}]}",
                "{\"__logs__\":[],\"__tags__\":[]}",
                "{\"__logs__\":[],\"__topic__\":1}",
                "{\"__logs__\":[],\"more\":1}",
                "{\"__logs__\":[],\"__topic__\":\"\\ud800\"}",
                "{\"__logs__\":[{\"__time__\":1,\"k\":\"v\",\"k\":\"w\"}]}",
                "{\"__logs__\":[]} {}")) {
            PutLogsRequest put = new PutLogsRequest(PROJECT, STORE, "", "", json.getBytes(UTF_8), null);
            put.setContentType(Consts.CONST_SLS_JSON);
            assertThat(errorOf(() -> client.PutLogs(put)).getErrorCode())
                    .as(json)
                    .isEqualTo("PostBodyInvalid");
        }
        assertThat(entries()).isExhausted();
    }

    @Test
    void writesABatchWithAShortHashKeyInTheCompressionsThatItMayHave() throws LogException {
        client.CreateLogStore(PROJECT, new LogStore(STORE, 1, 1));
        LogItem log = new LogItem(NOW);
        log.PushBack("test", "1");
        List<TagContent> tags = List.of(new TagContent("tag1", "tagValue"));
        List<LogGroup> groups = List.of(
                new LogGroup(List.of(log), tags, "topic1", null), new LogGroup(List.of(log), tags, "topic12", null));
        for (String key : new String[] {"a", null}) {
            BatchPutLogsRequest request = new BatchPutLogsRequest(PROJECT, STORE, groups, key);
            for (Consts.CompressType type : List.of(Consts.CompressType.LZ4, Consts.CompressType.ZSTD)) {
                request.setCompressType(type);
                client.batchPutLogs(request);
            }
            for (Consts.CompressType type : List.of(Consts.CompressType.GZIP, Consts.CompressType.NONE)) {
                request.setCompressType(type);
                assertThat(errorOf(() -> client.batchPutLogs(request)))
                        .as(type.name())
                        .isNotNull();
            }
        }
        assertThat(entries())
                .toIterable()
                .extracting(LedgerEntry::topic)
                .hasSize(8)
                .contains("topic1", "topic12");
    }

    // What is not served

    @Test
    @SuppressWarnings("deprecation") // It is short, and sends the same.
    void refusesToTagToQueryAndToProcess() throws LogException {
        client.CreateLogStore(PROJECT, new LogStore(STORE, 1, 1));
        PutLogsRequest processed =
                new PutLogsRequest(PROJECT, STORE, "t", "s", new ArrayList<>(List.of(new LogItem(NOW))));
        processed.setProcessor("p");
        PullLogsRequest filtered = new PullLogsRequest(PROJECT, STORE, 0, 10, "MTY=");
        filtered.setQuery("* | where a = 'b'");
        LinkStore link = new LinkStore("a-link", "other-project", "other-store");
        String tags = "{\"resourceType\":\"project\",\"resourceId\":[\"" + PROJECT + "\"],\"tags\":[]}";
        for (SdkCall call : List.<SdkCall>of(
                () -> client.tagResources(tags),
                () -> client.untagResources(tags),
                () -> client.listTagResources(new ListTagResourcesRequest("project", List.of(PROJECT), Map.of())),
                () -> client.GetLogs(PROJECT, STORE, NOW - 10, NOW, "", ""),
                () -> client.GetHistograms(PROJECT, STORE, NOW - 10, NOW, "", ""),
                () -> client.GetIndex(PROJECT, STORE),
                () -> client.DeleteIndex(PROJECT, STORE),
                () -> client.ListShipper(PROJECT, STORE),
                () -> client.CreateLinkStore(PROJECT, link),
                () -> client.PutLogs(processed),
                () -> client.pullLogs(filtered))) {
            LogException refused = errorOf(call);
            assertThat(refused.getErrorCode()).isEqualTo("NotSupported");
            assertThat(refused.getHttpCode()).isEqualTo(400);
            assertThat(refused.GetErrorMessage()).contains("SLS Local ", "serves");
        }
        assertThat(entries()).isExhausted();
        assertThat(ofMode(null)).containsExactly(STORE);
    }

    private static Iterator<LedgerEntry> entries() {
        try {
            return server.ledger(PROJECT, STORE).entries();
        } catch (IOException cannotHappen) {
            throw new UncheckedIOException(cannotHappen);
        }
    }

    private interface SdkCall {
        void run() throws LogException;
    }

    private static LogException errorOf(SdkCall call) {
        LogException thrown = catchThrowableOfType(LogException.class, call::run);
        assertThat(thrown).as("error of the call").isNotNull();
        return thrown;
    }

    private static void assertRefused(SdkCall call, int status, String code, String message) {
        LogException refused = errorOf(call);
        assertThat(refused.getErrorCode()).isEqualTo(code);
        assertThat(refused.GetErrorMessage()).isEqualTo(message);
        assertThat(refused.getHttpCode()).isEqualTo(status);
    }
}
