package io.slsdispatch.connector.client.credentials;

import io.slsdispatch.connector.client.http.Deadline;

/** Fetches credentials once per call, without caching them. May block until the deadline. */
@FunctionalInterface
interface CredentialsFetch {

    /**
     * Fetches credentials.
     *
     * @param deadline of all requests and waits of this fetch together
     * @throws NoCredentialsException when there are none; the message says which step failed, and contains no secret
     */
    Credentials fetch(Deadline deadline) throws NoCredentialsException;
}
