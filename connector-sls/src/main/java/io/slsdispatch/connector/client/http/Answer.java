package io.slsdispatch.connector.client.http;

import com.alibaba.fastjson.JSON;
import com.alibaba.fastjson.JSONException;
import com.alibaba.fastjson.JSONObject;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.client.access.Failures;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A whole answer of the service, or of whoever stands in its place.
 *
 * @param body lent: belongs to whoever read it from the connection
 */
record Answer(int status, HttpHeaders headers, ByteBuf body) {

    private static final int OK = 200;

    /** The code that the official clients use for an error that does not look like one of the service. */
    private static final String NOT_OF_THE_SERVICE = "BadResponse";

    private record ServiceError(String code, @Nullable String message) {}

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
        return header("x-log-requestid");
    }

    /** What an error says. */
    SlsException failure(Failures failures) {
        String text = body.toString(StandardCharsets.UTF_8);
        ServiceError error = serviceError(text);
        return error == null
                ? failures.refused(status, NOT_OF_THE_SERVICE, requestId(), "not an error of the service: " + text)
                : failures.refused(status, error.code(), requestId(), error.message());
    }

    private static @Nullable ServiceError serviceError(String text) {
        try {
            JSONObject json = JSON.parseObject(text);
            String code = json == null ? null : json.getString("errorCode");
            return json == null || code == null || code.isEmpty()
                    ? null
                    : new ServiceError(code, json.getString("errorMessage"));
        } catch (JSONException e) {
            // A page of a proxy or load balancer, or half an answer.
            return null;
        }
    }
}
