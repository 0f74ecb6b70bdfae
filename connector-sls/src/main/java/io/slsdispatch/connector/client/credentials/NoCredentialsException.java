package io.slsdispatch.connector.client.credentials;

import org.apache.flink.annotation.Internal;

/** No credentials are available. The message says where they were expected, never what was found there. */
@Internal
public final class NoCredentialsException extends Exception {

    public NoCredentialsException(String message) {
        super(message);
    }
}
