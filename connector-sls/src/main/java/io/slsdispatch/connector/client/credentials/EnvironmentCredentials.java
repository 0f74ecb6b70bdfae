package io.slsdispatch.connector.client.credentials;

import io.slsdispatch.connector.client.credentials.Credentials.Secret;
import io.slsdispatch.connector.config.CredentialsConfig;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Credentials in the environment variables of this process. */
final class EnvironmentCredentials implements CredentialsSource {

    private final CredentialsConfig.Environment config;
    private final Function<String, @Nullable String> environment;

    EnvironmentCredentials(CredentialsConfig.Environment config, Function<String, @Nullable String> environment) {
        this.config = config;
        this.environment = environment;
    }

    @Override
    public Credentials current() throws NoCredentialsException {
        Optional<String> id = value(config.idVariable());
        Optional<String> secret = value(config.secretVariable());
        if (id.isEmpty() || secret.isEmpty()) {
            throw new NoCredentialsException(missing(id.isEmpty(), secret.isEmpty()));
        }
        String tokenVariable = config.tokenVariable();
        Optional<Secret> token =
                tokenVariable == null ? Optional.empty() : value(tokenVariable).map(Secret::of);
        return new Credentials(id.get(), Secret.of(secret.get()), token, Optional.empty(), config.toString());
    }

    private Optional<String> value(String variable) {
        return SecretText.ofKey(environment.apply(variable));
    }

    private String missing(boolean id, boolean secret) {
        List<String> variables = new ArrayList<>();
        if (id) {
            variables.add(config.idVariable());
        }
        if (secret) {
            variables.add(config.secretVariable());
        }
        return (variables.size() == 1 ? "environment variable " : "environment variables ")
                + String.join(" and ", variables)
                + (variables.size() == 1 ? " is not set in process " : " are not set in process ")
                + ManagementFactory.getRuntimeMXBean().getName()
                + ": set it for the JobManager and every TaskManager, and for the client that submits the job";
    }
}
