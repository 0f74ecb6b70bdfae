package io.slsdispatch.connector.client.credentials;

import io.slsdispatch.connector.config.CredentialsConfig;
import io.slsdispatch.connector.config.CredentialsConfig.EcsRamRole;
import io.slsdispatch.connector.config.CredentialsConfig.EcsRamRole.PlainCalls;
import io.slsdispatch.connector.config.CredentialsConfig.Oidc;
import io.slsdispatch.connector.config.StsEndpoint;
import io.slsdispatch.connector.config.StsRole;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The environment variables by which Alibaba Cloud's platforms and tools say how a process signs in. They do not change
 * while the process runs.
 */
final class PlatformVariables {

    private static final String PREFIX = "ALIBABA_CLOUD_";
    private static final String KEY_ID = PREFIX + "ACCESS_KEY_ID";
    private static final String KEY_SECRET = PREFIX + "ACCESS_KEY_SECRET";
    private static final String TOKEN = PREFIX + "SECURITY_TOKEN";
    private static final String ROLE_ARN = PREFIX + "ROLE_ARN";
    private static final String PROVIDER_ARN = PREFIX + "OIDC_PROVIDER_ARN";
    private static final String TOKEN_FILE = PREFIX + "OIDC_TOKEN_FILE";
    private static final String SESSION_NAME = PREFIX + "ROLE_SESSION_NAME";
    private static final String STS_REGION = PREFIX + "STS_REGION";
    private static final String STS_VPC = PREFIX + "VPC_ENDPOINT_ENABLED";
    private static final String MACHINE_ROLE = PREFIX + "ECS_METADATA";
    private static final String MACHINE_DISABLED = PREFIX + "ECS_METADATA_DISABLED";
    private static final String PLAIN_DISABLED = PREFIX + "IMDSV1_DISABLED";

    private final Function<String, @Nullable String> environment;

    PlatformVariables(Function<String, @Nullable String> environment) {
        this.environment = environment;
    }

    /** The way that this process has by default. A group of variables that is partly set is an error. */
    CredentialsConfig byDefault() throws NoCredentialsException {
        if (isSet(KEY_ID) || isSet(KEY_SECRET)) {
            return new CredentialsConfig.Environment(KEY_ID, KEY_SECRET, TOKEN);
        }
        if (isSet(ROLE_ARN) || isSet(PROVIDER_ARN) || isSet(TOKEN_FILE)) {
            return complete(Oidc.ofEnvironment());
        }
        if (isTrue(MACHINE_DISABLED)) {
            throw new NoCredentialsException("no credentials are configured in process " + process() + ": neither "
                    + KEY_ID + " nor " + ROLE_ARN + " is set, and " + MACHINE_DISABLED
                    + " forbids the role of the machine");
        }
        return valid(() -> new EcsRamRole(
                value(MACHINE_ROLE).orElse(null),
                isTrue(PLAIN_DISABLED) ? PlainCalls.NEVER : PlainCalls.WHEN_TOKEN_UNKNOWN,
                EcsRamRole.METADATA_SERVICE));
    }

    /** Completes a configuration with the variables. */
    Oidc complete(Oidc config) throws NoCredentialsException {
        StsRole role = config.role();
        List<String> missing = Stream.of(
                        role.arn() == null ? ROLE_ARN : "",
                        config.providerArn() == null ? PROVIDER_ARN : "",
                        config.tokenFile() == null ? TOKEN_FILE : "")
                .filter(name -> !name.isEmpty() && !isSet(name))
                .toList();
        if (!missing.isEmpty()) {
            throw new NoCredentialsException("credentials by OIDC: not set in process " + process() + ": "
                    + String.join(", ", missing)
                    + ". Bind the service account of the pod to the role, or configure the values");
        }
        return valid(() -> new Oidc(
                new StsRole(
                        role.arn() == null ? value(ROLE_ARN).orElse(null) : role.arn(),
                        role.sessionName().equals(StsRole.DEFAULT_SESSION_NAME)
                                ? value(SESSION_NAME).orElse(role.sessionName())
                                : role.sessionName(),
                        role.duration(),
                        role.endpoint() == null ? stsEndpoint() : role.endpoint()),
                config.providerArn() == null ? value(PROVIDER_ARN).orElse(null) : config.providerArn(),
                config.tokenFile() == null ? value(TOKEN_FILE).orElse(null) : config.tokenFile()));
    }

    private StsEndpoint stsEndpoint() {
        return value(STS_REGION)
                .map(region -> StsEndpoint.ofRegion(region, isTrue(STS_VPC)))
                .orElse(StsEndpoint.CENTRAL);
    }

    private static <T> T valid(Supplier<T> config) throws NoCredentialsException {
        try {
            return config.get();
        } catch (IllegalArgumentException e) {
            throw new NoCredentialsException(
                    "credentials from the environment variables of process " + process() + ": " + e.getMessage());
        }
    }

    private boolean isSet(String name) {
        return value(name).isPresent();
    }

    private boolean isTrue(String name) {
        return value(name).filter(value -> value.equalsIgnoreCase("true")).isPresent();
    }

    private Optional<String> value(String name) {
        return SecretText.ofKey(environment.apply(name));
    }

    private static String process() {
        return ManagementFactory.getRuntimeMXBean().getName();
    }
}
