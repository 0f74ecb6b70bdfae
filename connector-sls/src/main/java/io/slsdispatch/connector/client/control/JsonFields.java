package io.slsdispatch.connector.client.control;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** The texts and numbers of a JSON object, by name; all else in it is passed over. */
final class JsonFields {

    private record Field(JsonToken type, String value) {}

    private final Map<String, Field> fields = new HashMap<>();

    private JsonFields() {}

    static JsonFields read(JsonReader json) throws IOException {
        JsonFields read = new JsonFields();
        json.beginObject();
        while (json.hasNext()) {
            String name = json.nextName();
            JsonToken type = json.peek();
            if (type == JsonToken.STRING || type == JsonToken.NUMBER) {
                read.fields.put(name, new Field(type, json.nextString()));
            } else {
                json.skipValue();
            }
        }
        json.endObject();
        return read;
    }

    boolean has(String name) {
        return fields.containsKey(name);
    }

    /** A text that is not empty. */
    String text(String name) throws IOException {
        String text = textOrEmpty(name);
        if (text.isBlank()) {
            throw new IOException("field '" + name + "' is empty");
        }
        return text;
    }

    String textOrEmpty(String name) throws IOException {
        Field field = field(name);
        if (field.type() != JsonToken.STRING) {
            throw new IOException("field '" + name + "' is the number " + field.value() + "; expected a string");
        }
        return field.value();
    }

    int integer(String name) throws IOException {
        return (int) number(name, 0, Integer.MAX_VALUE);
    }

    /** A whole number, also one that is written as a text. */
    long number(String name, long least, long most) throws IOException {
        String value = field(name).value();
        long number;
        try {
            number = Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw new IOException("field '" + name + "' is '" + value + "'; expected a whole number", e);
        }
        if (number < least || number > most) {
            throw new IOException("field '" + name + "' is " + number + "; expected " + least + " to " + most);
        }
        return number;
    }

    private Field field(String name) throws IOException {
        Field field = fields.get(name);
        if (field == null) {
            throw new IOException("no field '" + name + "' with a text or number");
        }
        return field;
    }
}
