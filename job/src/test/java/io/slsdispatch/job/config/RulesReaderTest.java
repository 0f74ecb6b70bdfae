package io.slsdispatch.job.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpServer;
import io.slsdispatch.connector.config.CredentialsConfig;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.job.routing.RouteTable;
import io.slsdispatch.job.rules.RulesLogstore;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RulesReaderTest {

    private static final String RULES = """
            routes:
              - {topic: nginx, to: nginx}
            default-route: drop
            dispatch: {on-malformed: nginx}
            """;

    private static final String CONFIG = """
            source:
              endpoint: sls.test
              project: my-project
              logstore: all
              consumer-group: group
              credentials: {access-key-id: "${ID}", access-key-secret: "${KEY}"}
            targets: [{name: nginx, logstore: nginx-logs}]
            """;

    @TempDir
    private Path folder;

    @Test
    void rulesThatStandByThemselvesAreTheSameAsInTheFile() throws Exception {
        Path rules = Files.writeString(folder.resolve("rules.yaml"), RULES);

        JobConfig config = config(CONFIG + "rules: {from: " + rules + "}\n");

        assertThat(config.routes()).isEqualTo(config(CONFIG + RULES).routes());
        assertThat(config.rulesUpdates())
                .contains(new JobConfig.RulesUpdates(
                        new RulesLocation(rules.toString()), Optional.empty(), Duration.ofSeconds(10)));
        assertThat(config(CONFIG + RULES).rulesUpdates()).isEmpty();
    }

    @Test
    void rulesCanStandAtAnAddress() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        byte[] body = RULES.getBytes(StandardCharsets.UTF_8);
        server.createContext("/rules", exchange -> {
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.createContext("/gone", exchange -> {
            exchange.sendResponseHeaders(404, -1);
            exchange.close();
        });
        server.start();
        try {
            URI address = address(server);

            RouteTable table = RulesReader.read(text(address + "rules"), Set.of("nginx"));

            assertThat(table).isEqualTo(config(CONFIG + RULES).routes());
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> RulesReader.read(text(address + "gone"), Set.of("nginx")))
                    .withMessageContaining("HTTP status 404");
        } finally {
            server.stop(0);
        }
    }

    /** It would be the last time that anybody asks. */
    @Test
    void addressThatBeginsAnAnswerAndDoesNotGoOnIsGivenUp() throws Exception {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 1_000);
            exchange.getResponseBody().write(RULES.getBytes(StandardCharsets.UTF_8));
            exchange.getResponseBody().flush();
            ended.join();
            exchange.close();
        });
        server.start();
        try {
            RulesFetch fetch = new RulesFetch(address(server), Duration.ofMillis(500));

            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(fetch::get)
                    .withMessageContaining("takes longer than 500 ms");
        } finally {
            ended.complete(null);
            server.stop(0);
        }
    }

    @Test
    void addressWithoutEndIsGivenUp() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream body = exchange.getResponseBody()) {
                for (int i = 0; i < 100_000; i++) {
                    body.write(RULES.getBytes(StandardCharsets.UTF_8));
                }
            }
        });
        server.start();
        try {
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(new RulesFetch(address(server))::get)
                    .withMessageContaining("longer than 1048576 bytes");
        } finally {
            server.stop(0);
        }
    }

    private static URI address(HttpServer server) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    }

    @Test
    void everyMistakeInThemIsToldWithItsPlace() throws Exception {
        Path rules = Files.writeString(folder.resolve("rules.yaml"), """
                routes:
                  - {topic: nginx, to: ngnix}
                  - {topic: {regex: '('}, to: nginx}
                source: {}
                """);

        assertThatExceptionOfType(BadConfigurationException.class)
                .isThrownBy(() -> RulesReader.read(text(rules.toString()), Set.of("nginx")))
                .satisfies(e -> assertThat(e.mistakes()).hasSize(4))
                .withMessageContaining("rules.yaml:2:")
                .withMessageContaining("Did you mean 'nginx'?")
                .withMessageContaining("rules.yaml:3:")
                .withMessageContaining("default-route");
    }

    @Test
    void rulesCannotStandInBothPlaces() throws Exception {
        Path rules = Files.writeString(folder.resolve("rules.yaml"), RULES);

        assertThatExceptionOfType(BadConfigurationException.class)
                .isThrownBy(() -> config(CONFIG + RULES + "rules: {from: " + rules + "}\n"))
                .satisfies(e -> assertThat(e.mistakes()).hasSize(3))
                .withMessageContaining("The rules stand at 'rules.from'");
        assertThatExceptionOfType(BadConfigurationException.class)
                .isThrownBy(() -> config(CONFIG + RULES + "rules: {poll-interval: 5s}\n"))
                .withMessageContaining("It holds only with 'rules.from'");
    }

    @Test
    void variablesAreNotReplacedInThem() throws Exception {
        Path rules =
                Files.writeString(folder.resolve("rules.yaml"), RULES.replace("topic: nginx", "topic: \"${HOME}\""));

        assertThatExceptionOfType(BadConfigurationException.class)
                .isThrownBy(() -> config(CONFIG + "rules: {from: " + rules + "}\n"))
                .withMessageContaining("HOME");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rules.yaml", "http://", "https://me:secret@host/rules", "http://host/a b"})
    void placeThatTheJobManagerCouldNotFindIsRefused(String from) {
        assertThatExceptionOfType(BadConfigurationException.class)
                .isThrownBy(() -> config(CONFIG + "rules: {from: '" + from + "'}\n"))
                .withMessageContaining("rules.from")
                .withMessageContaining(
                        "Expected an absolute path, an http or https address, or sls://PROJECT/LOGSTORE");
    }

    @Test
    void missingFileIsToldWithWhatToDo() {
        assertThatExceptionOfType(BadConfigurationException.class)
                .isThrownBy(() -> config(CONFIG + "rules: {from: " + folder.resolve("none") + "}\n"))
                .withMessageContaining("there is no such file")
                .withMessageContaining("and for the JobManager");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sls://my-project",
                "sls://my-project/",
                "sls://my_project/rules",
                "sls://my-project/rules/more",
                "sls://my-project/rules?query=x",
                "sls://me@my-project/rules"
            })
    void logstoreThatCannotBeIsRefused(String from) {
        assertThatExceptionOfType(BadConfigurationException.class)
                .isThrownBy(() -> config(CONFIG + "rules: {from: '" + from + "'}\n"))
                .withMessageContaining("rules.from")
                .satisfies(e -> assertThat(e.mistakes()).hasSize(1));
    }

    @Test
    void logstoreOfRulesIsNotOneOfTheLogs() throws Exception {
        Path rules = Files.writeString(folder.resolve("rules.yaml"), RULES);

        for (String taken : List.of("all", "nginx-logs")) {
            Path file = Files.writeString(
                    folder.resolve("taken.yaml"), CONFIG + "rules: {from: 'sls://my-project/" + taken + "'}\n");
            assertThatExceptionOfType(BadConfigurationException.class)
                    .isThrownBy(() -> ConfigReader.readFileWithRules(file, rules, Map.of(), Instant.EPOCH))
                    .withMessageContaining("a logstore of their own");
        }
    }

    @Test
    void rulesInALogstoreAreReadWithTheConnectionOfTheSourceAndIfNeedBeWithCredentialsOfTheirOwn() throws Exception {
        Path rules = Files.writeString(folder.resolve("rules.yaml"), RULES);
        Path shared = Files.writeString(
                folder.resolve("shared.yaml"), CONFIG + "rules: {from: 'sls://other/rules?topic=a%20b'}\n");
        Path own = Files.writeString(
                folder.resolve("own.yaml"),
                CONFIG + "rules: {from: 'sls://other/rules', credentials: {file: /etc/rules-key}}\n");

        JobConfig sharing = ConfigReader.readFileWithRules(shared, rules, Map.of(), Instant.EPOCH);
        JobConfig owning = ConfigReader.readFileWithRules(own, rules, Map.of(), Instant.EPOCH);

        assertThat(sharing.routes()).isEqualTo(config(CONFIG + RULES).routes());
        assertThat(sharing.rulesUpdates().orElseThrow().connection())
                .contains(sharing.source().connection());
        assertThat(sharing.rulesUpdates().orElseThrow().location().logstore())
                .contains(new RulesLogstore(new LogstoreId("other", "rules"), "a b"));
        assertThat(owning.rulesUpdates()
                        .orElseThrow()
                        .connection()
                        .orElseThrow()
                        .credentials())
                .isEqualTo(new CredentialsConfig.File("/etc/rules-key"));
        assertThat(owning.rulesUpdates()
                        .orElseThrow()
                        .connection()
                        .orElseThrow()
                        .endpoint())
                .isEqualTo(owning.source().connection().endpoint());
    }

    @Test
    void credentialsOfRulesHoldOnlyForALogstore() throws Exception {
        Path rules = Files.writeString(folder.resolve("rules.yaml"), RULES);

        assertThatExceptionOfType(BadConfigurationException.class)
                .isThrownBy(() -> config(CONFIG + "rules: {from: " + rules + ", credentials: {file: /etc/key}}\n"))
                .withMessageContaining("rules.credentials")
                .withMessageContaining("only with rules in a logstore");
    }

    private static RulesText text(String from) {
        return new RulesText(RulesLocation.parse(from), null);
    }

    private JobConfig config(String yaml) throws Exception {
        return ConfigReader.readFile(
                Files.writeString(folder.resolve("dispatch.yaml"), yaml), Map.of("HOME", "/home"), Instant.EPOCH);
    }
}
