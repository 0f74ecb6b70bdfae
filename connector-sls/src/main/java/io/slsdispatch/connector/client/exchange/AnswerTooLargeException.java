package io.slsdispatch.connector.client.exchange;

/** An answer that is larger than this client takes. The message names its size and the limit. */
final class AnswerTooLargeException extends Exception {

    private final boolean ofTheService;

    /** @param ofTheService whether its head has the service's id of the request */
    AnswerTooLargeException(String size, int limit, boolean ofTheService) {
        super("the answer has " + size + " bytes; this client takes at most " + limit);
        this.ofTheService = ofTheService;
    }

    /** Whether it will be as large the next time: else something in between has answered. */
    boolean isOfTheService() {
        return ofTheService;
    }
}
