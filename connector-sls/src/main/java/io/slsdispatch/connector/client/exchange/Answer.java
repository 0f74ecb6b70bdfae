package io.slsdispatch.connector.client.exchange;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import io.slsdispatch.connector.client.SlsException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A whole answer of the service, or of whoever answers in its place.
 *
 * <p><b>Whose answer it is.</b> The service puts {@code x-log-requestid} on every answer, errors included ("Common response
 * headers"; the official clients, too, take an answer without it for one that is not the service's). So an answer without
 * it says nothing about the service, whatever its status and body are: the 404 page of a gateway is no missing logstore,
 * the 403 page of a proxy no missing permission, and a 200 acknowledges nothing. It is {@link
 * io.slsdispatch.connector.client.ErrorKind#UNAVAILABLE}, which every caller repeats. There is one exception: a 413 to a
 * put, since what a proxy does not take as a whole it may take in parts ({@link Failures#notOfTheService}).
 *
 * @param body lent: belongs to whoever read it from the connection
 */
record Answer(int status, HttpHeaders headers, ByteBuf body) {

    static final String REQUEST_ID = "x-log-requestid";

    private static final int OK = 200;

    /** The code that the official clients use for an error that does not look like one of the service. */
    private static final String UNKNOWN_ERROR = "BadResponse";

    private record ServiceError(String code, @Nullable String message) {}

    /** Whether the service gave it. */
    boolean isOfTheService() {
        return !requestId().isEmpty();
    }

    boolean isError() {
        return status != OK;
    }

    /** The value of a header; empty when it is missing. */
    String header(String name) {
        String value = headers.get(name);
        return value == null ? "" : value.strip();
    }

    /** The service's id of the request; empty when the answer is not the service's. */
    String requestId() {
        return header(REQUEST_ID);
    }

    /** The body as text. */
    String text() {
        return body.toString(StandardCharsets.UTF_8);
    }

    /** What an error says, or an answer that is not the service's. */
    SlsException failure(Failures failures) {
        String text = text();
        if (!isOfTheService()) {
            return failures.notOfTheService(status, text);
        }
        try {
            ServiceError error = JsonText.read(text, Answer::serviceError);
            return failures.refused(status, error.code(), requestId(), error.message());
        } catch (UnreadableAnswerException e) {
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
