package io.slsdispatch.connector.client.credentials;

import io.slsdispatch.connector.config.ProxyConfig;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.function.Function;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/**
 * User name and password of a proxy. The password is sent preemptively, to the proxy only: requests inside a tunnel do
 * not carry it, since they reach the service.
 */
@Internal
public record ProxyLogin(String user, String password) {

    /**
     * Reads the login from the environment variables that the configuration names; null when there is no proxy, or it
     * needs no authentication.
     *
     * @param environment the environment variables of this process
     * @throws IllegalStateException when a variable is missing
     */
    public static @Nullable ProxyLogin of(
            @Nullable ProxyConfig config, Function<String, @Nullable String> environment) {
        if (config == null || config.userVariable() == null || config.passwordVariable() == null) {
            return null;
        }
        return new ProxyLogin(
                variable(config.userVariable(), environment), variable(config.passwordVariable(), environment));
    }

    private static String variable(String name, Function<String, @Nullable String> environment) {
        return SecretText.of(environment.apply(name))
                .orElseThrow(() -> new IllegalStateException(
                        "environment variable " + name + " is not set in this process; it is needed for the proxy"));
    }

    /** The value of the header {@code Proxy-Authorization}. */
    public String basic() {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    /** Hides the password. */
    @Override
    public String toString() {
        return "log-in to a proxy";
    }
}
