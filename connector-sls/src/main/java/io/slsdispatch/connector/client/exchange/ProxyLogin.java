package io.slsdispatch.connector.client.exchange;

import io.slsdispatch.connector.config.ProxyConfig;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * User and password of a proxy. The password is shown without waiting to be asked, to the proxy alone: what goes through
 * a tunnel does not carry it, since the service would get it.
 */
public record ProxyLogin(String user, String password) {

    /**
     * The log-in that a configuration names; null when the proxy asks for none.
     *
     * @throws IllegalStateException when an environment variable is not set
     */
    public static @Nullable ProxyLogin of(@Nullable ProxyConfig config) {
        if (config == null || config.userVariable() == null || config.passwordVariable() == null) {
            return null;
        }
        return new ProxyLogin(variable(config.userVariable()), variable(config.passwordVariable()));
    }

    private static String variable(String name) {
        String value = System.getenv(name);
        if (value == null || value.isEmpty()) {
            throw new IllegalStateException(
                    "environment variable " + name + " is not set in this process; it is needed for the proxy");
        }
        return value;
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
