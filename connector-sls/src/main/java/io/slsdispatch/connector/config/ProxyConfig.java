package io.slsdispatch.connector.config;

import java.io.Serializable;
import org.apache.flink.annotation.PublicEvolving;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP proxy. Plain requests are sent to it in absolute form; https uses a tunnel (CONNECT).
 *
 * @param host name or address
 * @param port 1 to 65535
 * @param userVariable environment variable that holds the user name; null for a proxy without authentication
 * @param passwordVariable environment variable that holds the password; null as above
 */
@PublicEvolving
public record ProxyConfig(
        String host,
        int port,
        @Nullable String userVariable,
        @Nullable String passwordVariable) implements Serializable {

    private static final int MAX_PORT = 65_535;

    public ProxyConfig {
        if (host.isBlank()) {
            throw new IllegalArgumentException("the proxy's host is empty");
        }
        if (port < 1 || port > MAX_PORT) {
            throw new IllegalArgumentException(
                    "port " + port + " of the proxy is not valid: expected 1 to " + MAX_PORT);
        }
        if ((userVariable == null) != (passwordVariable == null)) {
            throw new IllegalArgumentException("the proxy needs the variables of both user and password, or neither");
        }
    }

    /** A proxy without authentication. */
    public static ProxyConfig at(String host, int port) {
        return new ProxyConfig(host, port, null, null);
    }
}
