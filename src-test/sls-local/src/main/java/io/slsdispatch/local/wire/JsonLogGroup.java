package io.slsdispatch.local.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;

/**
 * A LogGroup as JSON, as {@code Client.PutLogs} of the Java SDK writes it with content type {@code application/json}:
 * {@code __topic__}, {@code __source__}, {@code __tags__} and {@code __logs__}, whose elements have {@code __time__},
 * {@code __time_ns_part__} and their contents. What else the service accepts is not known, and is refused here.
 */
public final class JsonLogGroup {

    private static final int LOGS = 1;
    private static final int TOPIC = 3;
    private static final int SOURCE = 4;
    private static final int TAGS = 6;
    private static final int TIME = 1;
    private static final int CONTENTS = 2;
    private static final int TIME_NS = 4;
    private static final int KEY = 1;
    private static final int VALUE = 2;
    private static final long MAX_UINT32 = 0xffffffffL;
    private static final String TIME_KEY = "__time__";
    private static final String TIME_NS_KEY = "__time_ns_part__";
    private static final Set<String> FIELDS = Set.of("__topic__", "__source__", "__tags__", "__logs__");

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private JsonLogGroup() {}

    /**
     * The group in protobuf, with its fields in the order of their numbers, as an SDK writes it.
     *
     * @throws Refusal PostBodyInvalid when the bytes are not such a group
     */
    public static byte[] encode(byte[] json) {
        JsonNode group = read(json);
        for (Map.Entry<String, JsonNode> field : group.properties()) {
            if (!FIELDS.contains(field.getKey())) {
                throw invalid(
                        "field " + field.getKey() + " is not one of __topic__, __source__, __tags__ and __logs__");
            }
        }
        if (!group.path("__logs__").isArray()) {
            throw invalid("field __logs__ is missing or not an array");
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(json.length);
        for (JsonNode log : group.path("__logs__")) {
            bytes(out, LOGS, log(log));
        }
        text(out, TOPIC, group, "__topic__");
        text(out, SOURCE, group, "__source__");
        JsonNode tags = group.path("__tags__");
        if (!tags.isMissingNode() && !tags.isObject()) {
            throw invalid("field __tags__ is not an object");
        }
        for (Map.Entry<String, JsonNode> tag : tags.properties()) {
            bytes(out, TAGS, pair("tag", tag));
        }
        return out.toByteArray();
    }

    private static JsonNode read(byte[] json) {
        try {
            JsonNode group = MAPPER.readTree(json);
            if (group != null && group.isObject()) {
                return group;
            }
        } catch (IOException notJson) {
            // Refused below.
        }
        throw invalid("the body is not a log group as JSON");
    }

    private static byte[] log(JsonNode log) {
        if (!log.isObject()) {
            throw invalid("an element of __logs__ is not an object");
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        tag(out, TIME, Fields.VARINT);
        varint(out, number(log, TIME_KEY));
        for (Map.Entry<String, JsonNode> content : log.properties()) {
            if (!content.getKey().equals(TIME_KEY) && !content.getKey().equals(TIME_NS_KEY)) {
                bytes(out, CONTENTS, pair("content", content));
            }
        }
        if (log.has(TIME_NS_KEY)) {
            long nanos = number(log, TIME_NS_KEY);
            tag(out, TIME_NS, Fields.FIXED32);
            for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
                out.write((int) (nanos >>> shift));
            }
        }
        return out.toByteArray();
    }

    private static long number(JsonNode log, String field) {
        JsonNode value = log.path(field);
        if (!value.isIntegralNumber()
                || !value.canConvertToLong()
                || value.longValue() < 0
                || value.longValue() > MAX_UINT32) {
            throw invalid("field " + field + " of a log is missing or not a whole number of 32 bits");
        }
        return value.longValue();
    }

    private static byte[] pair(String what, Map.Entry<String, JsonNode> entry) {
        if (!entry.getValue().isTextual()) {
            throw invalid("the value of " + what + " " + entry.getKey() + " is not a string");
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        bytes(out, KEY, utf8(entry.getKey()));
        bytes(out, VALUE, utf8(entry.getValue().textValue()));
        return out.toByteArray();
    }

    private static void text(ByteArrayOutputStream out, int field, JsonNode group, String name) {
        JsonNode value = group.path(name);
        if (value.isMissingNode()) {
            return;
        }
        if (!value.isTextual()) {
            throw invalid("field " + name + " is not a string");
        }
        bytes(out, field, utf8(value.textValue()));
    }

    private static byte[] utf8(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        // Half of a surrogate pair would be stored as a question mark.
        if (!new String(bytes, StandardCharsets.UTF_8).equals(text)) {
            throw invalid("a string is not valid Unicode");
        }
        return bytes;
    }

    private static void bytes(ByteArrayOutputStream out, int field, byte[] value) {
        tag(out, field, Fields.LENGTH_DELIMITED);
        varint(out, value.length);
        out.writeBytes(value);
    }

    private static void tag(ByteArrayOutputStream out, int field, int type) {
        out.write(field << 3 | type);
    }

    private static void varint(ByteArrayOutputStream out, long value) {
        long rest = value;
        while (rest > 0x7f) {
            out.write((int) ((rest & 0x7f) | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    private static Refusal invalid(String message) {
        return new Refusal(ErrorCode.POST_BODY_INVALID, message);
    }
}
