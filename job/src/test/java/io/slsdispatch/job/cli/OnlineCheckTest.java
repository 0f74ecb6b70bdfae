package io.slsdispatch.job.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.sun.net.httpserver.HttpServer;
import io.slsdispatch.connector.client.CursorOrigin;
import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.PullRequest;
import io.slsdispatch.connector.client.PutRequest;
import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.config.ConnectionConfig;
import io.slsdispatch.connector.config.ConnectionConfig.ProjectIn;
import io.slsdispatch.connector.config.Signature;
import io.slsdispatch.connector.model.KeyRange;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.LogstoreSettings;
import io.slsdispatch.connector.model.PulledBatch;
import io.slsdispatch.connector.model.Shard;
import io.slsdispatch.job.config.ConfigReader;
import io.slsdispatch.job.config.JobConfig;
import io.slsdispatch.job.yaml.InvalidConfigException;
import io.slsdispatch.testing.UnsupportedSlsClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnlineCheckTest {

    /** The beginning of what follows the error. */
    private static final String OTHER_PLACE = "Set ";

    @TempDir
    private Path folder;

    private final FakeService service = new FakeService();
    private Clock clock = Clock.systemUTC();
    private HttpServer endpoint;
    private String start = "group";

    @BeforeEach
    void answerOverHttpWithTheTimeAndNothingElse() throws IOException {
        endpoint = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        endpoint.createContext("/", exchange -> {
            exchange.sendResponseHeaders(404, -1);
            exchange.close();
        });
        endpoint.start();
    }

    @AfterEach
    void stop() {
        endpoint.stop(0);
    }

    @Test
    void asksForSourceGroupAndEveryTargetInTheirOrder() throws Exception {
        service.logstores = Set.of("p-source/all", "p-source/one", "p-source/two");
        service.groups = Set.of("group");

        assertThat(findings())
                .containsExactly(
                        new Finding("source p-source/all", true, "1 shards, readable"),
                        new Finding("credentials of source", true, "file keys: permanent credentials"),
                        new Finding("consumer group group", true, "exists, with cursors for 2 shards"),
                        new Finding("rules and source", true, "not compared: 0 log groups of the last 15 min"),
                        new Finding("target one", true, writable("one")),
                        new Finding("target two", true, writable("two")),
                        new Finding("clock of " + address(), true, "agrees with the local clock"));
    }

    @Test
    void recommendsVersion4WhereItWorks() throws Exception {
        service.logstores = Set.of("p-source/all", "p-source/one");
        assertThat(findingsOfSignature(connection -> service))
                .singleElement()
                .satisfies(finding -> assertThat(finding.detail()).contains("Recommended: set 'signature: v4'"));
        assertThat(findingsOfSignature(connection -> connection.signature() instanceof Signature.V4
                        ? new FakeService() // knows no logstore
                        : service))
                .singleElement()
                .satisfies(finding -> assertThat(finding.detail())
                        .contains("failed: LogStoreNotExist")
                        .doesNotContain("Recommended"));
    }

    private List<Finding> findingsOfSignature(Function<ConnectionConfig, SlsClient> services) throws Exception {
        JobConfig config = ConfigReader.readEnvironment(
                Map.of(
                        "SLS_ENDPOINT", "cn-hangzhou-intranet.log.aliyuncs.com",
                        "SLS_PROJECT", "p-source",
                        "SLS_LOGSTORE", "all",
                        "SLS_LOGSTORE_TO1", "one"),
                Instant.EPOCH);
        return new OnlineCheck(config, connection -> () -> services.apply(connection), clock)
                .findings().stream()
                        .filter(finding -> finding.subject().startsWith("signature"))
                        .toList();
    }

    @Test
    void missingGroupIsNoFailureSinceItIsCreated() throws Exception {
        service.logstores = Set.of("p-source/all", "p-source/one", "p-source/two");
        service.groups = Set.of("other");
        start = "begin";

        assertThat(findings())
                .contains(new Finding(
                        "consumer group group", true, "does not exist and will be created; the logstore has 1 of 30"));
    }

    @Test
    void missingGroupIsAFailureWhenReadingStartsAtIt() throws Exception {
        service.logstores = Set.of("p-source/all", "p-source/one", "p-source/two");
        service.groups = Set.of("other");

        assertThat(findings())
                .filteredOn(finding -> !finding.ok())
                .singleElement()
                .satisfies(
                        finding -> assertThat(finding.detail()).contains("does not exist", "The logstore has other."));
    }

    @Test
    void groupThatCannotBeCreatedIsAFailure() throws Exception {
        start = "begin";
        service.logstores = Set.of("p-source/all", "p-source/one", "p-source/two");
        service.groups = IntStream.range(0, 30).mapToObj(n -> "group-" + n).collect(Collectors.toSet());

        assertThat(findings())
                .filteredOn(finding -> !finding.ok())
                .singleElement()
                .satisfies(finding -> assertThat(finding.detail()).contains("maximum of 30 consumer groups", "Delete"));
    }

    @Test
    void rightToReadIsTriedByReadingNothing() throws Exception {
        service.logstores = Set.of("p-source/all", "p-source/one", "p-source/two");
        service.mayPull = false;

        assertThat(findings())
                .filteredOn(finding -> !finding.ok())
                .singleElement()
                .satisfies(finding ->
                        assertThat(finding.detail()).contains("PullLogs", "Unauthorized", "Check the credentials"));
    }

    @Test
    void missingLogstoreIsAFailureWithItsCure() throws Exception {
        service.logstores = Set.of("p-source/all", "p-source/two");
        service.groups = Set.of("group");

        assertThat(findings())
                .filteredOn(finding -> !finding.ok())
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.subject()).isEqualTo("target one");
                    assertThat(finding.detail()).contains("LogStoreNotExist", "Create it, or correct its name");
                });
    }

    @Test
    void targetThatMayNotBeWrittenIsAFailureThoughItCanBeSeen() throws Exception {
        service.logstores = Set.of("p-source/all", "p-source/one", "p-source/two");
        service.mayPut = false;

        assertThat(findings())
                .filteredOn(finding -> !finding.ok())
                .extracting(Finding::subject)
                .containsExactly("target one", "target two");
    }

    @Test
    void clockThatTheServiceWouldRefuseIsAFailure() throws Exception {
        service.logstores = Set.of("p-source/all", "p-source/one", "p-source/two");
        clock = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(-20));

        assertThat(findings())
                .filteredOn(finding -> !finding.ok())
                .singleElement()
                .satisfies(finding -> assertThat(finding.detail()).contains("s behind", "Correct the clock"));
    }

    @Test
    void endpointThatCannotBeReachedIsAFailure() throws Exception {
        service.logstores = Set.of("p-source/all", "p-source/one", "p-source/two");
        String before = address();
        endpoint.stop(0);

        assertThat(findings())
                .filteredOn(finding -> !finding.ok())
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.subject()).isEqualTo("clock of " + before);
                    assertThat(finding.detail()).contains("cannot be reached");
                });
    }

    @Test
    void logstoreThatAnswersAtTwoAddressesIsAFailureWhateverTheConfigurationSays() throws Exception {
        service.logstores = Set.of("p-source/all");
        service.begin = "MTAwMDAwMDAwMA==";

        assertThat(findingsOfEqualNames(service))
                .filteredOn(finding -> !finding.ok())
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.subject()).isEqualTo("source and target all");
                    assertThat(finding.detail())
                            .contains(
                                    "p-source/all at " + address()
                                            + " and at http://sls.other appear to be the same logstore",
                                    "shard 0 begins at the same cursor in both",
                                    "Correct the endpoint");
                });
        assertThat(new SameLogstoreCheck(configOfEqualNames(), connection -> () -> service).refusals())
                .singleElement()
                .asString()
                .startsWith("source and target all: p-source/all at");
    }

    @Test
    void logstoresOfEqualNamesThatDifferAreFine() throws Exception {
        FakeService other = new FakeService();
        other.logstores = Set.of("p-source/all");
        service.logstores = Set.of("p-source/all");
        service.begin = "MTAwMDAwMDAwMA==";
        other.begin = "MTAwMDAwMDAwMQ==";

        assertThat(findingsOfEqualNames(other))
                .contains(new Finding(
                        "source and target all",
                        true,
                        "p-source/all at " + address()
                                + " and at http://sls.other are different logstores: their shards" + " differ"));
        assertThat(new SameLogstoreCheck(configOfEqualNames(), connection -> () -> {
                            throw new IllegalStateException("no credentials here");
                        })
                        .refusals())
                .as("what cannot be asked from where the job is submitted")
                .isEmpty();
    }

    @Test
    void theSubmissionLooksUpNoCredentialsOfAMachine() throws Exception {
        Path file = Files.writeString(folder.resolve("dispatch.yaml"), """
                source: {endpoint: sls.one, project: p-source, logstore: all, credentials: ecs-ram-role}
                targets: [{endpoint: sls.other, logstore: all, distinct-logstore: true}]
                routes: [{topic: t, to: all}]
                default-route: drop
                """);
        JobConfig config = ConfigReader.readFile(file, Map.of(), Instant.EPOCH);

        assertThat(new SameLogstoreCheck(config, connection -> () -> {
                            throw new AssertionError("looked up");
                        })
                        .refusals())
                .isEmpty();
    }

    @Test
    void findsOutThatTheServiceTakesTheProjectInAHeader() throws Exception {
        service.logstores = Set.of("p-source/all", "p-source/one", "p-source/two");

        assertThat(findingsIf(ProjectIn.HEADER, "sls.example.com", "host"))
                .filteredOn(finding -> !finding.ok())
                .extracting(Finding::subject, Finding::detail)
                .containsExactly(
                        tuple("source p-source/all", OTHER_PLACE + "'project-in: header': then this check passes."),
                        tuple("target one", OTHER_PLACE + "'project-in: header': then this check passes."));
    }

    @Test
    void findsOutThatTheServiceTakesTheProjectInTheHost() throws Exception {
        service.logstores = Set.of("p-source/all");

        assertThat(findingsIf(ProjectIn.HOST, "cn-hangzhou.log.aliyuncs.com", "header"))
                .filteredOn(finding -> !finding.ok())
                .extracting(Finding::subject, Finding::detail)
                .containsExactly(
                        tuple("source p-source/all", OTHER_PLACE + "'project-in: host': then this check passes."),
                        tuple(
                                "target one",
                                OTHER_PLACE + "'project-in: host': then the service answers LogStoreNotExist."));
    }

    @Test
    void suggestsNoOtherPlaceForTheProjectIfThatDoesNotWork() throws Exception {
        service.logstores = Set.of("p-source/all", "p-source/one");

        assertThat(findingsIf(ProjectIn.HEADER, "cn-hangzhou.log.aliyuncs.com", "host"))
                .as("a public endpoint takes the project in the host")
                .noneMatch(finding -> finding.detail().contains("project-in"));
        assertThat(findingsIf(null, "sls.example.com", "host"))
                .noneMatch(finding -> finding.detail().contains("project-in"));
        service.logstores = Set.of();
        assertThat(findingsIf(ProjectIn.HOST, "sls.example.com", "host"))
                .as("the service found the project")
                .noneMatch(finding -> finding.detail().contains("project-in"));
    }

    @Test
    void targetByTemplateIsCheckedAsFarAsThatChangesNothing() throws Exception {
        service.logstores = Set.of("p-source/all", "p-source/app-a", "p-source/app-all", "p-source/other");

        assertThat(ofTemplate("app-*", "200"))
                .isEqualTo("2 of at most 200 logstores exist in p-source; app-a is"
                        + " writable, and logstores can be created");
        assertThat(ofTemplate("db-*", "200"))
                .isEqualTo("0 of at most 200 logstores exist in p-source; whether they can"
                        + " be created and written is not known before one exists");
        assertThat(ofTemplate("app-*", "1")).startsWith("2 of at most 1 logstores exist in p-source: no further one");
        service.mayCreate = false;
        assertThat(ofTemplate("app-*", "200")).contains("CreateLogStore", "Unauthorized");
    }

    private String ofTemplate(String allow, String most) throws Exception {
        Path file = Files.writeString(folder.resolve("dispatch.yaml"), """
                source: {endpoint: "%s", project: p-source, logstore: all, credentials: {file: keys}}
                targets:
                  - name: by-app
                    logstore: "{topic}"
                    allow: "%s"
                    max-logstores: %s
                    when-missing: create
                    create.on-failure: fail
                    when-invalid: fail
                    on-reject: fail
                    on-outage: block
                routes: [{to: by-app}]
                default-route: drop
                """.formatted(address(), allow, most));
        JobConfig config = ConfigReader.readFile(file, Map.of(), Instant.EPOCH);
        return new OnlineCheck(config, connection -> () -> service, clock)
                .findings().stream()
                        .filter(finding -> finding.subject().equals("target by-app"))
                        .map(Finding::detail)
                        .findFirst()
                        .orElseThrow();
    }

    /** The failures of a service that finds the project in one place only. */
    private List<Finding> findingsIf(@Nullable ProjectIn works, String address, String configured) throws Exception {
        Path file = Files.writeString(folder.resolve("dispatch.yaml"), """
                source:
                  endpoint: https://%s
                  project: p-source
                  logstore: all
                  project-in: %s
                  credentials: {file: keys}
                targets: [{logstore: one}]
                routes: [{topic: t, to: one}]
                default-route: drop
                """.formatted(address, configured));
        JobConfig config = ConfigReader.readFile(file, Map.of(), Instant.EPOCH);
        UnsupportedSlsClient lost = new UnsupportedSlsClient() {
            @Override
            public String credentialsInUse() {
                return "file keys: permanent credentials";
            }

            @Override
            public List<Shard> listShards(LogstoreId logstore) throws SlsException {
                throw FakeService.notFound("ListShards", logstore, "ProjectNotExist");
            }

            @Override
            public void checkLogstore(LogstoreId logstore) throws SlsException {
                throw FakeService.notFound("GetLogStore", logstore, "ProjectNotExist");
            }
        };
        return new OnlineCheck(config, connection -> () -> connection.projectIn() == works ? service : lost, clock)
                .findings().stream()
                        .filter(finding -> finding.subject().startsWith("source")
                                || finding.subject().startsWith("target"))
                        .map(finding -> new Finding(
                                finding.subject(),
                                finding.ok(),
                                finding.detail().replaceFirst("^.*one region only\\. ", "")))
                        .toList();
    }

    private List<Finding> findingsOfEqualNames(FakeService atTheOtherAddress) throws Exception {
        return new OnlineCheck(
                        configOfEqualNames(),
                        connection ->
                                () -> connection.endpoint().host().equals("sls.other") ? atTheOtherAddress : service,
                        clock)
                .findings().stream()
                        .filter(finding -> !finding.subject().startsWith("clock"))
                        .toList();
    }

    private JobConfig configOfEqualNames() throws InvalidConfigException {
        return ConfigReader.readEnvironment(
                Map.of(
                        "SLS_ENDPOINT", address(),
                        "SLS_PROJECT", "p-source",
                        "SLS_LOGSTORE", "all",
                        "SLS_ENDPOINT_TO", "sls.other",
                        "SLS_DISTINCT_LOGSTORE_TO", "true",
                        "SLS_LOGSTORE_TO1", "all"),
                Instant.EPOCH);
    }

    private static String writable(String logstore) {
        return "p-source/" + logstore
                + " exists and is writable (a test write was rejected only because of its invalid content)";
    }

    private String address() {
        return "http://127.0.0.1:" + endpoint.getAddress().getPort();
    }

    private List<Finding> findings() throws InvalidConfigException, InterruptedException {
        JobConfig config = ConfigReader.readEnvironment(
                Map.of(
                        "SLS_ENDPOINT", address(),
                        "SLS_PROJECT", "p-source",
                        "SLS_LOGSTORE", "all",
                        "SLS_CG", "group",
                        "SLS_START", start,
                        "SLS_LOGSTORE_TO1", "one",
                        "SLS_LOGSTORE_TO2", "two"),
                Instant.EPOCH);
        return new OnlineCheck(config, connection -> () -> service, clock).findings();
    }

    /** Knows logstores and consumer groups and nothing else: a check changes nothing. */
    private static final class FakeService extends UnsupportedSlsClient {

        private Set<String> logstores = Set.of();
        private Set<String> groups = Set.of("group");
        private String begin = "other";
        private boolean mayPull = true;
        private boolean mayPut = true;
        private boolean mayCreate = true;

        @Override
        public LogstorePage listLogstores(String project, int offset, int size) {
            List<String> all = logstores.stream()
                    .filter(id -> id.startsWith(project + "/"))
                    .map(id -> id.substring(project.length() + 1))
                    .sorted()
                    .toList();
            // Smaller parts than asked for: a client must continue where a part ends.
            return new LogstorePage(
                    all.size(), all.subList(Math.min(offset, all.size()), Math.min(offset + 2, all.size())));
        }

        @Override
        public void createLogstore(LogstoreId logstore, LogstoreSettings settings) throws SlsException {
            assertThat(logstores).as("a check changes nothing").contains(logstore.toString());
            throw new SlsException(
                    mayCreate ? ErrorKind.ALREADY_EXISTS : ErrorKind.UNAUTHORIZED,
                    "CreateLogStore",
                    logstore.toString(),
                    mayCreate ? 400 : 401,
                    mayCreate ? "LogStoreAlreadyExist" : "Unauthorized",
                    "id",
                    "refused",
                    null);
        }

        @Override
        public String credentialsInUse() {
            return "file keys: permanent credentials";
        }

        @Override
        public Duration retention(LogstoreId logstore) {
            return Duration.ZERO;
        }

        @Override
        public void checkLogstore(LogstoreId logstore) throws SlsException {
            if (!logstores.contains(logstore.toString())) {
                throw notFound("GetLogStore", logstore, "LogStoreNotExist");
            }
        }

        @Override
        public List<Shard> listShards(LogstoreId logstore) {
            return List.of(new Shard(0, KeyRange.RING, true, 0));
        }

        @Override
        public Map<Integer, String> consumerGroupCursors(LogstoreId logstore, String consumerGroup) {
            return Map.of(0, "MTU0", 1, "MTU1");
        }

        private static SlsException notFound(String operation, LogstoreId logstore, String code) {
            return new SlsException(
                    ErrorKind.NOT_FOUND, operation, logstore.toString(), 404, code, "id", "it is not there", null);
        }

        @Override
        public List<String> consumerGroups(LogstoreId logstore) {
            return List.copyOf(groups);
        }

        @Override
        public String cursor(LogstoreId logstore, int shard, CursorOrigin origin) {
            return origin instanceof CursorOrigin.End ? "end" : begin;
        }

        @Override
        public CompletableFuture<PulledBatch> pull(PullRequest request) {
            return mayPull
                    ? CompletableFuture.completedFuture(
                            new PulledBatch(new byte[0], 0, 0, request.cursor(), true, 0, 0))
                    : CompletableFuture.failedFuture(new SlsException(
                            ErrorKind.UNAUTHORIZED, "PullLogs", "shard 0", 403, "Unauthorized", "id", "no", null));
        }

        @Override
        public CompletableFuture<Void> put(PutRequest request) {
            assertThat(request.hashKey())
                    .as("a check writes nothing that could be stored")
                    .isEqualTo("not-a-hash-key");
            return CompletableFuture.failedFuture(new SlsException(
                    mayPut ? ErrorKind.INVALID_REQUEST : ErrorKind.UNAUTHORIZED,
                    "PutLogs",
                    request.logstore().toString(),
                    mayPut ? 400 : 401,
                    mayPut ? "ParameterInvalid" : "Unauthorized",
                    "id",
                    "no",
                    null));
        }
    }
}
