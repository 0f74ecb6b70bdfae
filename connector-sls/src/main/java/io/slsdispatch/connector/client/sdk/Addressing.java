package io.slsdispatch.connector.client.sdk;

import io.slsdispatch.connector.config.Endpoint;
import java.net.URI;
import org.apache.hc.core5.http.HttpHost;

/**
 * Leads requests of the SDK, which knows neither ports nor IP addresses, to an endpoint that may have both. The SDK is
 * given a host name without a port and signs that; the connection goes where the endpoint says.
 */
final class Addressing {

    private final Endpoint endpoint;

    Addressing(Endpoint endpoint) {
        this.endpoint = endpoint;
    }

    /**
     * The endpoint as the SDK takes it. An IP address, which it refuses, becomes a label: the service and its like read
     * the project from what stands before the first dot of the {@code Host} header.
     */
    String sdkEndpoint() {
        boolean address = endpoint.isDirect() && !endpoint.host().equals("localhost");
        String name = address ? "ip-" + endpoint.host().replace('.', '-').replace(':', '-') : endpoint.host();
        return endpoint.scheme() + "://" + name;
    }

    /** Where to connect for a request that the SDK addresses to {@code uri}. */
    HttpHost target(URI uri) {
        String host = endpoint.isDirect() ? endpoint.host() : uri.getHost();
        return new HttpHost(endpoint.scheme(), host, endpoint.port());
    }
}
