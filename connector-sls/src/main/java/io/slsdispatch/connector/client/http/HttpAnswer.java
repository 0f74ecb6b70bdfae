package io.slsdispatch.connector.client.http;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.apache.flink.annotation.Internal;

/**
 * The received answer.
 *
 * @param isDelimited whether the answer gives its length; otherwise truncation cannot be detected
 * @param date the time of the peer's clock, if the answer contains it
 */
@Internal
public record HttpAnswer(int status, byte[] body, boolean isDelimited, Optional<Instant> date) {

    /** The body as UTF-8. */
    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }
}
