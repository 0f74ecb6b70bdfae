package io.slsdispatch.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FlinkLibTest {

    @Test
    void holdsNothingThatTheJobsJarMustBring() throws IOException {
        List<String> entries = new ArrayList<>();
        try (Stream<Path> jars = Files.list(Launcher.LIB)) {
            for (Path jar : jars.toList()) {
                try (JarFile file = new JarFile(jar.toFile())) {
                    file.stream().forEach(entry -> entries.add(entry.getName()));
                }
            }
        }

        assertThat(entries)
                .contains("org/apache/flink/client/cli/CliFrontend.class")
                .noneMatch(entry -> entry.startsWith("io/slsdispatch/"))
                .noneMatch(entry -> entry.startsWith("com/aliyun/"))
                .noneMatch(entry -> entry.startsWith("com/google/protobuf/"))
                .noneMatch(entry -> entry.startsWith("org/apache/hc/"));
    }
}
