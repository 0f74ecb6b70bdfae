package io.slsdispatch.job.output;

import com.google.gson.FormattingStyle;
import com.google.gson.stream.JsonWriter;
import io.slsdispatch.connector.text.ForeignText;
import io.slsdispatch.job.yaml.InvalidConfigException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** JSON output: objects are ordered maps, arrays are lists, absent values are null. */
public final class Json {

    private Json() {}

    /** Creates an object with these keys and values, in this order. */
    public static Map<String, @Nullable Object> object(@Nullable Object... keysAndValues) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            object.put(String.valueOf(keysAndValues[i]), keysAndValues[i + 1]);
        }
        return object;
    }

    /** All errors of a configuration. */
    public static List<?> errors(InvalidConfigException e) {
        return e.errors().stream()
                .map(error -> object(
                        "where",
                        error.location().where(),
                        "path",
                        error.location().path(),
                        "value",
                        error.value(),
                        "problem",
                        error.problem(),
                        "cure",
                        error.hint()))
                .toList();
    }

    /** Writes one result, followed by a line break. */
    public static void print(PrintWriter out, Object answer) {
        out.println(text(answer));
    }

    public static String text(Object answer) {
        StringWriter text = new StringWriter();
        try (JsonWriter json = new JsonWriter(text)) {
            json.setFormattingStyle(FormattingStyle.PRETTY);
            write(json, answer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // Within strings, JSON itself shows other invisible characters in this form.
        return text.toString().lines().map(ForeignText::visible).collect(Collectors.joining("\n"));
    }

    private static void write(JsonWriter json, @Nullable Object value) throws IOException {
        if (value instanceof Map<?, ?> object) {
            json.beginObject();
            for (Map.Entry<?, ?> entry : object.entrySet()) {
                json.name(String.valueOf(entry.getKey()));
                write(json, entry.getValue());
            }
            json.endObject();
        } else if (value instanceof Iterable<?> list) {
            json.beginArray();
            for (Object item : list) {
                write(json, item);
            }
            json.endArray();
        } else if (value instanceof Boolean truth) {
            json.value(truth);
        } else if (value instanceof Number number) {
            json.value(number);
        } else if (value == null) {
            json.nullValue();
        } else {
            json.value(value.toString());
        }
    }
}
