package io.slsdispatch.job.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OwnJarTest {

    @TempDir
    private Path folder;

    private URL jar(String path) throws Exception {
        Path jar = folder.resolve(path);
        Files.createDirectories(jar.getParent());
        return Files.createFile(jar).toUri().toURL();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "here/job/target/sls-dispatch.jar | job/target/sls-dispatch.jar",
                "here/my jars/it's.jar | 'my jars/it'\\''s.jar'",
                "here/flink-web-upload/0a1b_sls-dispatch.jar | sls-dispatch.jar",
                "here/classes | sls-dispatch.jar"
            })
    void isNamedAsAShellTakesIt(String path, String name) throws Exception {
        assertThat(OwnJar.inCommands(jar(path), folder.resolve("here"))).isEqualTo(name);
    }

    @Test
    void isAbsoluteOutsideTheWorkingDirectory() throws Exception {
        URL jar = jar("elsewhere/sls-dispatch-2.jar");
        assertThat(OwnJar.inCommands(jar, folder.resolve("here")))
                .isEqualTo(folder.resolve("elsewhere/sls-dispatch-2.jar").toString());
    }

    @Test
    void hasItsUsualNameWhereThereIsNoFile() throws Exception {
        assertThat(OwnJar.inCommands(null, folder)).isEqualTo("sls-dispatch.jar");
        assertThat(OwnJar.inCommands(URI.create("http://example.com/a.jar").toURL(), folder))
                .isEqualTo("sls-dispatch.jar");
        assertThat(OwnJar.inCommands(folder.resolve("gone.jar").toUri().toURL(), folder))
                .isEqualTo("sls-dispatch.jar");
    }
}
