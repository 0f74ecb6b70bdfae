package io.slsdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.local.SlsLocal;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The commands and examples of the documents. Each block of commands has a comment before it that names the test which runs
 * it, or says how and when it was checked; here are the tests for those that need no cluster.
 */
class DocumentedCommandsTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Path SLS_LOCAL = ROOT.resolve("src-test/target/sls-local.jar");

    /** A block: the line before it, its indentation, its language, its text. */
    private static final Pattern BLOCK = Pattern.compile("(?m)^(.*)\\n( *)```(sh|yaml)\\n([\\s\\S]*?)^ *```$");

    private static final Pattern TESTED = Pattern.compile("\\s*<!-- tested by: (\\w+)#(\\w+) -->");
    private static final Pattern CHECKED = Pattern.compile("\\s*<!-- checked: .*\\b20\\d\\d-\\d\\d-\\d\\d\\b.* -->");
    private static final Pattern PART = Pattern.compile("\\s*<!-- (part of a configuration|a rules file) -->");
    private static final Pattern OPTION = Pattern.compile("--[a-z][a-z-]*");
    /** A call of SLS Local's administration with a body. */
    private static final Pattern CURL = Pattern.compile("curl -d '([^']*)' \\$LOCAL/(\\w+)");

    private record Block(String before, String language, String text) {

        /** Commands on one line each, without remarks. */
        Stream<String> commands() {
            return text.replaceAll("\\\\\\n *", "").lines().map(line -> line.replaceFirst("(^|\\s+)#\\s.*$", "")
                    .strip());
        }
    }

    @TempDir
    private Path folder;

    @Test
    void everyBlockOfCommandsNamesItsTestOrSaysHowItWasChecked() throws IOException {
        List<String> unmarked = new ArrayList<>();
        for (Block block : blocks("sh")) {
            Matcher tested = TESTED.matcher(block.before());
            if (tested.matches()
                    ? !isTest(tested.group(1), tested.group(2))
                    : !CHECKED.matcher(block.before()).matches()) {
                unmarked.add(block.before() + "\n" + block.text());
            }
        }

        assertThat(unmarked).isEmpty();
    }

    @Test
    void everyCommandOfTheJarInTheDocumentsIsAccepted() throws Exception {
        Map<String, Set<String>> options = new TreeMap<>();
        Set<String> offline = new TreeSet<>();
        commandsOf("sls-dispatch\\.jar|\\$JAR").forEach(arguments -> {
            String command = arguments.split(" ", 2)[0];
            options.computeIfAbsent(command, any -> new TreeSet<>()).addAll(optionsIn(arguments));
            if (command.matches("explain|plan|schema") || arguments.contains("--offline")) {
                offline.add(arguments);
            }
        });

        assertThat(options.keySet())
                .contains(
                        "check",
                        "explain",
                        "plan",
                        "preview",
                        "lag",
                        "inspect-savepoint",
                        "redrive",
                        "publish-rules",
                        "schema");
        for (Map.Entry<String, Set<String>> command : options.entrySet()) {
            JavaJar.Run help = JavaJar.run(Map.of(), command.getKey(), "--help");
            assertThat(help.exitCode()).as(command.getKey()).isZero();
            assertThat(optionsIn(help.out())).as(command.getKey()).containsAll(command.getValue());
        }
        assertThat(offline).hasSizeGreaterThan(3);
        for (String arguments : offline) {
            JavaJar.Run run = JavaJar.run(Map.of(), withFiles(arguments).split(" "));
            assertThat(run.exitCode()).as(arguments + "\n" + run.out()).isZero();
        }
    }

    @Test
    void everyCommandOfSlsLocalInTheDocumentsIsAccepted() throws Exception {
        Set<String> used = new TreeSet<>();
        commandsOf("sls-local\\.jar").forEach(arguments -> used.addAll(optionsIn(arguments)));
        Process help = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-jar",
                        SLS_LOCAL.toString(),
                        "--help")
                .redirectErrorStream(true)
                .start();
        String out = new String(help.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(help.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(used).isNotEmpty();
        assertThat(optionsIn(out)).containsAll(used);
    }

    @Test
    void everyFaultInTheDocumentsIsAcceptedBySlsLocal() throws Exception {
        int found = 0;
        HttpClient client = HttpClient.newHttpClient();
        try (SlsLocal sls = SlsLocal.start()) {
            sls.createProject("my-project");
            sls.createLogstore("my-project", "all-logs", 4);
            sls.createLogstore("my-project", "nginx-logs", 2);
            for (Block block : blocks("sh")) {
                for (Matcher calls = CURL.matcher(block.text()); calls.find(); found++) {
                    HttpRequest request = HttpRequest.newBuilder(
                                    URI.create("http://127.0.0.1:" + sls.port() + "/_local/" + calls.group(2)))
                            .POST(HttpRequest.BodyPublishers.ofString(calls.group(1)))
                            .build();
                    HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
                    assertThat(answer.statusCode())
                            .as(calls.group() + "\n" + answer.body())
                            .isEqualTo(200);
                }
            }
        }

        assertThat(found).isGreaterThan(3);
    }

    @Test
    void everyWholeConfigurationInTheDocumentsIsValid() throws Exception {
        int whole = 0;
        for (Block block : blocks("yaml")) {
            if (!PART.matcher(block.before()).matches()) {
                whole++;
                Path file = Files.writeString(folder.resolve("whole-" + whole + ".yaml"), block.text());
                JavaJar.Run run = JavaJar.run(Map.of(), "check", "--offline", "--config", file.toString());
                assertThat(run.exitCode()).as(block.text() + "\n" + run.out()).isZero();
            }
        }

        assertThat(whole).isPositive();
    }

    /** The arguments after a jar, of each command in the documents that runs it. */
    private static Stream<String> commandsOf(String jar) throws IOException {
        Pattern call = Pattern.compile("java (?:-\\S+ )*-jar \\S*(?:" + jar + ") (.+)");
        return blocks("sh").stream()
                .flatMap(Block::commands)
                .flatMap(command -> call.matcher(command).results())
                .map(result -> result.group(1).strip());
    }

    private static Set<String> optionsIn(String text) {
        Set<String> options = new TreeSet<>();
        OPTION.matcher(text).results().map(MatchResult::group).forEach(options::add);
        return options;
    }

    /** With files that are there in the place of those that the documents name. */
    private String withFiles(String arguments) throws IOException {
        Path topics = Files.writeString(folder.resolve("topics.txt"), "nginx\nmysql-7\n");
        String example = ROOT.resolve("conf/dispatch.yaml").toString();
        return arguments
                .replaceAll(
                        "conf/dispatch\\.yaml|\\$CONFIG|running\\.yaml|next\\.yaml", Matcher.quoteReplacement(example))
                .replace("topics.txt", topics.toString());
    }

    /** Whether a class of tests has this method. */
    private static boolean isTest(String name, String method) throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            List<Path> sources = files.filter(file ->
                            file.endsWith(name + ".java") && file.toString().contains("src/test/java"))
                    .toList();
            for (Path source : sources) {
                if (Pattern.compile("@Test\\s+void " + method + "\\(")
                        .matcher(Files.readString(source))
                        .find()) {
                    return true;
                }
            }
            return false;
        }
    }

    private static List<Block> blocks(String language) throws IOException {
        List<Block> blocks = new ArrayList<>();
        try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            for (Path document : Stream.concat(
                            Stream.of("README.md", "CONTRIBUTING.md").map(ROOT::resolve),
                            docs.filter(file -> file.toString().endsWith(".md")))
                    .toList()) {
                BLOCK.matcher(Files.readString(document))
                        .results()
                        .filter(block -> block.group(3).equals(language))
                        .forEach(block -> blocks.add(new Block(
                                block.group(1), language, block.group(4).replaceAll("(?m)^" + block.group(2), ""))));
            }
        }
        return blocks;
    }
}
