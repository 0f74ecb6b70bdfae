package io.slsdispatch.connector.client.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpMethod;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * A request before it is signed.
 *
 * @param method the verb
 * @param project names the host
 * @param path begins with a slash; needs no encoding
 * @param query parameters, not encoded, by name
 * @param headers what the service needs to know besides, by name in lower case; not those of the signature
 * @param body null for none; released by whoever sends the request
 */
record ApiRequest(
        HttpMethod method,
        String project,
        String path,
        SortedMap<String, String> query,
        Map<String, String> headers,
        @Nullable Body body) {

    /**
     * What is sent.
     *
     * @param content what is sent
     * @param digest of the content, in the form that the signature wants
     */
    record Body(ByteBuf content, String digest) {}

    /** Path and query as they are sent. */
    String target() {
        if (query.isEmpty()) {
            return path;
        }
        StringBuilder target = new StringBuilder(path);
        char separator = '?';
        for (Map.Entry<String, String> parameter : query.entrySet()) {
            target.append(separator).append(parameter.getKey()).append('=').append(encoded(parameter.getValue()));
            separator = '&';
        }
        return target.toString();
    }

    /** Percent-encoded as RFC 3986 has it, which differs from forms in three characters. */
    static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A")
                .replace("%7E", "~");
    }
}
