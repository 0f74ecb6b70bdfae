package io.slsdispatch.connector.deadletter;

import io.slsdispatch.connector.wire.FieldCursor;
import io.slsdispatch.connector.wire.LogGroupFields;
import io.slsdispatch.connector.wire.MalformedLogGroupException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads dead letters: give it the log groups of a dead-letter logstore, in any order, and it gives the letters, each with
 * the original bytes, checked. Chunks of a letter may lie in different groups and shards; those of letters that are not
 * whole yet are kept in memory.
 *
 * <p>The same letter comes as often as it was stored: {@link DeadLetter#id()} tells. One thread at a time.
 */
public final class DeadLetterDecoder {

    /**
     * What a log group gave.
     *
     * @param letters that are whole now
     * @param problems of logs that are dead letters but cannot be read, in words
     * @param foreignLogs logs that are no dead letters
     */
    public record Reading(List<DeadLetter> letters, List<String> problems, int foreignLogs) {

        public Reading {
            letters = List.copyOf(letters);
            problems = List.copyOf(problems);
        }
    }

    private final Map<String, LetterChunks> incomplete = new LinkedHashMap<>();

    /** Letters of several chunks of which one copy was whole: few. */
    private final Set<String> completed = new HashSet<>();

    /** Reads one log group that fills {@code array} from {@code offset} for {@code length} bytes. */
    public Reading read(byte[] array, int offset, int length) {
        List<DeadLetter> letters = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        int foreign = 0;
        FieldCursor group = new FieldCursor();
        group.reset(array, offset, length);
        try {
            while (group.next()) {
                if (group.isBytes(LogGroupFields.LOGS)) {
                    Map<String, String> log = contents(array, group.valueOffset(), group.valueLength());
                    if (log.containsKey(LetterFields.VERSION)) {
                        readLog(log, letters, problems);
                    } else {
                        foreign++;
                    }
                }
            }
        } catch (MalformedLogGroupException e) {
            problems.add(String.valueOf(e.getMessage()));
        }
        return new Reading(letters, problems, foreign);
    }

    /** Ids of letters of which only a part was found, none of them whole. */
    public Set<String> incomplete() {
        Set<String> ids = new HashSet<>();
        incomplete.values().forEach(chunks -> ids.add(chunks.id()));
        ids.removeAll(completed);
        return ids;
    }

    private void readLog(Map<String, String> log, List<DeadLetter> letters, List<String> problems) {
        try {
            LetterLog chunk = LetterLog.of(log);
            String copy = chunk.id() + "/" + chunk.copy();
            LetterChunks chunks = incomplete.computeIfAbsent(copy, key -> new LetterChunks(chunk));
            chunks.add(chunk);
            if (chunks.isComplete()) {
                incomplete.remove(copy);
                letters.add(chunks.letter());
                if (chunk.chunks() > 1) {
                    completed.add(chunk.id());
                }
            }
        } catch (IllegalArgumentException e) {
            problems.add("dead letter " + log.get(LetterFields.ID) + ": " + e.getMessage());
        }
    }

    private static Map<String, String> contents(byte[] array, int offset, int length)
            throws MalformedLogGroupException {
        Map<String, String> contents = new HashMap<>();
        FieldCursor log = new FieldCursor();
        FieldCursor content = new FieldCursor();
        log.reset(array, offset, length);
        while (log.next()) {
            if (log.isBytes(LogGroupFields.LOG_CONTENTS)) {
                String key = "";
                String value = "";
                content.reset(array, log.valueOffset(), log.valueLength());
                while (content.next()) {
                    if (content.isBytes(LogGroupFields.CONTENT_KEY)) {
                        key = text(array, content);
                    } else if (content.isBytes(LogGroupFields.CONTENT_VALUE)) {
                        value = text(array, content);
                    }
                }
                contents.put(key, value);
            }
        }
        return contents;
    }

    private static String text(byte[] array, FieldCursor field) {
        return new String(array, field.valueOffset(), field.valueLength(), StandardCharsets.UTF_8);
    }
}
