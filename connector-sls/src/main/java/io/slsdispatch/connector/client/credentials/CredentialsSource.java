package io.slsdispatch.connector.client.credentials;

import java.util.Optional;
import org.apache.flink.annotation.Internal;

/** Provides the current credentials. Safe for use from many threads. */
@Internal
@FunctionalInterface
public interface CredentialsSource {

    /**
     * The credentials that sign the next request. Cheap enough to call for every request. May block for a few seconds
     * when there are no credentials yet or the last ones have expired.
     *
     * @throws NoCredentialsException when there are none; the message says where they were expected and how to provide
     *     them
     */
    Credentials current() throws NoCredentialsException;

    /**
     * The credentials that sign the next request, if they can be had without a request; else a request for them starts
     * in the background.
     */
    default Optional<Credentials> available() {
        try {
            return Optional.of(current());
        } catch (NoCredentialsException e) {
            return Optional.empty();
        }
    }

    /**
     * The number of failed attempts to get credentials from a file, an address, the metadata service or STS, since the
     * start. Does not block.
     */
    default long failures() {
        return 0;
    }
}
