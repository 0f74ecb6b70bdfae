package io.slsdispatch.job.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.connector.config.ConnectionConfig;
import io.slsdispatch.connector.config.CredentialsConfig;
import io.slsdispatch.connector.config.ShardOrder;
import io.slsdispatch.connector.config.SinkConfig;
import io.slsdispatch.connector.config.SourceConfig;
import io.slsdispatch.connector.source.SlsSource;
import io.slsdispatch.job.config.options.OptionCatalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Holds {@code conf/} to what the code does. */
class ExampleFileTest {

    private static final Path CONF = Path.of("..", "conf");
    private static final Path EXAMPLE = CONF.resolve("dispatch.yaml");

    @Test
    void exampleIsTheSameAsAFileThatSaysOnlyWhatItNeeds(@TempDir Path folder) throws Exception {
        Path minimal = folder.resolve("dispatch.yaml");
        Files.writeString(minimal, """
                source:
                  endpoint: https://cn-hangzhou.log.aliyuncs.com
                  project: my-project
                  logstore: all-logs
                  credentials: {access-key-id: "${SLS_AK_ID}", access-key-secret: "${SLS_AK_KEY}"}
                targets:
                  - {name: nginx, logstore: nginx-logs}
                  - {name: sql, logstore: sql-audit-logs}
                  - logstore: click-logs
                routes:
                  - {topic: nginx, to: nginx}
                  - {name: audit, topic: [sql_audit, {prefix: mysql-}], to: sql}
                  - {topic: click, to: click-logs}
                default-route: drop
                """);

        assertThat(ConfigReader.readFile(EXAMPLE, Map.of(), Instant.EPOCH))
                .isEqualTo(ConfigReader.readFile(minimal, Map.of(), Instant.EPOCH));
    }

    @Test
    void defaultsAreThoseOfTheConnector() throws Exception {
        JobConfig config = ConfigReader.readFile(EXAMPLE, Map.of(), Instant.EPOCH);

        ConnectionConfig connection = ConnectionConfig.of(
                config.source().connection().endpoint(),
                new CredentialsConfig.Environment("SLS_AK_ID", "SLS_AK_KEY", null));
        SourceConfig source = SlsSource.builder()
                .connection(connection)
                .logstore(config.source().config().logstore())
                .order(ShardOrder.AFTER_DELIVERY)
                .build()
                .config();
        assertThat(config.source().connection()).isEqualTo(connection);
        assertThat(config.source().config()).isEqualTo(source);
        assertThat(config.targets()).allSatisfy(target -> assertThat(target.config())
                .isEqualTo(SinkConfig.builder(target.name(), target.config().logstore())
                        .scope(Objects.requireNonNull(target.config().scope()))
                        .build()));
    }

    @TestFactory
    Stream<DynamicTest> everyOptionIsDescribedAndShown() throws IOException {
        List<String> lines = Files.readAllLines(EXAMPLE);
        String words = words(lines.stream());
        return OptionCatalog.PARTS.stream()
                .flatMap(part -> part.options().stream().map(option -> {
                    String name = part.path() + " " + option.key();
                    return DynamicTest.dynamicTest(name, () -> {
                        assertThat(option.description()).as("description").isNotBlank();
                        assertThat(words).as("the example").contains(words(Stream.of(option.description())));
                        String lastKey = option.key().substring(option.key().lastIndexOf('.') + 1);
                        String shown = option.defaultValue() == null ? "" : " " + option.defaultText();
                        assertThat(lines)
                                .as("lines with the key and its default")
                                .anyMatch(
                                        line -> line.replaceFirst("^[ #-]*", "").startsWith(lastKey + ":" + shown));
                    });
                }));
    }

    @Test
    void exampleOfVariablesIsAWholeConfiguration() throws Exception {
        Map<String, String> environment = Files.readAllLines(CONF.resolve("dispatch.env.example")).stream()
                .filter(line -> !line.startsWith("#") && line.contains("="))
                .map(line -> line.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));

        JobConfig config = ConfigReader.readEnvironment(environment, Instant.EPOCH);

        assertThat(config.targets()).hasSize(4);
    }

    @Test
    void tableOfOptionsHasEveryOption() {
        String table = OptionCatalog.markdown();

        assertThat(OptionCatalog.PARTS).allSatisfy(part -> assertThat(part.options())
                .allSatisfy(option -> assertThat(table).contains("| `" + option.key() + "` | ", option.description())));
    }

    /** Text without comment signs and line breaks. */
    private static String words(Stream<String> lines) {
        return lines.map(line -> line.replaceFirst("^\\s*#", "").strip())
                .collect(Collectors.joining(" "))
                .replaceAll("\\s+", " ");
    }
}
