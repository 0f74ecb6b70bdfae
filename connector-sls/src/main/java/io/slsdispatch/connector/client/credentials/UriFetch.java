package io.slsdispatch.connector.client.credentials;

import io.slsdispatch.connector.client.http.Deadline;
import io.slsdispatch.connector.client.http.HttpAnswer;
import io.slsdispatch.connector.client.http.HttpFetch;
import io.slsdispatch.connector.client.http.HttpFetch.Request;
import io.slsdispatch.connector.client.http.HttpFetch.Route;
import io.slsdispatch.connector.config.CredentialsConfig;
import io.slsdispatch.connector.text.ForeignText;
import java.io.IOException;
import java.time.Clock;

/** Fetches credentials from a URI, once per call. Uses no proxy: such addresses are local to the machine. */
final class UriFetch implements CredentialsFetch {

    private static final int OK = 200;

    private final CredentialsConfig.Uri config;
    private final String shown;
    private final Clock clock;

    /**
     * @param shown the address as messages show it
     * @param clock of this process: the expiration is converted to it, if the answer tells the time
     */
    UriFetch(CredentialsConfig.Uri config, String shown, Clock clock) {
        this.config = config;
        this.shown = shown;
        this.clock = clock;
    }

    @Override
    public Credentials fetch(Deadline deadline) throws NoCredentialsException {
        HttpAnswer answer;
        try {
            answer = HttpFetch.send(Request.get(config.uri()), Route.direct(), deadline);
        } catch (IOException e) {
            throw new NoCredentialsException("credentials from " + shown + " cannot be fetched: "
                    + e.getClass().getSimpleName() + ": "
                    + ForeignText.line(e.getMessage(), config.secrets(), ForeignText.MESSAGE));
        }
        if (answer.status() != OK) {
            throw new NoCredentialsException(
                    "credentials from " + shown + " cannot be fetched: HTTP status " + answer.status());
        }
        String text = SecretText.withoutByteOrderMark(answer.text());
        if (!answer.isDelimited() && !text.stripLeading().startsWith("{")) {
            throw new NoCredentialsException("credentials from " + shown + " cannot be read: the response has no"
                    + " length, so a truncated secret could look complete. Respond with JSON, or set Content-Length");
        }
        return CredentialsText.parse(text, "the response of " + shown)
                .from(shown)
                .endingLaterBy(RoleAnswer.ahead(answer, clock));
    }
}
