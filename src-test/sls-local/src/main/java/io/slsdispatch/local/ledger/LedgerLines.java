package io.slsdispatch.local.ledger;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The text format of a ledger, one JSON object per line: {@code shard}, {@code position} (the number that the group's
 * cursor encodes), {@code millis} (of receipt), {@code bytes} (raw size), {@code digest} (32 hexadecimal digits, see
 * {@link GroupDigest}), {@code topic}, and, for the few groups that are split, {@code parts} (digests). Shards follow
 * one after another, with the groups of a shard in order. All ASCII.
 */
public final class LedgerLines {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            // Lone surrogates, which represent bytes of a topic that are not UTF-8, can only be written escaped.
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .build();
    private static final ObjectWriter WRITER = MAPPER.writer();

    private LedgerLines() {}

    /** The lines, generated one by one on demand. */
    public static Iterator<String> write(Iterator<LedgerEntry> entries) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return entries.hasNext();
            }

            @Override
            public String next() {
                return write(entries.next());
            }
        };
    }

    private static String write(LedgerEntry entry) {
        try {
            Map<String, Object> json = new TreeMap<>();
            json.put("shard", entry.shard());
            json.put("position", entry.position());
            json.put("millis", entry.receivedMillis());
            json.put("bytes", entry.rawBytes());
            json.put("digest", entry.digest().toString());
            json.put("topic", entry.topic());
            if (!entry.parts().isEmpty()) {
                json.put(
                        "parts",
                        entry.parts().stream().map(GroupDigest::toString).toList());
            }
            return WRITER.writeValueAsString(json);
        } catch (JsonProcessingException cannotHappen) {
            throw new IllegalStateException("Cannot write as JSON: " + entry, cannotHappen);
        }
    }

    /**
     * Parses one line.
     *
     * @throws IllegalArgumentException when the line was not written by {@link #write}
     */
    public static LedgerEntry read(String line) {
        try {
            JsonNode json = MAPPER.readTree(line);
            return new LedgerEntry(
                    field(json, "shard").asInt(),
                    field(json, "position").asLong(),
                    field(json, "millis").asLong(),
                    field(json, "bytes").asInt(),
                    GroupDigest.parse(field(json, "digest").asText()),
                    field(json, "topic").asText(),
                    parts(json.path("parts")));
        } catch (JsonProcessingException notJson) {
            throw new IllegalArgumentException("Invalid ledger line: " + line, notJson);
        }
    }

    private static List<GroupDigest> parts(JsonNode digests) {
        List<GroupDigest> parts = new ArrayList<>();
        digests.forEach(digest -> parts.add(GroupDigest.parse(digest.asText())));
        return parts;
    }

    private static JsonNode field(JsonNode json, String name) {
        JsonNode field = json.get(name);
        if (field == null) {
            throw new IllegalArgumentException("Invalid ledger line without " + name + ": " + json);
        }
        return field;
    }
}
