package io.slsdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.tools.Programs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of how to test with SLS Local: each is a project of its own, outside this build, and is run as it is. */
class SlsLocalExamplesTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Path SLS_LOCAL = ROOT.resolve("src-test/sls-local");

    @TempDir
    private Path folder;

    /** JUnit would warn of links that lead out of the folder. */
    @AfterEach
    void removeLinks() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path link : files.filter(Files::isSymbolicLink).toList()) {
                Files.delete(link);
            }
        }
    }

    /** It has one dependency for SLS Local, the artifact of this build. */
    @Test
    void theJavaExamplePassesItsTests() throws Exception {
        Path project = copy(SLS_LOCAL.resolve("examples/java"), folder.resolve("java"));
        String version = version();
        List<String> command = new ArrayList<>(List.of(
                maven().toString(),
                "-B",
                "-Dmaven.repo.local=" + repositoryWithThisBuild(version),
                "-Dsls-local.version=" + version,
                "test"));
        if (System.getProperty("maven.mode", "").equals("offline=true")) {
            command.add("-o");
        }

        String out = run(project, command);

        assertThat(out).contains("Tests run: 3, Failures: 0, Errors: 0, Skipped: 0", "BUILD SUCCESS");
    }

    private static Path maven() {
        String home = System.getProperty("maven.home", "");
        return home.isEmpty()
                ? Programs.need(List.of("mvn"), "the Java example of SLS Local", "maven")
                : Path.of(home, "bin", "mvn");
    }

    private static String version() throws IOException {
        Matcher version =
                Pattern.compile("<version>(.*?)</version>").matcher(Files.readString(ROOT.resolve("pom.xml")));
        assertThat(version.find()).isTrue();
        return version.group(1);
    }

    /**
     * The local repository of this build, with what the build has made in it as if it were installed. Nothing is really
     * installed: links lead to all else.
     */
    private Path repositoryWithThisBuild(String version) throws IOException {
        Path theirs =
                Path.of(System.getProperty("localRepository", System.getProperty("user.home") + "/.m2/repository"));
        Path ours = Files.createDirectories(folder.resolve("repository"));
        link(theirs, ours, "io");
        link(theirs.resolve("io"), Files.createDirectories(ours.resolve("io")), "slsdispatch");
        install(ours, "sls-dispatch", version, ROOT.resolve("pom.xml"), "pom");
        install(ours, "sls-local", version, SLS_LOCAL.resolve("pom.xml"), "pom");
        install(ours, "sls-local", version, SLS_LOCAL.resolve("target/sls-local-" + version + ".jar"), "jar");
        return ours;
    }

    private static void link(Path from, Path to, String except) throws IOException {
        try (Stream<Path> entries = Files.list(from)) {
            for (Path entry : entries.toList()) {
                if (!entry.endsWith(except)) {
                    Files.createSymbolicLink(to.resolve(entry.getFileName()), entry);
                }
            }
        }
    }

    private static void install(Path repository, String artifact, String version, Path file, String type)
            throws IOException {
        Path home = Files.createDirectories(
                repository.resolve("io/slsdispatch").resolve(artifact).resolve(version));
        Files.copy(file, home.resolve(artifact + "-" + version + "." + type));
    }

    private static Path copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                Files.createDirectories(target.getParent());
                Files.copy(file, target);
            }
        }
        return to;
    }

    /** Runs a command to its end, which must be a good one, and returns what it prints. */
    private String run(Path directory, List<String> command) throws IOException, InterruptedException {
        Path out = folder.resolve("out.txt");
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        try {
            assertThat(process.waitFor(5, TimeUnit.MINUTES))
                    .as(() -> command + " ends\n" + text(out))
                    .isTrue();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).as(() -> command + "\n" + text(out)).isZero();
        return text(out);
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            return unreadable.toString();
        }
    }
}
