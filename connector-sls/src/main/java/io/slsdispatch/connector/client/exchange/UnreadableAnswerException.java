package io.slsdispatch.connector.client.exchange;

import org.jspecify.annotations.Nullable;

/** An answer that is not what its headers or the call say. The message says how. */
final class UnreadableAnswerException extends Exception {

    UnreadableAnswerException(String message) {
        this(message, null);
    }

    UnreadableAnswerException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
