package io.slsdispatch.connector.config;

import java.io.Serializable;
import java.time.Duration;
import org.apache.flink.annotation.PublicEvolving;
import org.jspecify.annotations.Nullable;

/**
 * The connection to the service. All clients of a process that are created from equal values share one set of
 * connections and threads.
 *
 * @param endpoint the address of the service
 * @param credentials the location of the credentials
 * @param signature how requests are signed
 * @param network limits, proxy and trusted authorities of the connections
 * @param projectIn where requests name the project
 */
@PublicEvolving
public record ConnectionConfig(
        Endpoint endpoint, CredentialsConfig credentials, Signature signature, Network network, ProjectIn projectIn)
        implements Serializable {

    /** Where requests name the project. */
    public enum ProjectIn {
        /** As the first label of the host: requests go to {@code <project>.<host>}, as those of all official SDKs. */
        HOST,

        /**
         * In the header {@code x-log-project}: requests go to the host of the endpoint itself, as those of loongcollector
         * to custom domains and PrivateLink.
         */
        HEADER
    }

    /**
     * Limits, proxy and trusted authorities of the connections.
     *
     * @param connectTimeout how long a connection may take to open, handshake included
     * @param requestTimeout how long one request may take in all, from its start to the last byte of its answer,
     *     including the wait for a permit
     * @param maxConcurrentRequests the maximum number of pulls and puts in flight in one process; more wait
     * @param proxy the proxy to use; null for none
     * @param caFile PEM file of the authorities that https trusts instead of those of the JVM; null for those of the
     *     JVM
     */
    public record Network(
            Duration connectTimeout,
            Duration requestTimeout,
            int maxConcurrentRequests,
            @Nullable ProxyConfig proxy,
            @Nullable String caFile)
            implements Serializable {

        /** The default values. */
        public static final Network DEFAULT =
                new Network(Duration.ofSeconds(5), Duration.ofSeconds(30), 256, null, null);

        public Network {
            Checks.positive("connect timeout", connectTimeout);
            Checks.positive("request timeout", requestTimeout);
            if (maxConcurrentRequests < 1) {
                throw new IllegalArgumentException(
                        "max concurrent requests " + maxConcurrentRequests + " is not positive");
            }
            if (caFile != null && caFile.isBlank()) {
                throw new IllegalArgumentException("the path of the CA file is empty");
            }
        }
    }

    public ConnectionConfig {
        if (network.proxy() != null && endpoint.isDirect() && projectIn == ProjectIn.HOST) {
            throw new IllegalArgumentException("the endpoint " + endpoint
                    + " cannot be reached through a proxy: use a host name with the projects as subdomains, or name the"
                    + " project in a header");
        }
    }

    /** A connection with signature version 1 and default limits. */
    public static ConnectionConfig of(Endpoint endpoint, CredentialsConfig credentials) {
        return builder(endpoint, credentials).build();
    }

    /** Starts from signature version 1 and default limits. */
    public static Builder builder(Endpoint endpoint, CredentialsConfig credentials) {
        return new Builder(endpoint, credentials);
    }

    /** This connection with the project in another place. */
    public ConnectionConfig withProjectIn(ProjectIn other) {
        return new ConnectionConfig(endpoint, credentials, signature, network, other);
    }

    /** This connection with another signature. */
    public ConnectionConfig withSignature(Signature other) {
        return new ConnectionConfig(endpoint, credentials, other, network, projectIn);
    }

    /** This connection with other credentials. */
    public ConnectionConfig withCredentials(CredentialsConfig other) {
        return new ConnectionConfig(endpoint, other, signature, network, projectIn);
    }

    /** Builds a connection that differs from the defaults. */
    public static final class Builder {

        private final Endpoint endpoint;
        private final CredentialsConfig credentials;
        private Signature signature = new Signature.V1();
        private Network network = Network.DEFAULT;
        private ProjectIn projectIn = ProjectIn.HOST;

        private Builder(Endpoint endpoint, CredentialsConfig credentials) {
            this.endpoint = endpoint;
            this.credentials = credentials;
        }

        /** Default: {@link Signature.V1}. */
        public Builder signature(Signature signature) {
            this.signature = signature;
            return this;
        }

        /** Default: {@link Network#DEFAULT}. */
        public Builder network(Network network) {
            this.network = network;
            return this;
        }

        /** Default: {@link ProjectIn#HOST}. */
        public Builder projectIn(ProjectIn projectIn) {
            this.projectIn = projectIn;
            return this;
        }

        public ConnectionConfig build() {
            return new ConnectionConfig(endpoint, credentials, signature, network, projectIn);
        }
    }
}
