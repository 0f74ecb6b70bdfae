package io.slsdispatch.job.config.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.gson.GsonBuilder;
import dev.harrel.jsonschema.Validator;
import dev.harrel.jsonschema.ValidatorFactory;
import dev.harrel.jsonschema.providers.GsonNode;
import io.slsdispatch.connector.config.CredentialsConfig;
import io.slsdispatch.connector.config.CredentialsConfig.AssumeRole;
import io.slsdispatch.connector.config.CredentialsConfig.Chain;
import io.slsdispatch.connector.config.CredentialsConfig.EcsRamRole;
import io.slsdispatch.connector.config.CredentialsConfig.EcsRamRole.PlainCalls;
import io.slsdispatch.connector.config.CredentialsConfig.Oidc;
import io.slsdispatch.connector.config.StsEndpoint;
import io.slsdispatch.connector.config.StsRole;
import io.slsdispatch.job.config.ConfigFingerprint;
import io.slsdispatch.job.config.ConfigReader;
import io.slsdispatch.job.config.JobConfig;
import io.slsdispatch.job.yaml.InvalidConfigException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The ways to sign in with a role, as they are written. */
class RoleCredentialsTest {

    private static final String ARN = "acs:ram::1234567890123456:role/sls-writer";

    @TempDir
    private Path folder;

    @Test
    void aWordIsEnoughForWhatTheMachineOrThePodHas() throws Exception {
        assertThat(read("default")).isEqualTo(new CredentialsConfig.Default());
        assertThat(read("ecs-ram-role")).isEqualTo(EcsRamRole.any());
        assertThat(read("oidc")).isEqualTo(Oidc.ofEnvironment());
        assertThat(read("{ecs-ram-role: }")).isEqualTo(EcsRamRole.any());
        assertThat(read("{default: {}}")).isEqualTo(new CredentialsConfig.Default());
        assertThat(read("[{file: keys}, default]"))
                .isEqualTo(new Chain(List.of(new CredentialsConfig.File("keys"), new CredentialsConfig.Default())));
    }

    @Test
    void theRoleOfTheMachine() throws Exception {
        assertThat(
                        read(
                                "{ecs-ram-role: {role: sls-reader, plain-calls: never, metadata-address: 'http://10.0.0.1:8080'}}"))
                .isEqualTo(new EcsRamRole("sls-reader", PlainCalls.NEVER, URI.create("http://10.0.0.1:8080")));
    }

    @Test
    void theRoleOfAPod() throws Exception {
        assertThat(read("{oidc: {role-arn: '" + ARN + "', provider-arn: 'acs:ram::1234567890123456:oidc-provider/ack',"
                        + " token-file: '${DIR}/token', session-name: nightly, duration: 15min,"
                        + " sts-region: cn-hangzhou, sts-vpc: true}}"))
                .isEqualTo(new Oidc(
                        StsRole.builder()
                                .arn(ARN)
                                .sessionName("nightly")
                                .duration(Duration.ofMinutes(15))
                                .endpoint(StsEndpoint.parse("sts-vpc.cn-hangzhou.aliyuncs.com"))
                                .build(),
                        "acs:ram::1234567890123456:oidc-provider/ack",
                        "/var/run/token"));
    }

    @Test
    void aRoleIsAssumedOnTopOfAnyOtherWay() throws Exception {
        StsRole first = StsRole.of("acs:ram::1:role/first");

        assertThat(read("{assume-role: {role-arn: '" + ARN + "'}}"))
                .isEqualTo(new AssumeRole(StsRole.of(ARN), null, new CredentialsConfig.Default()));
        assertThat(read("{assume-role: {role-arn: '" + ARN + "', external-id: id-1, from:"
                        + " {assume-role: {role-arn: 'acs:ram::1:role/first', from: [ecs-ram-role, {file: keys}]}}}}"))
                .isEqualTo(new AssumeRole(
                        StsRole.of(ARN),
                        "id-1",
                        new AssumeRole(
                                first,
                                null,
                                new Chain(List.of(EcsRamRole.any(), new CredentialsConfig.File("keys"))))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "s3cr3t-value                                                | Expected",
                "{oidc: s3cr3t-value}                                        | Expected a mapping",
                "{oidc: {role-arn: s3cr3t-value}}                            | acs:ram::ACCOUNT-ID:role/ROLE-NAME",
                "{oidc: {provider-arn: s3cr3t-value}}                        | oidc-provider/NAME",
                "{oidc: {duration: s3cr3t-value}}                            | 15 min to 12 h",
                "{oidc: {duration: 14min}}                                   | 15 min to 12 h",
                "{oidc: {duration: 13h}}                                     | 15 min to 12 h",
                "{oidc: {session-name: 's3cr3t value'}}                      | 2 to 64",
                "{oidc: {sts-endpoint: 'http://s3cr3t-value'}}               | http:// is for 127.0.0.1 only",
                "{oidc: {sts-endpoint: 'https://u:s3cr3t-value@host'}}       | [https://]host[:port]",
                "{oidc: {sts-endpoint: sts, sts-region: cn-hangzhou}}        | not both",
                "{oidc: {sts-vpc: true}}                                     | requires 'sts-region'",
                "{oidc: {s3cr3t-value: x}}                                   | Unknown key",
                "{default: {role: x}}                                        | Unknown key",
                "{ecs-ram-role: {plain-calls: s3cr3t-value}}                 | never",
                "{ecs-ram-role: {metadata-address: 's3cr3t-value'}}          | metadata service",
                "{ecs-ram-role: {role: 's3cr3t value'}}                      | name of a RAM role",
                "{assume-role: }                                             | Expected a mapping",
                "{assume-role: {}}                                           | Missing",
                "{assume-role: {role-arn: 'acs:ram::1:role/x', external-id: 's3cr3t value'}} | 2 to 1224",
                "{assume-role: {role-arn: 'acs:ram::1:role/x', from: s3cr3t-value}} | Expected",
                "{assume-role: {role-arn: 'acs:ram::1:role/x', from: {}}}    | No credentials",
                "{oidc: {}, file: keys}                                      | More than one kind",
            })
    void everyErrorHasItsPlaceAndRepeatsNoValue(String credentials, String message) {
        assertThatExceptionOfType(InvalidConfigException.class)
                .isThrownBy(() -> read(credentials))
                .withMessageContaining(message)
                .withMessageContaining("source.credentials")
                .satisfies(refusal -> assertThat(refusal.errors().toString() + refusal.getMessage())
                        .doesNotContain("s3cr3t"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "default",
                "{ecs-ram-role: {}}",
                "{ecs-ram-role: {role: r, plain-calls: after-any-failure}}",
                "{oidc: {sts-region: cn-hangzhou, sts-vpc: true, duration: 1h}}",
                "[{assume-role: {role-arn: 'acs:ram::1:role/x', external-id: id, from: [oidc, {uri: 'http://x/y'}]}}]",
            })
    void theSchemaAcceptsWhatIsRead(String credentials) throws Exception {
        read(credentials);

        assertThat(validates(credentials)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "assume-role",
                "{assume-role: {}}",
                "{oidc: {role-arn: x}}",
                "{oidc: {unknown: x}}",
                "{ecs-ram-role: {plain-calls: sometimes}}",
                "{assume-role: {role-arn: 'acs:ram::1:role/x', from: {}}}",
            })
    void theSchemaRefusesWhatIsNotRead(String credentials) throws Exception {
        assertThatExceptionOfType(InvalidConfigException.class).isThrownBy(() -> read(credentials));
        assertThat(validates(credentials)).isFalse();
    }

    @Test
    void everyValueCountsForTheFingerprint() throws Exception {
        Set<String> fingerprints = new LinkedHashSet<>();
        List<String> all = List.of(
                "default",
                "ecs-ram-role",
                "{ecs-ram-role: {plain-calls: never}}",
                "oidc",
                "{oidc: {duration: 2h}}",
                "{assume-role: {role-arn: '" + ARN + "'}}",
                "{assume-role: {role-arn: '" + ARN + "', external-id: one}}",
                "{assume-role: {role-arn: '" + ARN + "', external-id: two}}",
                "{assume-role: {role-arn: '" + ARN + "', external-id: two, from: ecs-ram-role}}",
                "[{assume-role: {role-arn: '" + ARN + "', external-id: two, from: ecs-ram-role}}]");
        for (String credentials : all) {
            fingerprints.add(ConfigFingerprint.of(config(credentials)).hex());
        }

        assertThat(fingerprints).hasSize(all.size());
    }

    @Test
    void theDocumentedExamplesAreValid() throws Exception {
        String document = Files.readString(Path.of("..", "docs", "configuration.md"));
        int begin = document.indexOf("credentials: ecs-ram-role");
        String[] examples =
                document.substring(begin, document.indexOf("```", begin)).split("---\n");

        assertThat(examples).hasSize(4);
        for (String example : examples) {
            String yaml = yaml("REPLACED").replace("  credentials: REPLACED\n", example.indent(2));
            assertThat(ConfigReader.readFile(
                                    Files.writeString(folder.resolve("example.yaml"), yaml), Map.of(), Instant.EPOCH)
                            .source()
                            .connection()
                            .credentials()
                            .belongsToTheMachine())
                    .as(example)
                    .isTrue();
        }
    }

    @Test
    void tellsWhichCredentialsBelongToTheMachine() throws Exception {
        for (String credentials : List.of("default", "oidc", "ecs-ram-role", "[{file: keys}, oidc]")) {
            assertThat(read(credentials).belongsToTheMachine()).as(credentials).isTrue();
            assertThat(read("{assume-role: {role-arn: '" + ARN + "', from: " + credentials + "}}")
                            .belongsToTheMachine())
                    .isTrue();
        }
        for (String credentials : List.of("{file: keys}", "{uri: 'http://x/y'}", "[{file: keys}]")) {
            assertThat(read(credentials).belongsToTheMachine()).as(credentials).isFalse();
            assertThat(read("{assume-role: {role-arn: '" + ARN + "', from: " + credentials + "}}")
                            .belongsToTheMachine())
                    .isFalse();
        }
    }

    private static boolean validates(String credentials) throws Exception {
        Validator validator = new ValidatorFactory()
                .withJsonNodeFactory(new GsonNode.Factory())
                .createValidator();
        URI schema = validator.registerSchema(Files.readString(Path.of("..", "conf", "dispatch.schema.json")));
        Object tree = new Load(LoadSettings.builder().build()).loadFromString(yaml(credentials));
        return validator
                .validate(schema, new GsonBuilder().serializeNulls().create().toJson(tree))
                .isValid();
    }

    private CredentialsConfig read(String credentials) throws Exception {
        return config(credentials).source().connection().credentials();
    }

    private JobConfig config(String credentials) throws Exception {
        return ConfigReader.readFile(
                Files.writeString(folder.resolve("dispatch.yaml"), yaml(credentials)),
                Map.of("DIR", "/var/run"),
                Instant.EPOCH);
    }

    private static String yaml(String credentials) {
        return """
                source:
                  endpoint: sls.test
                  project: my-project
                  logstore: all
                  credentials: %s
                targets:
                  - logstore: other
                routes:
                  - {topic: nginx, to: other}
                default-route: drop
                """.formatted(credentials);
    }
}
