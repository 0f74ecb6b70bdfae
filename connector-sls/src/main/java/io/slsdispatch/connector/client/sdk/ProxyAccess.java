package io.slsdispatch.connector.client.sdk;

import io.slsdispatch.connector.config.ProxyConfig;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.CredentialsProvider;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.impl.auth.BasicAuthCache;
import org.apache.hc.client5.http.impl.auth.BasicCredentialsProvider;
import org.apache.hc.client5.http.impl.auth.BasicScheme;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.HttpHost;
import org.jspecify.annotations.Nullable;

/** The proxy to go through, if any, and how to be let through. */
final class ProxyAccess {

    private final @Nullable HttpHost host;
    private final BasicCredentialsProvider credentials = new BasicCredentialsProvider();
    private final @Nullable UsernamePasswordCredentials user;

    private ProxyAccess(@Nullable HttpHost host, @Nullable UsernamePasswordCredentials user) {
        this.host = host;
        this.user = user;
        if (host != null && user != null) {
            credentials.setCredentials(new AuthScope(host), user);
        }
    }

    /** @throws IllegalStateException when an environment variable that it names is not set */
    static ProxyAccess of(@Nullable ProxyConfig config) {
        if (config == null) {
            return new ProxyAccess(null, null);
        }
        HttpHost host = new HttpHost("http", config.host(), config.port());
        if (config.userVariable() == null || config.passwordVariable() == null) {
            return new ProxyAccess(host, null);
        }
        return new ProxyAccess(
                host,
                new UsernamePasswordCredentials(
                        variable(config.userVariable()),
                        variable(config.passwordVariable()).toCharArray()));
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

    CredentialsProvider credentials() {
        return credentials;
    }

    /** Shows the password with the first request, without waiting to be asked. */
    void authenticate(HttpClientContext context) {
        if (host != null && user != null) {
            BasicScheme scheme = new BasicScheme();
            scheme.initPreemptive(user);
            BasicAuthCache cache = new BasicAuthCache();
            cache.put(host, scheme);
            context.setAuthCache(cache);
        }
    }
}
