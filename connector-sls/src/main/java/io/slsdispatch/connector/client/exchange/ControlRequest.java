package io.slsdispatch.connector.client.exchange;

import java.util.Map;
import java.util.SortedMap;

/**
 * A request that looks something up or administers, before it is signed.
 *
 * @param method of HTTP, in capitals
 * @param project names the host
 * @param path begins with a slash; needs no encoding
 * @param query parameters, not encoded, by name
 * @param headers what the service needs to know besides, by name in lower case; not those of the signature
 * @param body what is sent; empty for nothing. Belongs to the request from now on
 */
public record ControlRequest(
        String method,
        String project,
        String path,
        SortedMap<String, String> query,
        Map<String, String> headers,
        byte[] body) {}
