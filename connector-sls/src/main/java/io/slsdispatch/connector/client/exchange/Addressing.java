package io.slsdispatch.connector.client.exchange;

import io.slsdispatch.connector.config.Endpoint;
import io.slsdispatch.connector.config.ProxyConfig;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/**
 * Where requests go and how they name it: the endpoint may be an IP address and may have a port, neither of which the SDK
 * knows, and there may be a proxy. Requests carry and sign a host name without a port; the connection goes where the
 * endpoint says.
 */
@Internal
public final class Addressing {

    private static final int HTTP_PORT = 80;

    private final Endpoint endpoint;
    private final boolean throughPlainProxy;
    private final @Nullable ProxyLogin login;

    /** @throws IllegalStateException when an environment variable of the proxy's log-in is missing */
    Addressing(Endpoint endpoint, @Nullable ProxyConfig proxy) {
        this.endpoint = endpoint;
        this.throughPlainProxy = proxy != null && !endpoint.tls();
        this.login = ProxyLogin.of(proxy);
    }

    /**
     * User and password of a proxy. The password is shown without waiting to be asked, to the proxy alone: what goes
     * through a tunnel does not carry it, since the service would get it.
     */
    record ProxyLogin(String user, String password) {

        private static @Nullable ProxyLogin of(@Nullable ProxyConfig config) {
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

        private String basic() {
            return "Basic "
                    + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
        }

        /** Hides the password. */
        @Override
        public String toString() {
            return "log-in to a proxy";
        }
    }

    /**
     * An endpoint's host as requests name it. An IP address, which the SDK refuses, becomes a label: the service and
     * its like read the project from what stands before the first dot of the {@code Host} header.
     */
    public static String namedHost(Endpoint endpoint) {
        boolean address = endpoint.isDirect() && !endpoint.host().equals("localhost");
        return address ? "ip-" + endpoint.host().replace('.', '-').replace(':', '-') : endpoint.host();
    }

    /** What the {@code Host} header of a request to a project says. */
    String hostHeader(String project) {
        return project + "." + namedHost(endpoint);
    }

    /** The host to connect to for a request to a project. */
    String connectHost(String project) {
        return endpoint.isDirect() ? endpoint.host() : hostHeader(project);
    }

    /** What stands in the request line: for a proxy, the whole address. */
    String requestTarget(ApiRequest request) {
        if (!throughPlainProxy) {
            return request.target();
        }
        String port = endpoint.port() == HTTP_PORT ? "" : ":" + endpoint.port();
        return "http://" + hostHeader(request.project()) + port + request.target();
    }

    /** The header {@code Proxy-Authorization} of a request; null for none. */
    @Nullable
    String proxyAuthorization() {
        return throughPlainProxy && login != null ? login.basic() : null;
    }

    /** How to log in to the proxy; null when there is none, or it asks for no log-in. */
    @Nullable
    ProxyLogin proxyLogin() {
        return login;
    }
}
