package io.slsdispatch.connector.client.exchange;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import io.slsdispatch.connector.client.AnswerTime;
import io.slsdispatch.connector.client.SlsException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/**
 * A complete answer to a request, from the service or from another system such as a proxy. Its body is valid only
 * during the call that passes it.
 *
 * <p><b>Whose answer it is.</b> The service puts {@code x-log-requestid} on every answer, errors included ("Common
 * response headers"; the official clients, too, treat an answer without it as not from the service). So an answer
 * without it says nothing about the service, whatever its status and body are: the 404 page of a gateway does not mean
 * a missing logstore, the 403 page of a proxy does not mean a missing permission, and a 200 acknowledges nothing. Such
 * an answer is {@link io.slsdispatch.connector.client.ErrorKind#UNAVAILABLE}, which every caller retries. There is one
 * exception: a 413 to a put, since a proxy that rejects the whole body may accept its parts ({@link
 * Failures#notOfTheService}).
 */
@Internal
public final class Answer {

    static final String REQUEST_ID = "x-log-requestid";

    private static final int OK = 200;

    /** The code that the official clients use for an error that does not have the service's format. */
    private static final String UNKNOWN_ERROR = "BadResponse";

    /** The service nests two levels; errors with details a few more. */
    private static final int MAX_DEPTH = 32;

    private final int status;
    private final HttpHeaders headers;
    private final ByteBuf body;

    /** @param body borrowed: the connection that read it owns it */
    Answer(int status, HttpHeaders headers, ByteBuf body) {
        this.status = status;
        this.headers = headers;
        this.body = body;
    }

    /** Parses the result of a call from a successful answer of the service. */
    @FunctionalInterface
    public interface Reader<T> {
        @Nullable
        T read(Answer answer) throws UnreadableException, TooLargeException;
    }

    /** Parses a value from JSON. */
    @FunctionalInterface
    public interface JsonBody<T> {

        /**
         * Reads one whole value. Any exception but an out-of-memory error makes the answer unreadable.
         *
         * @throws IOException when a required field is missing or has another type; the message says which
         */
        T read(JsonReader json) throws IOException;
    }

    /** An answer does not match its headers or the call. The message says how. */
    public static final class UnreadableException extends Exception {

        public UnreadableException(String message) {
            this(message, null);
        }

        public UnreadableException(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** An answer is larger than this client accepts. The message contains its size and the limit. */
    public static final class TooLargeException extends Exception {

        private final boolean ofTheService;

        /** @param ofTheService whether its head has the service's request id */
        public TooLargeException(String size, int limit, boolean ofTheService) {
            super("the response has " + size + " bytes; this client accepts at most " + limit);
            this.ofTheService = ofTheService;
        }

        /**
         * Whether the service sent it, so that a retry would get the same size; otherwise a system in between answered.
         */
        boolean isOfTheService() {
            return ofTheService;
        }
    }

    private record ServiceError(String code, @Nullable String message) {}

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** Whether the service sent it. */
    boolean isOfTheService() {
        return !requestId().isEmpty();
    }

    boolean isError() {
        return status != OK;
    }

    /** All headers, by name in lower case; the last value of each. */
    public Map<String, String> allHeaders() {
        Map<String, String> all = new HashMap<>();
        headers.forEach(header -> all.put(
                header.getKey().toLowerCase(Locale.ROOT), header.getValue().strip()));
        return all;
    }

    /** Whether there is a header of this name, with or without a value. */
    public boolean hasHeader(String name) {
        return headers.contains(name);
    }

    /** The value of a header; empty when it is missing. */
    public String header(String name) {
        String value = headers.get(name);
        return value == null ? "" : value.strip();
    }

    /** The service's time when it answered, in whole seconds; empty when the answer has none. */
    public Optional<Instant> time() {
        return AnswerTime.of(header(AnswerTime.FIRST), header(AnswerTime.SECOND));
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
     * Parses the body as JSON: incrementally, with bounded depth, and with a single exception for all errors.
     *
     * @throws UnreadableException when the body is not JSON, or not the expected value, whatever the parser throws
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
                throw new IOException("unexpected text after the end");
            }
            return value;
        } catch (IOException | RuntimeException | StackOverflowError | AssertionError e) {
            throw new UnreadableException("the response is not the expected JSON: " + reason(e), e);
        }
    }

    private static String reason(Throwable e) {
        String message = e.getMessage();
        if (message == null) {
            return e.getClass().getSimpleName();
        }
        // The parser appends a URL with advice for programmers.
        int advice = message.indexOf("\nSee ");
        return advice < 0 ? message : message.substring(0, advice);
    }

    /** The failure that an error of the service, or an answer of another system, means. */
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
                    "not an error response of the service (" + e.getMessage() + "): " + text);
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
