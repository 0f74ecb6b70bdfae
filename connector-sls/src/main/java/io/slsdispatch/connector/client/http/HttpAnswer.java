package io.slsdispatch.connector.client.http;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.annotation.Internal;

/**
 * The received answer.
 *
 * @param headers by name in lower case; of several with one name, the last
 * @param isDelimited whether the answer gives its length; otherwise truncation cannot be detected
 * @param date the time of the peer's clock, if the answer contains it
 */
@Internal
public record HttpAnswer(
        int status, Map<String, String> headers, byte[] body, boolean isDelimited, Optional<Instant> date) {

    /** The value of a header by its name in lower case; empty when it is missing. */
    public String header(String name) {
        return headers.getOrDefault(name, "");
    }

    /** The body as UTF-8. */
    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }
}
