package io.slsdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Opens and runs the jar that users submit. */
class FatJarTest {

    private static JarFile jar;
    private static List<String> names;

    @TempDir
    private Path folder;

    @BeforeAll
    static void open() throws IOException {
        assertThat(JavaJar.PATH)
                .as("the fat jar, which the phase 'package' of the module job builds")
                .exists();
        jar = new JarFile(JavaJar.PATH.toFile());
        names = new ArrayList<>();
        for (Enumeration<JarEntry> entries = jar.entries(); entries.hasMoreElements(); ) {
            names.add(entries.nextElement().getName());
        }
    }

    @AfterAll
    static void close() throws IOException {
        jar.close();
    }

    @Test
    void holdsNothingThatTheClusterBrings() {
        assertThat(names)
                .noneMatch(name -> name.startsWith("org/apache/flink/"))
                .noneMatch(name -> name.startsWith("org/slf4j/"))
                .noneMatch(name -> name.startsWith("org/apache/logging/"))
                .noneMatch(name -> name.startsWith("org/apache/commons/logging/"));
    }

    /** Only a name that the SDK's classes refer to: all requests go over Netty. */
    @Test
    void holdsNoSecondHttpClient() {
        assertThat(names)
                .filteredOn(name -> name.contains("org/apache/hc/") && name.endsWith(".class"))
                .containsExactlyInAnyOrder(
                        "io/slsdispatch/shaded/org/apache/hc/client5/http/io/HttpClientConnectionManager.class",
                        "io/slsdispatch/shaded/org/apache/hc/core5/io/CloseMode.class",
                        "io/slsdispatch/shaded/org/apache/hc/core5/io/ModalCloseable.class");
    }

    @Test
    void everyClassHasANameThatNobodyElseUses() {
        // The SDK under its own name, and the two libraries whose native code knows theirs.
        List<String> expected = List.of(
                "io/slsdispatch/",
                "com/aliyun/openservices/log/",
                "net/jpountz/",
                "com/github/luben/zstd/",
                "META-INF/standalone/org/slf4j/");

        assertThat(names)
                .filteredOn(name -> name.endsWith(".class"))
                .isNotEmpty()
                .allMatch(name -> expected.stream().anyMatch(name::startsWith));
    }

    @Test
    void noEntryIsThereTwice() {
        assertThat(names).doesNotHaveDuplicates();
    }

    @Test
    void classesOfLibrariesAreReferredToByTheirNewNames() {
        Stream<String> ours = names.stream()
                .filter(name -> name.endsWith(".class"))
                .filter(name -> name.startsWith("io/slsdispatch/") || name.startsWith("com/aliyun/"));

        assertThat(ours.filter(name -> {
                    String content = new String(bytes(name), StandardCharsets.ISO_8859_1);
                    return content.contains("Lcom/google/protobuf/")
                            || content.contains("Lorg/apache/hc/")
                            || content.contains("Lio/netty/")
                            || content.contains("Lcom/alibaba/fastjson/");
                }))
                .isEmpty();
    }

    @Test
    void leftoversOfOtherJarsAreGone() {
        assertThat(names)
                .noneMatch(name -> name.endsWith("module-info.class"))
                .noneMatch(name -> name.matches("META-INF/[^/]+\\.(SF|DSA|RSA|EC)"))
                .noneMatch(name -> name.startsWith("META-INF/services/javax.ws.rs"));
    }

    @Test
    void licencesAreKeptAndEveryLibraryIsNamed() throws IOException {
        assertThat(names).contains("META-INF/LICENSE", "META-INF/NOTICE");
        String notice = new String(bytes("META-INF/NOTICE"), StandardCharsets.UTF_8);

        assertThat(notice).contains("Apache HttpClient", "Apache Commons Codec", "Alibaba Group");
        for (String name : names) {
            if (name.matches("META-INF/maven/.*/pom\\.properties") && !name.contains("/io.slsdispatch/")) {
                Properties library = new Properties();
                try (InputStream in = jar.getInputStream(jar.getEntry(name))) {
                    library.load(in);
                }
                assertThat(notice)
                        .contains("- " + library.getProperty("groupId") + ":" + library.getProperty("artifactId") + ":"
                                + library.getProperty("version") + "\n");
            }
        }
        assertThat(notice.lines()
                        .filter(line -> line.contains("licenses/"))
                        .flatMap(line -> Stream.of(line.split("[ ,)]")).filter(word -> word.startsWith("licenses/"))))
                .isNotEmpty()
                .allSatisfy(text -> assertThat(names).contains("META-INF/" + text));
    }

    @Test
    void runsByItselfWithoutFlink() throws Exception {
        assertThat(jar.getManifest().getMainAttributes().getValue("Main-Class")).isEqualTo("io.slsdispatch.job.Main");

        JavaJar.Run version = JavaJar.run(Map.of(), "--version");
        assertThat(version.exitCode()).isZero();
        assertThat(version.out()).matches("(?s)sls-dispatch \\d.*");
        assertThat(JavaJar.run(Map.of(), "--help").out().replaceAll("\\s+", " "))
                .contains("Exit codes", "status asks the Flink in which the job runs", "All others need no Flink.");
    }

    @Test
    void badConfigurationEndsWithTwoAndWithoutAStackTrace() throws Exception {
        Path file = Files.writeString(folder.resolve("bad.yaml"), "source: {endpoint: 'http://', projct: x}\n");

        for (JavaJar.Run run : List.of(
                JavaJar.run(Map.of(), "--config", file.toString()),
                JavaJar.run(Map.of(), "--config", file.toString(), "--check"))) {
            assertThat(run.exitCode()).isEqualTo(2);
            assertThat(run.out()).contains("bad.yaml:1:", "source.projct", "Did you mean 'project'?");
            assertThat(run.out()).doesNotContain("Exception", "\tat ");
        }
    }

    @Test
    void startWithoutFlinkSaysHowToSubmit() throws Exception {
        Path example = Path.of("..", "conf", "dispatch.yaml");

        JavaJar.Run run = JavaJar.run(Map.of(), "--config", example.toString());

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).contains("needs Flink", "flink run -d " + JavaJar.PATH + " --config " + example);
    }

    private static byte[] bytes(String name) {
        try (InputStream in = jar.getInputStream(jar.getEntry(name))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
