package io.slsdispatch.connector.client.credentials;

import io.slsdispatch.connector.config.CredentialsConfig;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.apache.flink.annotation.Internal;

/** Gives the credentials of the moment. Safe for use from many threads. */
@Internal
@FunctionalInterface
public interface CredentialsSource {

    /**
     * The credentials to sign the next request with. Cheap enough to be asked for every request; may block for a few
     * seconds when there are none yet or the last ones have expired.
     *
     * @throws NoCredentialsException when none can be had; the message says where they were looked for and how to put
     *     them there
     */
    Credentials current() throws NoCredentialsException;

    /** How often a file or an address that was asked gave no credentials, since the start. Does not block. */
    default long failures() {
        return 0;
    }

    /**
     * A source that looks where it is told.
     *
     * @param background runs what must not hold up requests; the source is of no use after it has shut down
     * @throws IllegalStateException when the credentials can only be in environment variables and are not: unlike a file
     *     or an answer, these will not come while the process lives
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
        List<CredentialsSource> links = new ArrayList<>();
        for (CredentialsConfig link : ((CredentialsConfig.Chain) config).links()) {
            links.add(of(link, background, clock));
        }
        return new Chain(links);
    }

    /** The first of several sources that has credentials, asked again each time. */
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
