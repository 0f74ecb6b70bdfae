package io.slsdispatch.connector.client.exchange;

import com.google.gson.stream.JsonReader;
import java.io.IOException;

/** Reads what an answer holds in JSON. */
@FunctionalInterface
public interface JsonBody<T> {

    /**
     * Reads one whole value. Whatever it throws but an exhausted heap makes the answer an unreadable one.
     *
     * @throws IOException when a required field is missing or has another type; the message says which
     */
    T read(JsonReader json) throws IOException;
}
