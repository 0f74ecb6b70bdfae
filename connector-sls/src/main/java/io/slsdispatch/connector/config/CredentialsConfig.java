package io.slsdispatch.connector.config;

import java.io.Serializable;
import java.net.URI;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.flink.annotation.PublicEvolving;
import org.jspecify.annotations.Nullable;

/**
 * The location of the credentials, never the credentials themselves, since this value is part of the job graph. The
 * process that creates the client reads them there repeatedly, so that rotated credentials take effect without a
 * restart.
 */
@PublicEvolving
public sealed interface CredentialsConfig extends Serializable {

    /**
     * Environment variables of the process that creates the client.
     *
     * @param idVariable holds the access key id
     * @param secretVariable holds the access key secret
     * @param tokenVariable holds the STS token; null when there is none. A variable that is named here may be unset
     */
    record Environment(
            String idVariable,
            String secretVariable,
            @Nullable String tokenVariable) implements CredentialsConfig {

        private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

        public Environment {
            requireName(idVariable);
            requireName(secretVariable);
            if (tokenVariable != null) {
                requireName(tokenVariable);
            }
        }

        private static void requireName(String name) {
            // The text may be a key that is in the wrong option: it is not repeated.
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException("expected the name of an environment variable,"
                        + " made of letters, digits and '_'; do not put the key itself here");
            }
        }

        @Override
        public String toString() {
            return "environment variables " + idVariable + " and " + secretVariable
                    + (tokenVariable == null ? "" : " and " + tokenVariable);
        }
    }

    /**
     * A file of each process that creates a client: a properties file or a JSON object with {@code access-key-id},
     * {@code access-key-secret} and, for temporary credentials, {@code security-token} and {@code expiration}
     * (ISO-8601). The names may also be written as the cloud's own tools write them: {@code AccessKeyId}, {@code
     * AccessKeySecret}, {@code SecurityToken}, {@code Expiration}. A changed file takes effect within seconds.
     *
     * @param path absolute, or relative to the working directory of the process
     */
    record File(String path) implements CredentialsConfig {

        public File {
            if (path.isBlank()) {
                throw new IllegalArgumentException("the path of the credentials file is empty");
            }
        }

        @Override
        public String toString() {
            return "file " + path;
        }
    }

    /**
     * A URI that answers GET with a JSON object of {@code AccessKeyId}, {@code AccessKeySecret}, {@code SecurityToken}
     * and {@code Expiration}, as the metadata service of a machine with a RAM role does. It is queried again in the
     * background before the credentials expire.
     *
     * @param uri http or https
     */
    record Uri(URI uri) implements CredentialsConfig {

        public Uri {
            String scheme = uri.getScheme();
            if (uri.getHost() == null || !("http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme))) {
                throw new IllegalArgumentException("the credentials address must be an http or https URI with a host");
            }
            if (uri.getRawUserInfo() != null) {
                throw new IllegalArgumentException("the credentials address must not contain a user or password");
            }
        }

        /** Without the query, which may hold a key. */
        @Override
        public String toString() {
            return "address " + uri.getScheme() + "://" + uri.getRawAuthority() + uri.getRawPath();
        }
    }

    /**
     * The first of several that has credentials.
     *
     * @param links at least one, tried in this order
     */
    record Chain(List<CredentialsConfig> links) implements CredentialsConfig {

        public Chain {
            links = List.copyOf(links);
            if (links.isEmpty()) {
                throw new IllegalArgumentException("a chain of credentials needs at least one entry");
            }
        }

        @Override
        public String toString() {
            return links.stream().map(CredentialsConfig::toString).collect(Collectors.joining(", else "));
        }
    }
}
