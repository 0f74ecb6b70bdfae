package io.slsdispatch.connector.client.credentials;

import io.slsdispatch.connector.config.CredentialsConfig;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.apache.flink.annotation.Internal;

/** Provides the current credentials. Safe for use from many threads. */
@Internal
@FunctionalInterface
public interface CredentialsSource {

    /**
     * The credentials that sign the next request. Cheap enough to call for every request. May block for a few seconds
     * when there are no credentials yet or the last ones have expired.
     *
     * @throws NoCredentialsException when there are none; the message says where they were expected and how to provide
     *     them
     */
    Credentials current() throws NoCredentialsException;

    /** The number of failed attempts to get credentials from a file or a URI, since the start. Does not block. */
    default long failures() {
        return 0;
    }

    /**
     * Creates the source that the configuration selects.
     *
     * @param background runs tasks that must not delay requests; the source does not work after it has shut down
     * @throws IllegalStateException when the credentials can only be in environment variables and are not: unlike a
     *     file or an answer, these cannot appear while the process runs
     */
    static CredentialsSource of(CredentialsConfig config, Executor background) {
        CredentialsSource source = of(config, background, Clock.systemUTC());
        if (isEnvironmentOnly(config)) {
            try {
                source.current();
            } catch (NoCredentialsException e) {
                throw new IllegalStateException(e.getMessage(), e);
            }
        }
        return source;
    }

    private static boolean isEnvironmentOnly(CredentialsConfig config) {
        return config instanceof CredentialsConfig.Environment
                || (config instanceof CredentialsConfig.Chain chain
                        && chain.links().stream().allMatch(CredentialsSource::isEnvironmentOnly));
    }

    private static CredentialsSource of(CredentialsConfig config, Executor background, Clock clock) {
        if (config instanceof CredentialsConfig.Environment environment) {
            return new EnvironmentCredentials(environment, System::getenv);
        }
        if (config instanceof CredentialsConfig.File file) {
            return new FileCredentials(file, clock);
        }
        if (config instanceof CredentialsConfig.Uri uri) {
            return new RefreshedCredentials(uri.toString(), new UriFetch(uri), background, clock);
        }
        if (config instanceof CredentialsConfig.UriTemplate template) {
            return ofTemplate(template, background, clock);
        }
        List<CredentialsSource> links = new ArrayList<>();
        for (CredentialsConfig link : ((CredentialsConfig.Chain) config).links()) {
            links.add(of(link, background, clock));
        }
        return new Chain(links);
    }

    private static CredentialsSource ofTemplate(
            CredentialsConfig.UriTemplate template, Executor background, Clock clock) {
        try {
            return of(template.resolve(System::getenv), background, clock);
        } catch (IllegalArgumentException e) {
            String reason = "credentials " + template + ": " + e.getMessage();
            return () -> {
                throw new NoCredentialsException(reason);
            };
        }
    }

    /** The first of several sources that has credentials, determined for each request. */
    final class Chain implements CredentialsSource {

        private final List<CredentialsSource> links;

        Chain(List<CredentialsSource> links) {
            this.links = List.copyOf(links);
        }

        @Override
        public Credentials current() throws NoCredentialsException {
            List<String> reasons = new ArrayList<>();
            for (CredentialsSource link : links) {
                try {
                    return link.current();
                } catch (NoCredentialsException e) {
                    reasons.add(e.getMessage());
                }
            }
            throw new NoCredentialsException(String.join("; ", reasons));
        }

        @Override
        public long failures() {
            return links.stream().mapToLong(CredentialsSource::failures).sum();
        }
    }
}
