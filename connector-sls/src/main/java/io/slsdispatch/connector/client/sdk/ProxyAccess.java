package io.slsdispatch.connector.client.sdk;

import io.slsdispatch.connector.config.ProxyConfig;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.CredentialsProvider;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.impl.auth.BasicCredentialsProvider;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpRequest;
import org.jspecify.annotations.Nullable;

/** The proxy to go through, if any, and how to be let through. */
final class ProxyAccess {

    private final @Nullable HttpHost host;
    private final BasicCredentialsProvider credentials = new BasicCredentialsProvider();
    private final @Nullable String authorization;

    /** @throws IllegalStateException when an environment variable that the configuration names is not set */
    ProxyAccess(@Nullable ProxyConfig config) {
        if (config == null) {
            this.host = null;
            this.authorization = null;
            return;
        }
        this.host = new HttpHost("http", config.host(), config.port());
        if (config.userVariable() == null || config.passwordVariable() == null) {
            this.authorization = null;
            return;
        }
        String user = variable(config.userVariable());
        String password = variable(config.passwordVariable());
        credentials.setCredentials(new AuthScope(host), new UsernamePasswordCredentials(user, password.toCharArray()));
        this.authorization =
                "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    private static String variable(String name) {
        String value = System.getenv(name);
        if (value == null || value.isEmpty()) {
            throw new IllegalStateException(
                    "environment variable " + name + " is not set in this process; it is needed for the proxy");
        }
        return value;
    }

    @Nullable
    HttpHost host() {
        return host;
    }

    /** Answers a proxy that asks for a password when a tunnel is opened. */
    CredentialsProvider credentials() {
        return credentials;
    }

    /**
     * Shows the password with a plain request, without waiting to be asked. What goes through a tunnel does not carry it:
     * the service would get it.
     */
    void authorize(HttpRequest plain) {
        if (authorization != null) {
            plain.setHeader(HttpHeaders.PROXY_AUTHORIZATION, authorization);
        }
    }
}
