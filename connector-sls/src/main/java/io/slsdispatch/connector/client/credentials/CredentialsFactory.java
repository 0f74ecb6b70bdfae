package io.slsdispatch.connector.client.credentials;

import io.slsdispatch.connector.client.http.HttpFetch.Route;
import io.slsdispatch.connector.client.http.TrustedAuthorities;
import io.slsdispatch.connector.config.ConnectionConfig.Network;
import io.slsdispatch.connector.config.CredentialsConfig;
import io.slsdispatch.connector.config.CredentialsConfig.AssumeRole;
import io.slsdispatch.connector.config.CredentialsConfig.Chain;
import io.slsdispatch.connector.config.CredentialsConfig.EcsRamRole;
import io.slsdispatch.connector.config.CredentialsConfig.Environment;
import io.slsdispatch.connector.config.CredentialsConfig.File;
import io.slsdispatch.connector.config.CredentialsConfig.Oidc;
import io.slsdispatch.connector.config.CredentialsConfig.Uri;
import io.slsdispatch.connector.config.CredentialsConfig.UriTemplate;
import io.slsdispatch.connector.config.ProxyConfig;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/**
 * Creates the source of credentials that a configuration selects.
 *
 * @param network CA file and proxy of the connection, which requests to STS use, too
 * @param environment the environment variables of this process
 * @param background runs the fetches
 */
@Internal
public record CredentialsFactory(
        Network network, Function<String, @Nullable String> environment, Executor background, Clock clock) {

    /**
     * Creates a source that uses the environment variables of this process.
     *
     * @param network CA file and proxy, which requests to STS use, too
     * @param background runs tasks that must not delay requests; the source does not work after it has shut down
     * @throws IllegalStateException when environment variables that must contain the credentials, or their address,
     *     are not set: unlike a file or a response, variables cannot appear while the process runs
     */
    public static CredentialsSource create(CredentialsConfig config, Network network, Executor background) {
        try {
            return new CredentialsFactory(network, System::getenv, background, Clock.systemUTC()).create(config);
        } catch (NoCredentialsException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    /**
     * Creates a source.
     *
     * @throws NoCredentialsException when the credentials, or where they are, can only be in environment variables and
     *     are not: these cannot appear while the process runs
     */
    CredentialsSource create(CredentialsConfig config) throws NoCredentialsException {
        if (config instanceof Environment variables) {
            EnvironmentCredentials source = new EnvironmentCredentials(variables, environment);
            Credentials unused = source.current();
            return source;
        }
        if (config instanceof File file) {
            return new FileCredentials(file, clock);
        }
        if (config instanceof Chain chain) {
            return chain(chain);
        }
        if (config instanceof UriTemplate template) {
            return new RefreshedCredentials(template.toString(), fetch(template), background, clock);
        }
        if (config instanceof CredentialsConfig.Default) {
            return create(new PlatformVariables(environment).byDefault());
        }
        return new RefreshedCredentials(config.toString(), fetch(config), background, clock);
    }

    private CredentialsSource chain(Chain chain) throws NoCredentialsException {
        List<CredentialsSource> links = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (CredentialsConfig link : chain.links()) {
            try {
                links.add(create(link));
            } catch (NoCredentialsException e) {
                String reason = String.valueOf(e.getMessage());
                missing.add(reason);
                links.add(() -> {
                    throw new NoCredentialsException(reason);
                });
            }
        }
        if (missing.size() == links.size()) {
            throw new NoCredentialsException(String.join("; ", missing));
        }
        return new CredentialsChain(links);
    }

    /** What fetches once: the whole way, for an assumed role with the credentials with which it is assumed. */
    private CredentialsFetch fetch(CredentialsConfig config) throws NoCredentialsException {
        if (config instanceof Uri uri) {
            return new UriFetch(uri, uri.toString(), clock);
        }
        if (config instanceof UriTemplate template) {
            // Its values, which may be secrets, are in no message.
            return new UriFetch(resolve(template), template.toString(), clock);
        }
        if (config instanceof EcsRamRole role) {
            return new EcsRoleFetch(role, clock);
        }
        if (config instanceof Oidc oidc) {
            return StsFetch.withOidc(new PlatformVariables(environment).complete(oidc), sts(), clock);
        }
        if (config instanceof AssumeRole role) {
            return StsFetch.assumeRole(role, fetch(role.from()), sts(), clock);
        }
        if (config instanceof CredentialsConfig.Default) {
            return fetch(new PlatformVariables(environment).byDefault());
        }
        if (config instanceof Chain chain) {
            List<CredentialsFetch> links = new ArrayList<>();
            for (CredentialsConfig link : chain.links()) {
                links.add(lenient(link));
            }
            return deadline -> CredentialsChain.first(links, deadline);
        }
        CredentialsSource source = create(config);
        return deadline -> source.current();
    }

    private Uri resolve(UriTemplate template) throws NoCredentialsException {
        try {
            return template.resolve(environment);
        } catch (IllegalArgumentException e) {
            throw new NoCredentialsException("credentials from " + template + ": " + e.getMessage());
        }
    }

    /** A link that is not set up here is not an error, as long as another one is. */
    private CredentialsFetch lenient(CredentialsConfig link) {
        try {
            return fetch(link);
        } catch (NoCredentialsException e) {
            String reason = String.valueOf(e.getMessage());
            return deadline -> {
                throw new NoCredentialsException(reason);
            };
        }
    }

    private Route sts() {
        ProxyConfig proxy = network.proxy();
        ProxyLogin login = ProxyLogin.of(proxy, environment);
        return new Route(
                proxy == null ? null : InetSocketAddress.createUnresolved(proxy.host(), proxy.port()),
                login == null ? null : login.basic(),
                TrustedAuthorities.of(network.caFile()));
    }
}
