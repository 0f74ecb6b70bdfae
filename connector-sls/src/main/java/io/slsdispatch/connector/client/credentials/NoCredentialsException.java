package io.slsdispatch.connector.client.credentials;

import org.apache.flink.annotation.Internal;

/** There are no credentials to be had. The message tells where they were looked for, never what was found. */
@Internal
public final class NoCredentialsException extends Exception {

    public NoCredentialsException(String message) {
        super(message);
    }
}
