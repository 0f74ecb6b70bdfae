package io.slsdispatch.local.service;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.slsdispatch.local.http.Request;
import io.slsdispatch.local.wire.ErrorCode;
import io.slsdispatch.local.wire.Refusal;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A JSON request body. {@code x-log-bodyrawsize} is ignored: the Java SDK sends 0 with such bodies.
 *
 * @param fields the object's fields
 */
record JsonBody(Map<String, Object> fields) {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};
    private static final TypeReference<Set<Integer>> NUMBERS = new TypeReference<>() {};

    /**
     * Reads an object.
     *
     * @throws Refusal PostBodyInvalid
     */
    static JsonBody of(Request request) {
        Map<String, Object> fields = read(OBJECT, request);
        fields.values().removeIf(value -> value == null);
        return new JsonBody(fields);
    }

    /**
     * Reads an array of whole numbers. An empty body is an empty array.
     *
     * @throws Refusal PostBodyInvalid
     */
    static Set<Integer> numbers(Request request) {
        return request.body().length == 0 ? Set.of() : read(NUMBERS, request);
    }

    private static <T> T read(TypeReference<T> type, Request request) {
        try {
            T value = MAPPER.readValue(request.body(), type);
            if (value == null) {
                throw invalid("the body is empty");
            }
            return value;
        } catch (IOException notJson) {
            throw invalid("the body is not the expected JSON");
        }
    }

    /** A required string. */
    String text(String field) {
        if (fields.get(field) instanceof String text) {
            return text;
        }
        throw invalid("field " + field + " is missing or not a string");
    }

    /** An optional string with a default. */
    String text(String field, String otherwise) {
        return fields.containsKey(field) ? text(field) : otherwise;
    }

    /** A required whole number. */
    int number(String field) {
        if (fields.get(field) instanceof Integer number) {
            return number;
        }
        throw invalid("field " + field + " is missing or not a number");
    }

    /** An optional whole number, null when it is absent. */
    @Nullable
    Integer optionalNumber(String field) {
        return fields.containsKey(field) ? number(field) : null;
    }

    /** An optional boolean, null when it is absent. */
    @Nullable
    Boolean optionalFlag(String field) {
        Object value = fields.get(field);
        if (value == null || value instanceof Boolean) {
            return (Boolean) value;
        }
        throw invalid("field " + field + " is not true or false");
    }

    private static Refusal invalid(String message) {
        return new Refusal(ErrorCode.POST_BODY_INVALID, message);
    }
}
