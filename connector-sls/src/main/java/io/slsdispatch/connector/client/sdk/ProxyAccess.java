package io.slsdispatch.connector.client.sdk;

import io.slsdispatch.connector.client.access.ProxyLogin;
import io.slsdispatch.connector.config.ProxyConfig;
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
    private final @Nullable ProxyLogin login;
    private final BasicCredentialsProvider credentials = new BasicCredentialsProvider();

    /** @throws IllegalStateException when an environment variable that the configuration names is not set */
    ProxyAccess(@Nullable ProxyConfig config) {
        this.host = config == null ? null : new HttpHost("http", config.host(), config.port());
        this.login = ProxyLogin.of(config);
        if (login != null) {
            credentials.setCredentials(
                    new AuthScope(host),
                    new UsernamePasswordCredentials(
                            login.user(), login.password().toCharArray()));
        }
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
        if (login != null) {
            plain.setHeader(HttpHeaders.PROXY_AUTHORIZATION, login.basic());
        }
    }
}
