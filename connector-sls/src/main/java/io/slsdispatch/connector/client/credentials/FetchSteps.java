package io.slsdispatch.connector.client.credentials;

import io.slsdispatch.connector.client.http.Deadline;
import io.slsdispatch.connector.client.http.HttpAnswer;
import io.slsdispatch.connector.client.http.HttpFetch;
import io.slsdispatch.connector.client.http.HttpFetch.Request;
import io.slsdispatch.connector.client.http.HttpFetch.Route;
import io.slsdispatch.connector.config.CredentialsConfig;
import io.slsdispatch.connector.text.ForeignText;
import io.slsdispatch.connector.text.Secrets;
import java.io.IOException;

/**
 * The requests of one way to get credentials. Each failure says which step of which kind of credentials failed, at
 * which address and why; it contains no query, no body and no secret.
 *
 * @param way the way, for messages
 * @param route to the address
 */
record FetchSteps(CredentialsConfig way, Route route) {

    /** Sends a request; any status is an answer. */
    HttpAnswer send(String step, Request request, Deadline deadline) throws NoCredentialsException {
        try {
            return HttpFetch.send(request, route, deadline);
        } catch (IOException e) {
            throw failed(step, request, "no response: " + reason(e), "");
        }
    }

    /** A failure of a step. */
    NoCredentialsException failed(String step, Request request, String reason, String hint) {
        return new NoCredentialsException("credentials from " + way + ": " + step + " from "
                + request.uri().getRawAuthority() + " failed: " + reason + (hint.isEmpty() ? "" : ". " + hint));
    }

    /** Why there was no answer. */
    static String reason(IOException failure) {
        return failure.getClass().getSimpleName() + ": "
                + ForeignText.line(failure.getMessage(), Secrets.NONE, ForeignText.MESSAGE);
    }
}
