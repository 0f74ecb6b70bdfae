package io.slsdispatch.connector.client.credentials;

import io.slsdispatch.connector.config.CredentialsConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Asks an address for credentials, once per call. Goes through no proxy: such addresses are local to the machine. Ends
 * within {@link #TIME_LIMIT}, also when the answer trickles.
 */
final class UriFetch implements CredentialsSource {

    static final Duration TIME_LIMIT = Duration.ofSeconds(10);

    private static final int OK = 200;

    private final CredentialsConfig.Uri config;
    private final Duration limit;

    UriFetch(CredentialsConfig.Uri config) {
        this(config, TIME_LIMIT);
    }

    UriFetch(CredentialsConfig.Uri config, Duration limit) {
        this.config = config;
        this.limit = limit;
    }

    @Override
    public Credentials current() throws NoCredentialsException {
        BoundedGet.Answer answer;
        try {
            answer = BoundedGet.get(config.uri(), limit);
        } catch (IOException e) {
            throw new NoCredentialsException("credentials " + config + " cannot be fetched: "
                    + e.getClass().getSimpleName() + ": " + e.getMessage());
        }
        if (answer.status() != OK) {
            throw new NoCredentialsException("credentials " + config + " answers with HTTP status " + answer.status());
        }
        String text = new String(answer.body(), StandardCharsets.UTF_8);
        if (!answer.isDelimited() && !text.stripLeading().startsWith("{")) {
            throw new NoCredentialsException("credentials " + config + " answers without a length, so that a part of a"
                    + " secret could be taken for all of it: answer with JSON, or with Content-Length");
        }
        return CredentialsText.parse(text, "credentials " + config);
    }
}
