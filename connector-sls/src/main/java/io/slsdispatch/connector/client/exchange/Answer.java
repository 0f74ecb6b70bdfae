package io.slsdispatch.connector.client.exchange;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import io.slsdispatch.connector.client.SlsException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/**
 * A whole answer of the service, or of whoever answers in its place. Its body is valid while it is handed over, not later.
 *
 * <p><b>Whose answer it is.</b> The service puts {@code x-log-requestid} on every answer, errors included ("Common response
 * headers"; the official clients, too, take an answer without it for one that is not the service's). So an answer without
 * it says nothing about the service, whatever its status and body are: the 404 page of a gateway is no missing logstore,
 * the 403 page of a proxy no missing permission, and a 200 acknowledges nothing. It is {@link
 * io.slsdispatch.connector.client.ErrorKind#UNAVAILABLE}, which every caller repeats. There is one exception: a 413 to a
 * put, since what a proxy does not take as a whole it may take in parts ({@link Failures#notOfTheService}).
 */
@Internal
public final class Answer {

    static final String REQUEST_ID = "x-log-requestid";

    private static final int OK = 200;

    /** The code that the official clients use for an error that does not look like one of the service. */
    private static final String UNKNOWN_ERROR = "BadResponse";

    /** The service nests two levels; errors with details some more. */
    private static final int MAX_DEPTH = 32;

    private final int status;
    private final HttpHeaders headers;
    private final ByteBuf body;

    /** @param body lent: belongs to whoever read it from the connection */
    Answer(int status, HttpHeaders headers, ByteBuf body) {
        this.status = status;
        this.headers = headers;
        this.body = body;
    }

    /** Makes the result of a call from an answer of the service that is no error. */
    @FunctionalInterface
    public interface Reader<T> {
        @Nullable
        T read(Answer answer) throws UnreadableException, TooLargeException;
    }

    /** Reads a value that is written in JSON. */
    @FunctionalInterface
    public interface JsonBody<T> {

        /**
         * Reads one whole value. Whatever it throws but an exhausted heap makes the answer an unreadable one.
         *
         * @throws IOException when a required field is missing or has another type; the message says which
         */
        T read(JsonReader json) throws IOException;
    }

    /** An answer is not what its headers or the call say. The message says how. */
    public static final class UnreadableException extends Exception {

        public UnreadableException(String message) {
            this(message, null);
        }

        public UnreadableException(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** An answer is larger than this client takes. The message names its size and the limit. */
    public static final class TooLargeException extends Exception {

        private final boolean ofTheService;

        /** @param ofTheService whether its head has the service's id of the request */
        public TooLargeException(String size, int limit, boolean ofTheService) {
            super("the answer has " + size + " bytes; this client takes at most " + limit);
            this.ofTheService = ofTheService;
        }

        /** Whether it will be as large the next time: else something in between has answered. */
        boolean isOfTheService() {
            return ofTheService;
        }
    }

    private record ServiceError(String code, @Nullable String message) {}

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** Whether the service gave it. */
    boolean isOfTheService() {
        return !requestId().isEmpty();
    }

    boolean isError() {
        return status != OK;
    }

    /** Whether there is a header of this name, also one without a value. */
    public boolean hasHeader(String name) {
        return headers.contains(name);
    }

    /** The value of a header; empty when it is missing. */
    public String header(String name) {
        String value = headers.get(name);
        return value == null ? "" : value.strip();
    }

    /** The service's id of the request; empty when the answer is not the service's. */
    public String requestId() {
        return header(REQUEST_ID);
    }

    /** The length of the body in bytes. */
    public int length() {
        return body.readableBytes();
    }

    /** Copies the body to the beginning of an array of at least its length. */
    public void copyBody(byte[] to) {
        body.getBytes(body.readerIndex(), to, 0, body.readableBytes());
    }

    private String text() {
        return body.toString(StandardCharsets.UTF_8);
    }

    /**
     * What the body holds in JSON: read piece by piece, bounded in depth, and with one way to fail.
     *
     * @throws UnreadableException when it is no JSON, or not what is expected, whatever the parser makes of it
     */
    public <T> T json(JsonBody<T> expected) throws UnreadableException {
        return json(text(), expected);
    }

    @SuppressWarnings("resource") // over a string
    private static <T> T json(String text, JsonBody<T> expected) throws UnreadableException {
        JsonReader json = new JsonReader(new StringReader(text));
        json.setStrictness(Strictness.LEGACY_STRICT);
        json.setNestingLimit(MAX_DEPTH);
        try {
            T value = expected.read(json);
            if (json.peek() != JsonToken.END_DOCUMENT) {
                throw new IOException("more follows behind its end");
            }
            return value;
        } catch (IOException | RuntimeException | StackOverflowError | AssertionError e) {
            throw new UnreadableException("it is not the JSON that is expected: " + reason(e), e);
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

    /** What an error says, or an answer that is not the service's. */
    SlsException failure(Failures failures) {
        String text = text();
        if (!isOfTheService()) {
            return failures.notOfTheService(status, text);
        }
        try {
            ServiceError error = json(text, Answer::serviceError);
            return failures.refused(status, error.code(), requestId(), error.message());
        } catch (UnreadableException e) {
            return failures.refused(
                    status,
                    UNKNOWN_ERROR,
                    requestId(),
                    "not an error of the service (" + e.getMessage() + "): " + text);
        }
    }

    private static ServiceError serviceError(JsonReader json) throws IOException {
        String code = null;
        String message = null;
        json.beginObject();
        while (json.hasNext()) {
            String name = json.nextName();
            if (name.equals("errorCode") && json.peek() == JsonToken.STRING) {
                code = json.nextString();
            } else if (name.equals("errorMessage") && json.peek() == JsonToken.STRING) {
                message = json.nextString();
            } else {
                json.skipValue();
            }
        }
        json.endObject();
        if (code == null || code.isBlank()) {
            throw new IOException("no errorCode");
        }
        return new ServiceError(code, message);
    }
}
