package io.slsdispatch.e2e.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.flink.client.cli.ClientOptions;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code conf/flink/config.yaml}, with what is commented out in it. */
class FlinkConfigurationTest {

    private static final Path FILE = Path.of("..", "conf", "flink", "config.yaml");
    private static final Pattern COMMENTED_OUT = Pattern.compile("(?m)^# ([a-z][A-Za-z0-9.-]+: [^ ].*)$");

    @TempDir
    private Path folder;

    private Configuration configuration;

    @BeforeEach
    void load() throws IOException {
        String text = Files.readString(FILE);
        Files.writeString(
                folder.resolve("config.yaml"), COMMENTED_OUT.matcher(text).replaceAll("$1"));
        configuration = GlobalConfiguration.loadConfiguration(folder.toString());
    }

    @Test
    void holdsOnlyOptionsOfFlinkWithValuesOfTheirTypes() {
        Map<String, ConfigOption<?>> known = FlinkOptions.newest();
        known.put(ClientOptions.CLIENT_TIMEOUT.key(), ClientOptions.CLIENT_TIMEOUT);

        assertThat(configuration.toMap().keySet()).hasSizeGreaterThan(40).allSatisfy(key -> {
            if (isOfTheReporter(key)) {
                return;
            }
            assertThat(known).containsKey(key);
            assertThatCode(() -> configuration.get(known.get(key))).doesNotThrowAnyException();
        });
    }

    @Test
    void holdsOnlyOptionsThatTheLtsLineHasToo() {
        Set<String> known = FlinkOptions.keysOfLts();
        // Declared by Flink's client, in both lines.
        known.add(ClientOptions.CLIENT_TIMEOUT.key());

        assertThat(configuration.toMap().keySet())
                .filteredOn(key -> !isOfTheReporter(key))
                .isSubsetOf(known);
    }

    @Test
    void heapOfATaskManagerIsEnoughForWhatTheFilePromises() {
        MemorySize heap =
                TaskExecutorProcessUtils.processSpecFromConfig(configuration).getTaskHeapSize();
        int slots = configuration.get(TaskManagerOptions.NUM_TASK_SLOTS);
        MemorySize reader = MemorySize.parse("64m");
        MemorySize writers = MemorySize.parse("8m").multiply(60);

        assertThat(heap).isGreaterThan(reader.add(writers).multiply(2).multiply(slots));
        assertThat(heap.getMebiBytes()).isBetween(2250, 2400);
    }

    @Test
    void commandThatStopsAJobOutlivesTheSavepoint() {
        assertThat(configuration.get(ClientOptions.CLIENT_TIMEOUT))
                .isGreaterThan(configuration.get(CheckpointingOptions.CHECKPOINTING_TIMEOUT));
    }

    private static boolean isOfTheReporter(String key) {
        return Set.of(
                        "metrics.reporter.prom.factory.class",
                        "metrics.reporter.prom.port",
                        "metrics.reporter.prom.filterLabelValueCharacters",
                        "metrics.reporter.prom.scope.variables.excludes")
                .contains(key);
    }
}
