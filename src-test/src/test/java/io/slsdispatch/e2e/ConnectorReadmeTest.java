package io.slsdispatch.e2e;

import static io.slsdispatch.testing.LogGroupBuilder.logGroup;
import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.connector.sink.SlsSink;
import io.slsdispatch.connector.source.SlsSource;
import io.slsdispatch.local.SlsLocal;
import io.slsdispatch.local.SlsLocalOptions;
import io.slsdispatch.local.junit.WithSlsLocal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.util.TestStreamEnvironment;
import org.apache.flink.test.junit5.InjectMiniCluster;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The examples in the README and the Javadoc of the connector: they compile as they are, run, and do what they say. */
@WithSlsLocal
class ConnectorReadmeTest {

    private static final Path CONNECTOR = Path.of("..", "connector-sls");
    private static final String PROJECT = "my-project";

    @RegisterExtension
    static final MiniClusterExtension CLUSTER = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(1)
            .setNumberSlotsPerTaskManager(1)
            .build());

    @TempDir
    Path classes;

    @TempDir
    Path keys;

    private String[] arguments = {};

    @BeforeEach
    void writeArguments(SlsLocal service) throws IOException {
        service.createProject(PROJECT);
        Path file = Files.writeString(
                keys.resolve("key.properties"),
                "access-key-id=" + SlsLocalOptions.DEFAULT_KEY.accessKeyId() + "\naccess-key-secret="
                        + SlsLocalOptions.DEFAULT_KEY.accessKeySecret() + "\n");
        arguments = new String[] {service.endpoint(), file.toString()};
    }

    @Test
    void theSourceExamplePrintsWhatTheLogstoreHolds(@InjectMiniCluster MiniCluster cluster, SlsLocal service)
            throws Exception {
        byte[] group = logGroup().topic("nginx").toBytes();
        service.createLogstore(PROJECT, "access-log", 2);
        service.put(PROJECT, "access-log", 0, group);
        service.put(PROJECT, "access-log", 1, group);

        assertThat(run(cluster, "ReadLogstore").lines())
                .filteredOn(line -> line.endsWith("nginx: " + group.length + " bytes"))
                .hasSize(2);
    }

    @Test
    void theSinkExampleWritesItsGroups(@InjectMiniCluster MiniCluster cluster, SlsLocal service) throws Exception {
        service.createLogstore(PROJECT, "greetings", 2);

        run(cluster, "WriteLogGroups");

        assertThat(service.ledger(PROJECT, "greetings").toList()).hasSize(2);
    }

    @Test
    void theExamplesInTheJavadocArePartsOfThoseInTheReadme() throws IOException {
        String readme = withoutSpaces(String.join("\n", blocks()));
        for (Class<?> type : List.of(SlsSource.class, SlsSink.class)) {
            String source = Files.readString(
                    CONNECTOR.resolve("src/main/java").resolve(type.getName().replace('.', '/') + ".java"));
            Matcher example =
                    Pattern.compile("(?s)<pre>\\{@code\\n(.*?)\\n \\* }</pre>").matcher(source);

            assertThat(example.find()).as("an example of %s", type).isTrue();
            assertThat(readme).contains(withoutSpaces(example.group(1).replaceAll("(?m)^ \\* ?", "")));
        }
    }

    private static String withoutSpaces(String code) {
        return code.replaceAll("//.*", "").replaceAll("\\s+", "");
    }

    private static List<String> blocks() throws IOException {
        Matcher block =
                Pattern.compile("(?s)```java\\n(.*?)```").matcher(Files.readString(CONNECTOR.resolve("README.md")));
        List<String> blocks = new ArrayList<>();
        while (block.find()) {
            blocks.add(block.group(1));
        }
        return blocks;
    }

    /** Runs the example that is this class, and returns what it printed. */
    private String run(MiniCluster cluster, String name) throws Exception {
        compile(name);
        PrintStream before = System.out;
        Thread thread = Thread.currentThread();
        ClassLoader loaderBefore = thread.getContextClassLoader();
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        URL[] path = {classes.toUri().toURL()};
        try (URLClassLoader loader = new URLClassLoader(path, getClass().getClassLoader());
                PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
            TestStreamEnvironment.setAsContext(cluster, 1, List.of(), List.of(path));
            System.setOut(out);
            thread.setContextClassLoader(loader);
            loader.loadClass(name).getMethod("main", String[].class).invoke(null, (Object) arguments);
        } finally {
            thread.setContextClassLoader(loaderBefore);
            System.setOut(before);
            TestStreamEnvironment.unsetAsContext();
        }
        return printed.toString(StandardCharsets.UTF_8);
    }

    private void compile(String name) throws IOException {
        String block = blocks().stream()
                .filter(each -> each.contains("public class " + name + " "))
                .findFirst()
                .orElseThrow();
        Path file = Files.writeString(classes.resolve(name + ".java"), block);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter problems = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            List<String> options = Stream.of(
                            "-d", classes.toString(), "-proc:none", "-classpath", System.getProperty("java.class.path"))
                    .toList();
            boolean compiled = compiler.getTask(problems, files, null, options, null, files.getJavaFileObjects(file))
                    .call();
            assertThat(compiled).as("%s compiles: %s", name, problems).isTrue();
        }
    }
}
