package io.slsdispatch.connector.client.control;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import io.slsdispatch.connector.client.SlsClient.LogstorePage;
import io.slsdispatch.connector.client.exchange.Answer.JsonBody;
import io.slsdispatch.connector.model.KeyRange;
import io.slsdispatch.connector.model.LogstoreSettings;
import io.slsdispatch.connector.model.Shard;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Parses the answers to control calls. Fields that the service's documentation lists for each answer are required: an
 * answer that lacks one, or has one of another type, does not come from the service and is not used. Other fields are
 * skipped.
 */
final class ControlAnswers {

    /** The retention time that the service reports for a logstore that keeps its groups until it is deleted. */
    private static final int DAYS_WITHOUT_END = 3650;

    /** In the year 9999, the last year in which times are displayed. */
    private static final long LAST_SECOND = 253_402_300_799L;

    private ControlAnswers() {}

    /** "ListShards": {@code [{"shardID","status","inclusiveBeginKey","exclusiveEndKey","createTime"}]}. */
    static List<Shard> shards(JsonReader json) throws IOException {
        return list(json, ControlAnswers::shard);
    }

    private static Shard shard(JsonReader json) throws IOException {
        Fields fields = Fields.read(json);
        return new Shard(
                fields.integer("shardID"),
                KeyRange.ofHex(fields.text("inclusiveBeginKey"), fields.text("exclusiveEndKey")),
                isWritable(fields.text("status")),
                // Unknown for some shards. The service then sends 0, too.
                fields.has("createTime") ? fields.number("createTime", 0, LAST_SECOND) : 0);
    }

    /** A shard that is wrongly considered read-only would be considered finished. */
    private static boolean isWritable(String status) throws IOException {
        return switch (status.toLowerCase(Locale.ROOT)) {
            case "readwrite" -> true;
            case "readonly" -> false;
            default -> throw new IOException("field 'status' is '" + status + "'; expected readwrite or readonly");
        };
    }

    /** "GetCursor": {@code {"cursor"}}. */
    static String cursor(JsonReader json) throws IOException {
        return Fields.read(json).text("cursor");
    }

    /** "GetCursorTime": {@code {"cursor_time"}}, unix seconds. */
    static Instant cursorTime(JsonReader json) throws IOException {
        return Instant.ofEpochSecond(Fields.read(json).number("cursor_time", 0, LAST_SECOND));
    }

    /** "ListConsumerGroup": {@code [{"name","timeout","order"}]}. */
    static List<String> consumerGroups(JsonReader json) throws IOException {
        return list(json, group -> Fields.read(group).text("name"));
    }

    /** "GetCheckPoint": {@code [{"shard","checkpoint","updateTime","consumer"}]}; an empty checkpoint is none. */
    static Map<Integer, String> checkpoints(JsonReader json) throws IOException {
        Map<Integer, String> cursors = new HashMap<>();
        json.beginArray();
        while (json.hasNext()) {
            Fields fields = Fields.read(json);
            int shard = fields.integer("shard");
            String cursor = fields.textOrEmpty("checkpoint");
            if (!cursor.isEmpty()) {
                cursors.put(shard, cursor);
            }
        }
        json.endArray();
        return Map.copyOf(cursors);
    }

    /** "GetLogStore": {@code {"logstoreName","ttl","shardCount",...}}. The retention time, zero for unlimited. */
    static Duration retention(JsonReader json) throws IOException {
        Fields fields = Fields.read(json);
        fields.text("logstoreName");
        int days = (int) fields.number("ttl", 1, Integer.MAX_VALUE);
        return days >= DAYS_WITHOUT_END ? Duration.ZERO : Duration.ofDays(days);
    }

    /** "GetLogStore": {@code {"logstoreName","ttl","shardCount","autoSplit","maxSplitShard",...}}. */
    static LogstoreSettings logstoreSettings(JsonReader json) throws IOException {
        Fields fields = Fields.read(json);
        fields.text("logstoreName");
        int shards = (int) fields.number("shardCount", 1, Integer.MAX_VALUE);
        int days = (int) fields.number("ttl", 1, Integer.MAX_VALUE);
        boolean splits = fields.isTrue("autoSplit");
        // Without splits it has no meaning: the official SDK creates such logstores with -1.
        return new LogstoreSettings(shards, days, splits, splits ? fields.integer("maxSplitShard") : 0);
    }

    /** "ListLogStores": {@code {"count","total","logstores":["a","b"]}}. */
    static LogstorePage logstores(JsonReader json) throws IOException {
        List<String> names = null;
        Integer total = null;
        json.beginObject();
        while (json.hasNext()) {
            switch (json.nextName()) {
                case "logstores" -> names = list(json, JsonReader::nextString);
                case "total" -> total = json.nextInt();
                default -> json.skipValue();
            }
        }
        json.endObject();
        if (names == null || total == null || total < 0) {
            throw new IOException("field '" + (names == null ? "logstores" : "total") + "' is missing or negative");
        }
        return new LogstorePage(total, names);
    }

    private static <T> List<T> list(JsonReader json, JsonBody<T> element) throws IOException {
        List<T> list = new ArrayList<>();
        json.beginArray();
        while (json.hasNext()) {
            list.add(element.read(json));
        }
        json.endArray();
        return List.copyOf(list);
    }

    /** The strings, numbers and booleans of a JSON object, by name; all other values are skipped. */
    private static final class Fields {

        private record Field(JsonToken type, String value) {}

        private final Map<String, Field> fields = new HashMap<>();

        private Fields() {}

        static Fields read(JsonReader json) throws IOException {
            Fields read = new Fields();
            json.beginObject();
            while (json.hasNext()) {
                String name = json.nextName();
                JsonToken type = json.peek();
                if (type == JsonToken.STRING || type == JsonToken.NUMBER) {
                    read.fields.put(name, new Field(type, json.nextString()));
                } else if (type == JsonToken.BOOLEAN) {
                    read.fields.put(name, new Field(type, String.valueOf(json.nextBoolean())));
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

        /** A non-empty string. */
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

        /** A boolean, which may also be missing: then it is false. */
        boolean isTrue(String name) {
            Field field = fields.get(name);
            return field != null && field.value().equalsIgnoreCase("true");
        }

        int integer(String name) throws IOException {
            return (int) number(name, 0, Integer.MAX_VALUE);
        }

        /** An integer, which may also be written as a string. */
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
            if (field == null || field.type() == JsonToken.BOOLEAN) {
                throw new IOException("field '" + name + "' is missing, or neither a string nor a number");
            }
            return field;
        }
    }
}
