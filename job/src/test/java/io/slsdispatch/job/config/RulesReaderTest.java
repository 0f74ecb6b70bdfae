package io.slsdispatch.job.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpServer;
import io.slsdispatch.job.routing.RouteTable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
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
                .contains(new JobConfig.RulesUpdates(new RulesLocation(rules.toString()), Duration.ofSeconds(10)));
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
            String address = "http://127.0.0.1:" + server.getAddress().getPort();

            RouteTable table = RulesReader.read(RulesLocation.parse(address + "/rules"), Set.of("nginx"));

            assertThat(table).isEqualTo(config(CONFIG + RULES).routes());
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> RulesReader.read(RulesLocation.parse(address + "/gone"), Set.of("nginx")))
                    .withMessageContaining("HTTP status 404");
        } finally {
            server.stop(0);
        }
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
                .isThrownBy(() -> RulesReader.read(RulesLocation.parse(rules.toString()), Set.of("nginx")))
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
                .withMessageContaining("Expected an absolute path or an http or https address");
    }

    @Test
    void missingFileIsToldWithWhatToDo() {
        assertThatExceptionOfType(BadConfigurationException.class)
                .isThrownBy(() -> config(CONFIG + "rules: {from: " + folder.resolve("none") + "}\n"))
                .withMessageContaining("there is no such file")
                .withMessageContaining("and for the JobManager");
    }

    private JobConfig config(String yaml) throws Exception {
        return ConfigReader.readFile(
                Files.writeString(folder.resolve("dispatch.yaml"), yaml), Map.of("HOME", "/home"), Instant.EPOCH);
    }
}
