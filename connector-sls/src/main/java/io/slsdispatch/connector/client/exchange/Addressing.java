package io.slsdispatch.connector.client.exchange;

import io.slsdispatch.connector.config.Endpoint;

/**
 * Names of hosts for an endpoint that may be an IP address and may have a port, neither of which the SDK knows. Requests
 * carry and sign a host name without a port; the connection goes where the endpoint says.
 *
 * @param endpoint where the service answers
 */
public record Addressing(Endpoint endpoint) {

    /**
     * The endpoint's host as requests name it. An IP address, which the SDK refuses, becomes a label: the service and
     * its like read the project from what stands before the first dot of the {@code Host} header.
     */
    public String namedHost() {
        boolean address = endpoint.isDirect() && !endpoint.host().equals("localhost");
        return address ? "ip-" + endpoint.host().replace('.', '-').replace(':', '-') : endpoint.host();
    }

    /** What the {@code Host} header of a request to a project says. */
    public String hostHeader(String project) {
        return project + "." + namedHost();
    }

    /** The host to connect to for a request that names this one in its {@code Host} header. */
    public String connectHost(String hostHeader) {
        return endpoint.isDirect() ? endpoint.host() : hostHeader;
    }
}
