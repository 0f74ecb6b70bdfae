package io.slsdispatch.connector.client.http;

/** An answer that is not what its headers say. The message says how. */
final class UnreadableAnswerException extends Exception {

    UnreadableAnswerException(String message) {
        super(message);
    }
}
