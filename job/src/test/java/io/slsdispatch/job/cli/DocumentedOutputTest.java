package io.slsdispatch.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.job.savepoint.SavepointReader;
import io.slsdispatch.testing.LogGroupBuilder;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The output of the commands in {@code docs/commands.md} is what they print. After a change of a text, run this test with
 * {@code -Ddocumented.output=write}: it writes the document instead.
 */
class DocumentedOutputTest {

    private static final Path DOCUMENT = Path.of("..", "docs", "commands.md");
    private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");

    /** A block: the comment before it, the command, and what it prints. */
    private static final Pattern BLOCK = Pattern.compile(
            "(<!-- output, see DocumentedOutputTest -->\n```text\n\\$ sls-dispatch(.*)\n)([\\s\\S]*?)```");

    private static final Pattern CONFIGURATION = Pattern.compile("(?m)^```yaml\n(name: documented[\\s\\S]*?)^```");

    /** It covers the port of the endpoint. */
    private static final Pattern FINGERPRINT = Pattern.compile("\\b[0-9a-f]{64}\\b");

    private static final String ENDPOINT = "http://sls.example.com";

    private final FakeService service = new FakeService(2);
    private ServerSocket endpoint;
    private String document;

    @TempDir
    private Path folder;

    @BeforeEach
    void prepare() throws Exception {
        document = Files.readString(DOCUMENT);
        endpoint = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Thread answers = new Thread(this::answerWithTheTime, "endpoint");
        answers.setDaemon(true);
        answers.start();
        Matcher block = CONFIGURATION.matcher(document);
        assertThat(block.find()).as("the configuration of the examples").isTrue();
        String config = block.group(1).replace(ENDPOINT, address());
        file("dispatch.yaml", config);
        file(
                "next.yaml",
                config.replace("default-route: rest", "default-route: drop")
                        .replace("logstore: nginx-logs}", "logstore: nginx-logs, on-outage: drop}"));
        file("wrong.yaml", config.replace("to: audit", "to: audti").replace("default-route: rest", "defaultroute: x"));
        file("start.yaml", config.replace("consumer-group: dispatch", "consumer-group: dispacth\n  start: group"));
        file("nogroup.yaml", config.replace("  consumer-group: dispatch\n", ""));
        file("live.yaml", config.replaceAll("(?s)routes:.*", "rules: {from: sls://my-project/rules}\n"));
        String rules = config.substring(config.indexOf("routes:"));
        file("rules.yaml", rules);
        file("bad-rules.yaml", rules.replace("topic: nginx", "topik: nginx"));
        fill();
    }

    private void fill() {
        service.logstores.addAll(List.of(
                "my-project/all-logs",
                "my-project/nginx-logs",
                "my-project/audit-logs",
                "my-project/rest-logs",
                "my-project/dead-logs",
                "my-project/rules"));
        service.written = "my-project/rules";
        for (int i = 0; i < 300; i++) {
            String topic = i % 10 < 6 ? "nginx" : i % 10 < 9 ? "sql_audit" : "ngnix";
            LogGroupBuilder group = LogGroupBuilder.logGroup().topic(topic);
            for (int log = 0; log < 10; log++) {
                group.log(0, "message", "x".repeat(200));
            }
            service.write(i % 2, group.toBytes(), NOW.minusSeconds(300 - i));
        }
        service.consumerGroups.put("dispatch", Map.of(0, FakeService.cursorOf(150), 1, FakeService.cursorOf(120)));
        service.consumerGroups.put("old-script", Map.of());
    }

    @AfterEach
    void stop() throws IOException {
        endpoint.close();
    }

    private String address() {
        String address = "http://127.0.0.1:" + endpoint.getLocalPort();
        // Tables are as wide as their content.
        assertThat(address).hasSameSizeAs(ENDPOINT);
        return address;
    }

    private void answerWithTheTime() {
        while (true) {
            try (Socket socket = endpoint.accept()) {
                socket.getInputStream().read();
                socket.getOutputStream()
                        .write(
                                "HTTP/1.1 404 Not Found\r\nDate: Mon, 30 Nov 2026 12:00:00 GMT\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                                        .getBytes(StandardCharsets.US_ASCII));
            } catch (IOException closed) {
                return;
            }
        }
    }

    @Test
    void outputInTheDocumentIsWhatTheCommandsPrint() throws Exception {
        String now = BLOCK.matcher(document)
                .replaceAll(block -> Matcher.quoteReplacement(
                        block.group(1) + printed(block.group(2).strip()) + "```"));

        if ("write".equals(System.getProperty("documented.output"))) {
            Files.writeString(DOCUMENT, now);
        }
        assertThat(withoutFingerprints(Files.readString(DOCUMENT)))
                .as("run it with -Ddocumented.output=write, and read what changed")
                .isEqualTo(withoutFingerprints(now));
    }

    @Test
    void eachCommandIsShownWithRightAndWrongInput() {
        Set<String> right = new TreeSet<>();
        Set<String> wrong = new TreeSet<>();
        for (MatchResult block : BLOCK.matcher(document).results().toList()) {
            String command = block.group(2).strip().split(" ")[0];
            (block.group(3).endsWith("\nexit code 0\n") ? right : wrong).add(command);
        }

        assertThat(right)
                .contains(
                        "check", "explain", "plan", "preview", "lag", "inspect-savepoint", "redrive", "publish-rules");
        assertThat(wrong)
                .contains("check", "explain", "plan", "preview", "lag", "inspect-savepoint", "redrive", "publish-rules")
                .contains("status", "schema", "");
    }

    private static String withoutFingerprints(String text) {
        return FINGERPRINT.matcher(text).replaceAll("...");
    }

    /** What a command prints, and its exit code. */
    private String printed(String command) {
        StringWriter out = new StringWriter();
        Terminal terminal = new Terminal(
                Map.of(),
                connection -> () -> service,
                Clock.fixed(NOW, ZoneOffset.UTC),
                new PrintWriter(out, true),
                new PrintWriter(out, true),
                false);
        String[] arguments = command.isEmpty()
                ? new String[0]
                : Arrays.stream(command.split(" ")).map(this::withFolder).toArray(String[]::new);
        try {
            int exitCode = new DispatchCommand(terminal, Optional.empty(), savepoints()).run(arguments);
            return plain(out.toString()) + "exit code " + exitCode + "\n";
        } catch (Exception e) {
            throw new IllegalStateException(command, e);
        }
    }

    /** The argument, as a path if it is one of the files. */
    private String withFolder(String argument) {
        Path file = folder.resolve(argument.replace('/', '_'));
        return Files.exists(file) ? file.toString() : argument;
    }

    private String plain(String text) {
        return text.replace(folder + "/", "")
                .replace(address(), ENDPOINT)
                .lines()
                .map(String::stripTrailing)
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private static Optional<SavepointReader> savepoints() {
        return Optional.of((path, targets) -> {
            if (!path.equals("/savepoints/savepoint-0a1b2c")) {
                throw new IOException("no such file or directory");
            }
            return new SavepointReader.Content(
                    7,
                    "my-project/all-logs",
                    List.of(
                            new SavepointReader.ShardAt(
                                    0, FakeService.cursorOf(120), 0, Optional.of(NOW.minusSeconds(60)), "read"),
                            new SavepointReader.ShardAt(
                                    1, FakeService.cursorOf(118), 2, Optional.of(NOW.minusSeconds(58)), "read")),
                    0,
                    Optional.empty(),
                    Optional.empty(),
                    List.of(
                            new SavepointReader.Operator("sls-source", 2, 720, 412),
                            new SavepointReader.Operator("dispatch", 2, 720, 0)));
        });
    }

    private void file(String name, String content) throws IOException {
        Files.writeString(folder.resolve(name), content);
    }
}
