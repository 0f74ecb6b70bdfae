package io.slsdispatch.job.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.connector.config.CredentialsConfig;
import io.slsdispatch.job.yaml.InvalidConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A file is read as it looks, or not at all. */
@Timeout(120)
class ReadAsWrittenTest {

    private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");
    private static final Map<String, String> ENVIRONMENT =
            Map.of("CREDENTIALS_KEY", "the-key-of-the-address", "PATH_OF", "role");

    private static final String VALID = """
            source:
              endpoint: cn-hangzhou.log.aliyuncs.com
              project: project
              logstore: all-logs
              credentials: {file: /run/credentials}
            targets:
              - {logstore: nginx-logs}
            routes:
              - {topic: nginx, to: nginx-logs}
            default-route: drop
            """;

    @TempDir
    Path directory;

    @Test
    void aTagDoesNotRouteTheEmptyTopic() {
        assertThat(errorOf(VALID.replace("topic: nginx,", "topic: !nginx ,"))).contains("file.yaml:9:13", "is a tag");
    }

    @Test
    void theLineEndOfABlockIsNoPartOfATopic() {
        String block = "- to: nginx-logs\n    topic: |\n      nginx";

        assertThat(errorOf(VALID.replace("- {topic: nginx, to: nginx-logs}", block)))
                .contains("routes[0].topic", "ends with a line end");
        assertThat(errorOf(VALID.replace("- {topic: nginx, to: nginx-logs}", block.replace("|", "|-"))))
                .isEmpty();
    }

    @Test
    void aNestedKeyThatIsWrittenInBothWaysIsADuplicate() {
        assertThat(errorOf(VALID.replace("  project:", "  retry.grace: 1s\n  retry: {grace: 2s}\n  project:")))
                .contains(
                        "file.yaml:4:11  source.retry.grace", "Duplicate key; it is first defined at", "file.yaml:3:3");
    }

    @Test
    void aNumberIsNotReadAsOctalByOneAndAsDecimalByAnother() {
        String number = VALID.replace("  project:", "  max-concurrent-requests: 010\n  project:");

        assertThat(errorOf(number)).contains("= 010", "leading zero");
        assertThat(errorOf(number.replace("010", "\u0663"))).contains("Expected a whole number");
        assertThat(errorOf(number.replace("010", "10"))).isEmpty();
    }

    @Test
    void aByteOrderMarkIsNoPartOfTheFirstKey() {
        assertThat(errorOf("\ufeff" + VALID)).isEmpty();
    }

    @Test
    void aFileHasALimit() throws Exception {
        Path large = Files.writeString(directory.resolve("large.yaml"), VALID + "# " + "x".repeat(4 << 20));
        Path pipe = directory.resolve("pipe");
        new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor(10, TimeUnit.SECONDS);

        assertThat(errorOf(large)).contains("it is larger than 4194304 bytes");
        assertThat(errorOf(pipe)).contains("not a regular file");
        assertThat(errorOf(Path.of("/dev/zero"))).contains("not a regular file");
    }

    @Test
    void theKeyInAnAddressOfCredentialsIsReadInTheProcessesOnly() throws Exception {
        String address = "{uri: 'http://h/${PATH_OF}/c?key=${CREDENTIALS_KEY}&other=${NOT_SET_HERE}'}";
        Path file =
                Files.writeString(directory.resolve("file.yaml"), VALID.replace("{file: /run/credentials}", address));

        CredentialsConfig credentials = ConfigReader.readFile(file, ENVIRONMENT, NOW)
                .source()
                .connection()
                .credentials();

        assertThat(credentials)
                .isEqualTo(new CredentialsConfig.UriTemplate(
                        "http://h/role/c?key=${CREDENTIALS_KEY}&other=${NOT_SET_HERE}"))
                .hasToString("address http://h/role/c");
    }

    @Test
    void aVariableThatIsTheWholeAddressOfCredentialsMayHoldAKey() throws Exception {
        Map<String, String> whole =
                Map.of("CREDENTIALS_URI", "http://h/c", "ADDRESS", "http://h/c?key=abc", "PLAIN", "http://h/c");
        for (String name : whole.keySet()) {
            Path file = Files.writeString(
                    directory.resolve("file.yaml"),
                    VALID.replace("{file: /run/credentials}", "{uri: '${" + name + "}'}"));
            CredentialsConfig credentials = ConfigReader.readFile(file, whole, NOW)
                    .source()
                    .connection()
                    .credentials();

            assertThat(credentials.toString())
                    .isEqualTo(name.equals("PLAIN") ? "address http://h/c" : "address ${" + name + "}");
        }
    }

    @Test
    void anAddressWithoutAKeyIsAsBefore() throws Exception {
        Path file = Files.writeString(
                directory.resolve("file.yaml"),
                VALID.replace("{file: /run/credentials}", "{uri: 'http://h/${PATH_OF}?x=1'}"));

        assertThat(ConfigReader.readFile(file, ENVIRONMENT, NOW)
                        .source()
                        .connection()
                        .credentials())
                .isInstanceOfSatisfying(CredentialsConfig.Uri.class, uri -> assertThat(uri.uri())
                        .hasToString("http://h/role?x=1"));
    }

    private String errorOf(String yaml) {
        try {
            return errorOf(Files.writeString(directory.resolve("file.yaml"), yaml));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Empty when there is none. */
    private static String errorOf(Path file) {
        try {
            ConfigReader.readFile(file, ENVIRONMENT, NOW);
            return "";
        } catch (InvalidConfigException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
