package io.slsdispatch.job.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.slsdispatch.connector.config.ConnectionConfig;
import io.slsdispatch.connector.config.ConnectionConfig.ProjectIn;
import io.slsdispatch.connector.config.CredentialsConfig;
import io.slsdispatch.connector.config.CredentialsConfig.AssumeRole;
import io.slsdispatch.connector.config.CredentialsConfig.EcsRamRole;
import io.slsdispatch.connector.config.CredentialsConfig.EcsRamRole.PlainCalls;
import io.slsdispatch.connector.config.CredentialsConfig.Oidc;
import io.slsdispatch.connector.config.Signature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The examples in {@code conf/roles} and their RAM policies. What belongs into a policy is from "Use RRSA", "Instance RAM
 * roles" and "Use an external ID" in the documentation of Alibaba Cloud.
 */
class RoleExamplesTest {

    private static final Path CONF = Path.of("..", "conf");
    private static final String ROLE = "acs:ram::1234567890123456:role/sls-dispatch";

    @Test
    void everyExampleIsAWholeConfigurationWithoutKeysAndWithTls() throws Exception {
        try (Stream<Path> files = Files.list(CONF.resolve("roles"))) {
            assertThat(files.toList()).hasSize(4).allSatisfy(file -> {
                JobConfig config = read(file.getFileName().toString());
                assertThat(config.targets()).hasSize(2);
                assertThat(Stream.concat(
                                Stream.of(config.source().connection()),
                                config.targets().stream().map(JobConfig.Target::connection)))
                        .extracting(ConnectionConfig::credentials)
                        .allMatch(CredentialsConfig::belongsToTheMachine);
                assertThat(PlainConnections.warnings(config)).isEmpty();
            });
        }
    }

    @Test
    void exampleOfRrsaTakesEverythingFromThePlatform() throws Exception {
        assertThat(read("rrsa.yaml").source().connection().credentials()).isEqualTo(Oidc.ofEnvironment());

        JsonObject trust = statement("trust-rrsa.json");
        assertThat(trust.get("Action").getAsString()).isEqualTo("sts:AssumeRole");
        assertThat(trust.getAsJsonObject("Principal").keySet()).containsExactly("Federated");
        assertThat(condition(trust).keySet()).containsExactly("oidc:iss", "oidc:aud", "oidc:sub");
        assertThat(condition(trust).get("oidc:aud").getAsString()).isEqualTo("sts.aliyuncs.com");
    }

    @Test
    void exampleOfAMachineAllowsNoCallWithoutAToken() throws Exception {
        assertThat(read("machine-role.yaml").source().connection().credentials())
                .isEqualTo(new EcsRamRole("sls-dispatch", PlainCalls.NEVER, EcsRamRole.METADATA_SERVICE));

        assertThat(texts(statement("trust-machine.json")
                        .getAsJsonObject("Principal")
                        .get("Service")))
                .containsExactly("ecs.aliyuncs.com");
    }

    @Test
    void bothSidesOfTheExampleOfTwoAccountsAgree() throws Exception {
        CredentialsConfig credentials =
                read("cross-account.yaml").targets().get(0).connection().credentials();
        assertThat(credentials).isInstanceOf(AssumeRole.class);
        AssumeRole assumed = (AssumeRole) credentials;

        JsonObject ours = statement("assume-role.json");
        assertThat(ours.get("Action").getAsString()).isEqualTo("sts:AssumeRole");
        assertThat(ours.get("Resource").getAsString()).isEqualTo(assumed.role().arn());
        JsonObject theirs = statement("trust-cross-account.json");
        assertThat(texts(theirs.getAsJsonObject("Principal").get("RAM"))).containsExactly(ROLE);
        assertThat(condition(theirs).get("sts:ExternalId").getAsString()).isEqualTo(assumed.externalId());
        assertThat(Objects.requireNonNull(assumed.role().arn()))
                .as("another account")
                .doesNotStartWith(ROLE.substring(0, ROLE.indexOf(":role/")));
        assertThat(String.valueOf(assumed.role().endpoint())).isEqualTo("https://sts-vpc.cn-hangzhou.aliyuncs.com");
    }

    @Test
    void exampleOfAPrivateEndpointNamesProjectAndRegion() throws Exception {
        ConnectionConfig connection = read("private-endpoint.yaml").source().connection();

        assertThat(connection.projectIn()).isEqualTo(ProjectIn.HEADER);
        assertThat(connection.signature()).isEqualTo(new Signature.V4("cn-hangzhou"));
        assertThat(Signature.regionOf(connection.endpoint())).isEmpty();
    }

    private static JobConfig read(String file) throws Exception {
        return ConfigReader.readFile(CONF.resolve("roles").resolve(file), Map.of(), Instant.EPOCH);
    }

    /** The only statement of a policy. */
    private static JsonObject statement(String file) throws IOException {
        JsonObject policy = JsonParser.parseString(
                        Files.readString(CONF.resolve("ram").resolve(file)))
                .getAsJsonObject();
        assertThat(policy.get("Version").getAsString()).isEqualTo("1");
        JsonArray statements = policy.getAsJsonArray("Statement");
        assertThat(statements).hasSize(1);
        JsonObject statement = statements.get(0).getAsJsonObject();
        assertThat(statement.get("Effect").getAsString()).isEqualTo("Allow");
        return statement;
    }

    private static JsonObject condition(JsonObject statement) {
        return statement.getAsJsonObject("Condition").getAsJsonObject("StringEquals");
    }

    private static List<String> texts(JsonElement list) {
        return list.getAsJsonArray().asList().stream()
                .map(JsonElement::getAsString)
                .toList();
    }
}
