package io.slsdispatch.connector.client.exchange;

import io.slsdispatch.connector.client.credentials.ProxyLogin;
import io.slsdispatch.connector.config.ConnectionConfig;
import io.slsdispatch.connector.config.ConnectionConfig.ProjectIn;
import io.slsdispatch.connector.config.Endpoint;
import io.slsdispatch.connector.config.ProxyConfig;
import io.slsdispatch.connector.text.Secrets;
import java.util.List;
import java.util.function.Function;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/**
 * Determines where requests connect to and which host they name: the endpoint may be an IP address and may have a port,
 * neither of which the SDK supports, and there may be a proxy. Requests carry and sign a host name without a port; the
 * connection uses the address of the endpoint.
 */
@Internal
public final class Addressing {

    private static final int HTTP_PORT = 80;

    private static final String PROJECT = "x-log-project";

    private final Endpoint endpoint;
    private final ProjectIn projectIn;
    private final boolean throughPlainProxy;
    private final @Nullable ProxyLogin login;

    /** @throws IllegalStateException when an environment variable of the proxy's log-in is missing */
    Addressing(ConnectionConfig config) {
        this(config.endpoint(), config.projectIn(), config.network().proxy(), System::getenv);
    }

    /** @param environment the environment variables of this process */
    Addressing(
            Endpoint endpoint,
            ProjectIn projectIn,
            @Nullable ProxyConfig proxy,
            Function<String, @Nullable String> environment) {
        this.endpoint = endpoint;
        this.projectIn = projectIn;
        this.throughPlainProxy = proxy != null && !endpoint.tls();
        this.login = ProxyLogin.of(proxy, environment);
    }

    /**
     * The host of an endpoint as requests name it. An IP address, which the SDK rejects, becomes a label: the service
     * and compatible services read the project from the part of the {@code Host} header before the first dot.
     */
    public static String namedHost(Endpoint endpoint) {
        String host = endpoint.host();
        if (!endpoint.isDirect() || host.equals("localhost")) {
            return host;
        }
        // A label must not end with a hyphen: 2001:db8:: is the same address as 2001:db8::0.
        String whole = host.endsWith(":") ? host + "0" : host;
        return "ip-" + whole.replace('.', '-').replace(':', '-');
    }

    /** The value of the {@code Host} header of a request to a project. */
    String hostHeader(String project) {
        if (projectIn == ProjectIn.HEADER) {
            return endpoint.host().contains(":") ? "[" + endpoint.host() + "]" : endpoint.host();
        }
        return project + "." + namedHost(endpoint);
    }

    /** A request with the headers that name its project; they are signed, too. */
    ApiRequest addressed(ApiRequest request) {
        return projectIn == ProjectIn.HEADER ? request.with(PROJECT, request.project()) : request;
    }

    /** The host to connect to for a request to a project. */
    String connectHost(String project) {
        return endpoint.isDirect() || projectIn == ProjectIn.HEADER ? endpoint.host() : hostHeader(project);
    }

    /** The target in the request line: for a proxy, the absolute URI. */
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

    /** The secrets of the proxy, to hide them in external texts. */
    Secrets secrets() {
        return login == null ? Secrets.NONE : Secrets.of(List.of(login.password()));
    }

    /** The user name and password for the proxy; null when there is no proxy, or it needs no authentication. */
    @Nullable
    ProxyLogin proxyLogin() {
        return login;
    }
}
