package io.slsdispatch.job.config.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.gson.Gson;
import dev.harrel.jsonschema.Validator;
import dev.harrel.jsonschema.ValidatorFactory;
import dev.harrel.jsonschema.providers.GsonNode;
import io.slsdispatch.job.config.ConfigReader;
import io.slsdispatch.job.yaml.InvalidConfigException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Holds {@code conf/dispatch.schema.json} to what the reader takes. */
class ConfigSchemaTest {

    private static final Path CONF = Path.of("..", "conf");

    private static final String GOOD = """
            name: nightly
            source:
              endpoint: sls.test
              project: my-project
              logstore: all-logs
              credentials: [{access-key-id: "${ID}", access-key-secret: "${KEY}"}, {file: keys.json}]
              start: 1545753600
              consumer-group: group
              discovery: {interval: 5 min, jitter: 0.5}
              proxy: {host: proxy, port: 3128}
            defaults: {batching: false, retry: {give-up-after: never}}
            targets:
              - {name: nginx, logstore: nginx-logs, ordered: "${ORDERED:-true}", max-buffered: 16MiB}
              - {logstore: audit-logs, on-reject: dead-letter, dead-letter: {logstore: dead}}
            routes:
              - {name: a rule, topic: [nginx, {prefix: [a, b]}, {glob: 'x*', regex: 'y.+'}], to: [nginx, audit-logs]}
              - {topic: 7, source: '', tags: {host: db, zone: {exactly: z}}, to: drop}
            default-route: fail
            max-parallelism: 128
            dispatch: {lanes: 4, on-malformed: nginx}
            """;

    private static Validator validator;
    private static URI schema;

    @TempDir
    private Path folder;

    @BeforeAll
    static void read() throws Exception {
        validator = new ValidatorFactory()
                .withJsonNodeFactory(new GsonNode.Factory())
                .createValidator();
        schema = validator.registerSchema(Files.readString(CONF.resolve("dispatch.schema.json")));
    }

    @Test
    void goodFilesAreTakenByBoth() throws Exception {
        assertThat(validates(GOOD)).isTrue();
        read(GOOD);
        assertThat(validates(Files.readString(CONF.resolve("dispatch.yaml")))).isTrue();

        Path rules = Files.writeString(folder.resolve("rules.yaml"), "routes: [{to: drop}]\ndefault-route: drop\n");
        String reloaded = GOOD.replaceAll(
                        "(?s)routes:.*max-par", "rules: {from: " + rules + ", poll-interval: 1s}\nmax-par")
                .replace(", on-malformed: nginx", "");
        assertThat(validates(reloaded)).isTrue();
        read(reloaded);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "unknown key                 | name: nightly            | nmae: nightly",
                "unknown nested key          | jitter:                  | jittr:",
                "missing key                 | project: my-project      | # no project",
                "missing section             | targets:                 | no-targets:",
                "missing rules               | default-route: fail      | # none",
                "list where a value belongs  | endpoint: sls.test       | endpoint: [sls.test]",
                "list where keys belong      | tags: {host: db, zone: {exactly: z}} | tags: [db]",
                "no unit at all              | interval: 5 min          | interval: 5",
                "value where keys belong     | retry: {give-up-after: never} | retry: never",
                "no unit of time             | interval: 5 min          | interval: five",
                "unknown unit of size        | 16MiB                    | 16MB/s",
                "number out of its range     | port: 3128               | port: 70000",
                "text instead of a number    | lanes: 4                 | lanes: many",
                "unknown choice              | on-reject: dead-letter   | on-reject: ignore",
                "neither true nor false      | batching: false          | batching: maybe",
                "secret written out          | `\"${KEY}\"`             | abc123",
                "two ways of credentials     | {file: keys.json}        | {file: keys.json, uri: http://x}",
                "unknown way to match        | glob: 'x*'               | glop: 'x*'",
                "empty list                  | topic: [nginx, {prefix: [a, b]}, {glob: 'x*', regex: 'y.+'}] | topic: []",
                "bad name of a rule          | name: a rule             | name: ' -'",
                "target named twice          | to: [nginx, audit-logs]  | to: [nginx, nginx]",
                "no tags                     | tags: {host: db, zone: {exactly: z}} | tags: {}",
                "rules in two places         | max-parallelism: 128     | rules: {from: /rules.yaml}",
                "bad consumer group          | consumer-group: group    | consumer-group: a b",
            })
    void mistakesOfFormAreRefusedByBoth(String kind, String good, String bad) throws Exception {
        assertThat(GOOD).as("the example has it").contains(good);
        String yaml = GOOD.replace(good, bad);

        assertThat(validates(yaml)).as(kind).isFalse();
        assertThatExceptionOfType(InvalidConfigException.class).as(kind).isThrownBy(() -> read(yaml));
    }

    private boolean validates(String yaml) {
        Object tree = new Load(LoadSettings.builder().build()).loadFromString(yaml);
        return validator.validate(schema, new Gson().toJson(tree)).isValid();
    }

    private void read(String yaml) throws Exception {
        ConfigReader.readFile(Files.writeString(folder.resolve("dispatch.yaml"), yaml), Map.of(), Instant.EPOCH);
    }
}
