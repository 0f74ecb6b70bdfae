package io.slsdispatch.job.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpServer;
import io.slsdispatch.connector.config.CredentialsConfig;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.job.config.ConfigReader;
import io.slsdispatch.job.config.JobConfig;
import io.slsdispatch.job.template.KnownTargets;
import io.slsdispatch.job.yaml.InvalidConfigException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
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

        assertThat(config.ruleTable()).isEqualTo(config(CONFIG + RULES).ruleTable());
        assertThat(config.rulesUpdates())
                .contains(new RulesUpdates(
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

            RuleTable table = RulesReader.read(text(address + "rules"), KnownTargets.named("nginx"));

            assertThat(table).isEqualTo(config(CONFIG + RULES).ruleTable());
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> RulesReader.read(text(address + "gone"), KnownTargets.named("nginx")))
                    .withMessageContaining("HTTP status 404");
        } finally {
            server.stop(0);
        }
    }

    /** Six prefixes of this file are rules, three of them with a rule less: its topics would be dropped. */
    @Test
    void noPrefixOfAFileThatIsBeingWrittenIsTaken() throws Exception {
        String whole =
                "routes:\n- {topic: a, to: nginx}\n- {topic: b, to: nginx}\ndefault-route: drop\ndispatch: {on-malformed: nginx}\n";
        Path file = folder.resolve("rules.yaml");
        RulesLoader polled = polled(file, Duration.ZERO);
        for (int length = 0; length < whole.length(); length++) {
            Files.writeString(file, whole.substring(0, length));

            assertThatExceptionOfType(RulesLoader.UnstableRulesException.class)
                    .as("the first %s characters", length)
                    .isThrownBy(polled::read);
        }
        Files.writeString(file, whole);
        assertThatExceptionOfType(RulesLoader.UnstableRulesException.class).isThrownBy(polled::read);
        assertThat(polled.read()).isEqualTo(whole);
        assertThat(polled.read()).isEqualTo(whole);
    }

    @Test
    void twoReadingsAreAtLeastAPollIntervalApart() throws Exception {
        RulesLoader polled = polled(Files.writeString(folder.resolve("rules.yaml"), RULES), Duration.ofDays(1));

        for (int reading = 0; reading < 10; reading++) {
            assertThatExceptionOfType(RulesLoader.UnstableRulesException.class).isThrownBy(polled::read);
        }
    }

    @Test
    void endMarkShowsThatAFileIsWhole() throws Exception {
        RulesLoader polled =
                polled(Files.writeString(folder.resolve("rules.yaml"), RULES + "...\n"), Duration.ofDays(1));

        assertThat(RulesReader.read(polled, KnownTargets.named("nginx")))
                .isEqualTo(config(CONFIG + RULES).ruleTable());
    }

    /** Whoever writes a file again and again, even with the same bytes, may be read in the middle at the same place. */
    @Test
    void aFileWhoseTimeMovesIsNotStable() throws Exception {
        Path file = Files.writeString(folder.resolve("rules.yaml"), RULES);
        RulesLoader polled = polled(file, Duration.ZERO);
        for (int reading = 0; reading < 5; reading++) {
            Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH.plusSeconds(reading)));
            assertThatExceptionOfType(RulesLoader.UnstableRulesException.class).isThrownBy(polled::read);
        }
        assertThat(polled.read()).isEqualTo(RULES);
    }

    /** As Kubernetes does with a mounted ConfigMap: the file is a link into a folder, which is a link. */
    @Test
    void aLinkThatIsSwitchedOverBringsTheNewRulesAndNothingBetween() throws Exception {
        Path one = Files.createDirectory(folder.resolve("..2026_1"));
        Path two = Files.createDirectory(folder.resolve("..2026_2"));
        Files.writeString(one.resolve("rules.yaml"), RULES);
        Files.writeString(two.resolve("rules.yaml"), RULES.replace("topic: nginx", "topic: other"));
        Path data = Files.createSymbolicLink(folder.resolve("..data"), one);
        Path file = Files.createSymbolicLink(folder.resolve("rules.yaml"), data.resolve("rules.yaml"));
        RulesLoader polled = polled(file, Duration.ZERO);
        assertThatExceptionOfType(RulesLoader.UnstableRulesException.class).isThrownBy(polled::read);
        assertThat(polled.read()).isEqualTo(RULES);

        Path next = Files.createSymbolicLink(folder.resolve("..data_tmp"), two);
        Files.move(next, data, StandardCopyOption.ATOMIC_MOVE);

        assertThatExceptionOfType(RulesLoader.UnstableRulesException.class).isThrownBy(polled::read);
        assertThat(polled.read()).contains("topic: other");
    }

    @Test
    void rulesThatChangeWhileTheJobIsSubmittedAreAMistake() throws Exception {
        Path file = Files.writeString(folder.resolve("rules.yaml"), RULES);
        AtomicInteger readings = new AtomicInteger();

        assertThatExceptionOfType(RulesLoader.UnstableRulesException.class)
                .isThrownBy(() -> RulesLoader.onceWith(
                                RulesLocation.parse(file.toString()),
                                duration -> append(file, readings.incrementAndGet()))
                        .read())
                .withMessageContaining("changes while it is read");
        assertThat(readings).hasValue(5);
    }

    private static void append(Path file, int number) {
        try {
            Files.writeString(file, "# " + number + "\n", StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static RulesLoader polled(Path file, Duration interval) {
        return RulesLoader.polled(RulesLocation.parse(file.toString()), null, interval);
    }

    /** The end of the connection is all that ends such an answer, wherever it comes. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\n\r\nroutes: []\n",
                "HTTP/1.0 200 OK\r\n\r\nroutes: []\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nroutes: []\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nb\r\nroutes: []\n\r\n"
            })
    void answerThatMayBeCutShortIsRefused(String answer) throws Exception {
        try (ServerSocket server = answering(answer)) {
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> new HttpRulesSource(address(server)).reading());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.0 200 OK\r\n\r\nroutes: []\n...\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nroutes: []\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nb\r\nroutes: []\n\r\n0\r\n\r\n"
            })
    void answerThatShowsItsEndIsRead(String answer) throws Exception {
        try (ServerSocket server = answering(answer)) {
            assertThat(new HttpRulesSource(address(server)).reading().bytes())
                    .asString()
                    .startsWith("routes: []\n");
        }
    }

    @Test
    void redirectsAreFollowedOnTheSameHostOnly() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        int port = server.getAddress().getPort();
        Map<String, String> redirects = Map.of(
                "/relative",
                "rules",
                "/absolute",
                "http://127.0.0.1:" + port + "/rules",
                "/otherHost",
                "http://localhost:" + port + "/rules?key=hidden",
                "/withoutScheme",
                "//localhost:" + port + "/rules",
                "/user",
                "http://user:hidden@127.0.0.1:" + port + "/rules",
                "/file",
                "file:///etc/passwd",
                "/invalid",
                "http://[",
                "/again",
                "/again");
        List<String> asked = new CopyOnWriteArrayList<>();
        server.createContext("/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            asked.add(path);
            byte[] rules = "routes: []\n".getBytes(StandardCharsets.UTF_8);
            if (redirects.containsKey(path)) {
                exchange.getResponseHeaders().set("Location", redirects.get(path));
                exchange.sendResponseHeaders(302, -1);
            } else {
                exchange.sendResponseHeaders(200, rules.length);
                exchange.getResponseBody().write(rules);
            }
            exchange.close();
        });
        server.start();
        try {
            for (String path : List.of("/relative", "/absolute")) {
                assertThat(new HttpRulesSource(address(server).resolve(path))
                                .reading()
                                .bytes())
                        .asString()
                        .isEqualTo("routes: []\n");
            }
            asked.clear();
            Map<String, String> messages = Map.of(
                    "/otherHost", "to another host",
                    "/withoutScheme", "to another host",
                    "/user", "to another host",
                    "/file", "to another host",
                    "/invalid", "to an invalid address",
                    "/again", "more than 5 times");
            messages.forEach((path, message) -> assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> new HttpRulesSource(address(server).resolve(path)).reading())
                    .withMessageContaining(message)
                    .satisfies(e -> assertThat(e.getMessage()).doesNotContain("hidden")));
            assertThat(asked).doesNotContain("/rules");
        } finally {
            server.stop(0);
        }
    }

    private static ServerSocket answering(String answer) throws IOException {
        ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(() -> {
            try (Socket socket = server.accept()) {
                BufferedReader request =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
                String line = request.readLine();
                while (line != null && !line.isEmpty()) {
                    line = request.readLine();
                }
                socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
            } catch (IOException e) {
                // The reader has what it wants, or says what it lacks.
            }
        });
        thread.setDaemon(true);
        thread.start();
        return server;
    }

    private static URI address(ServerSocket server) {
        return URI.create("http://127.0.0.1:" + server.getLocalPort() + "/");
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
            HttpRulesSource fetch = new HttpRulesSource(address(server), Duration.ofMillis(500));

            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(fetch::reading)
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
                    .isThrownBy(new HttpRulesSource(address(server))::reading)
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

        assertThatExceptionOfType(InvalidConfigException.class)
                .isThrownBy(() -> RulesReader.read(text(rules.toString()), KnownTargets.named("nginx")))
                .satisfies(e -> assertThat(e.errors()).hasSize(4))
                .withMessageContaining("rules.yaml:2:")
                .withMessageContaining("Did you mean 'nginx'?")
                .withMessageContaining("rules.yaml:3:")
                .withMessageContaining("default-route");
    }

    @Test
    void rulesCannotStandInBothPlaces() throws Exception {
        Path rules = Files.writeString(folder.resolve("rules.yaml"), RULES);

        assertThatExceptionOfType(InvalidConfigException.class)
                .isThrownBy(() -> config(CONFIG + RULES + "rules: {from: " + rules + "}\n"))
                .satisfies(e -> assertThat(e.errors()).hasSize(3))
                .withMessageContaining("The rules are read from 'rules.from'");
        assertThatExceptionOfType(InvalidConfigException.class)
                .isThrownBy(() -> config(CONFIG + RULES + "rules: {poll-interval: 5s}\n"))
                .withMessageContaining("It applies only with 'rules.from'");
    }

    @Test
    void variablesAreNotReplacedInThem() throws Exception {
        Path rules =
                Files.writeString(folder.resolve("rules.yaml"), RULES.replace("topic: nginx", "topic: \"${HOME}\""));

        assertThatExceptionOfType(InvalidConfigException.class)
                .isThrownBy(() -> config(CONFIG + "rules: {from: " + rules + "}\n"))
                .withMessageContaining("HOME");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rules.yaml", "http://", "https://me:secret@host/rules", "http://host/a b"})
    void placeThatTheJobManagerCouldNotFindIsRefused(String from) {
        assertThatExceptionOfType(InvalidConfigException.class)
                .isThrownBy(() -> config(CONFIG + "rules: {from: '" + from + "'}\n"))
                .withMessageContaining("rules.from")
                .withMessageContaining(
                        "Expected an absolute path, an http or https address, or sls://PROJECT/LOGSTORE");
    }

    @Test
    void missingFileIsToldWithWhatToDo() {
        assertThatExceptionOfType(InvalidConfigException.class)
                .isThrownBy(() -> config(CONFIG + "rules: {from: " + folder.resolve("none") + "}\n"))
                .withMessageContaining("no such file")
                .withMessageContaining("the JobManager must be able to read them");
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
        assertThatExceptionOfType(InvalidConfigException.class)
                .isThrownBy(() -> config(CONFIG + "rules: {from: '" + from + "'}\n"))
                .withMessageContaining("rules.from")
                .satisfies(e -> assertThat(e.errors()).hasSize(1));
    }

    @Test
    void logstoreOfRulesIsNotOneOfTheLogs() throws Exception {
        Path rules = Files.writeString(folder.resolve("rules.yaml"), RULES);

        for (String taken : List.of("all", "nginx-logs")) {
            Path file = Files.writeString(
                    folder.resolve("taken.yaml"), CONFIG + "rules: {from: 'sls://my-project/" + taken + "'}\n");
            assertThatExceptionOfType(InvalidConfigException.class)
                    .isThrownBy(() -> ConfigReader.readFileWithRules(file, rules, Map.of(), Instant.EPOCH))
                    .withMessageContaining("Use a separate logstore");
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

        assertThat(sharing.ruleTable()).isEqualTo(config(CONFIG + RULES).ruleTable());
        assertThat(sharing.rulesUpdates().orElseThrow().connection())
                .contains(sharing.source().connection());
        assertThat(sharing.rulesUpdates().orElseThrow().location().logstore())
                .contains(new RulesLocation.Logstore(new LogstoreId("other", "rules"), "a b"));
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

        assertThatExceptionOfType(InvalidConfigException.class)
                .isThrownBy(() -> config(CONFIG + "rules: {from: " + rules + ", credentials: {file: /etc/key}}\n"))
                .withMessageContaining("rules.credentials")
                .withMessageContaining("applies only to rules in a logstore");
    }

    private static RulesLoader text(String from) {
        return RulesLoader.onceWith(RulesLocation.parse(from), duration -> {});
    }

    private JobConfig config(String yaml) throws Exception {
        return ConfigReader.readFile(
                Files.writeString(folder.resolve("dispatch.yaml"), yaml), Map.of("HOME", "/home"), Instant.EPOCH);
    }
}
