package io.slsdispatch.connector.client.sdk;

/** An answer whose body is not what its headers say. */
final class UnreadableAnswerException extends Exception {

    private final String reason;

    UnreadableAnswerException(String reason) {
        super(reason);
        this.reason = reason;
    }

    String reason() {
        return reason;
    }
}
