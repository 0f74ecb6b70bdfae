package io.slsdispatch.local.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** Records of the store as JSON. Unknown fields are errors: a file of a newer build must not lose data. */
final class Json {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private Json() {}

    static String write(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException cannotHappen) {
            throw new IllegalStateException("Cannot write as JSON: " + value.getClass(), cannotHappen);
        }
    }

    static <T> T read(String json, Class<T> type) {
        try {
            return MAPPER.readValue(json, type);
        } catch (JsonProcessingException foreign) {
            throw new IllegalStateException(
                    "Cannot read a " + type.getSimpleName()
                            + " of the data directory, was it written by a newer build? "
                            + foreign.getOriginalMessage(),
                    foreign);
        }
    }
}
