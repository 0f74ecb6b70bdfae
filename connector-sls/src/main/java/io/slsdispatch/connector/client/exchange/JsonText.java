package io.slsdispatch.connector.client.exchange;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;

/** JSON that others wrote: read piece by piece, bounded in depth, and with one way to fail. */
final class JsonText {

    /** The service nests two levels; errors with details some more. */
    private static final int MAX_DEPTH = 32;

    private JsonText() {}

    /**
     * Reads a text.
     *
     * @throws UnreadableAnswerException when it is no JSON, or not what is expected, whatever the parser makes of it
     */
    @SuppressWarnings("resource") // over a string
    static <T> T read(String text, JsonBody<T> body) throws UnreadableAnswerException {
        JsonReader json = new JsonReader(new StringReader(text));
        json.setStrictness(Strictness.LEGACY_STRICT);
        json.setNestingLimit(MAX_DEPTH);
        try {
            T value = body.read(json);
            if (json.peek() != JsonToken.END_DOCUMENT) {
                throw new IOException("more follows behind its end");
            }
            return value;
        } catch (IOException | RuntimeException | StackOverflowError | AssertionError e) {
            throw new UnreadableAnswerException("it is not the JSON that is expected: " + reason(e), e);
        }
    }

    private static String reason(Throwable e) {
        String message = e.getMessage();
        if (message == null) {
            return e.getClass().getSimpleName();
        }
        // The parser adds an address with advice for programmers.
        int advice = message.indexOf("\nSee ");
        return advice < 0 ? message : message.substring(0, advice);
    }
}
