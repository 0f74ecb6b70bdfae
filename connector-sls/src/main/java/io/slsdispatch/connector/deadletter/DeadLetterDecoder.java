package io.slsdispatch.connector.deadletter;

import io.slsdispatch.connector.wire.FieldCursor;
import io.slsdispatch.connector.wire.LogGroupFields;
import io.slsdispatch.connector.wire.MalformedLogGroupException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads dead letters: give it the log groups of a dead-letter logstore, in any order, and it gives the letters, each with
 * the original bytes, checked. Chunks of a letter may lie in different groups and shards; those of letters that are not
 * whole yet are kept in memory, up to a limit: beyond it the oldest are let go, and are among the {@link #incomplete()}.
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

    /**
     * Takes what a log group gives, one after the other.
     *
     * @param <E> what taking a letter may throw
     */
    public interface Receiver<E extends Exception> {

        /** A letter that is whole now. */
        void letter(DeadLetter letter) throws E;

        /** A log is a dead letter but cannot be read: why, in words. */
        void problem(String problem);

        /** A log is no dead letter. */
        void foreignLog();
    }

    /**
     * A letter of which only a part was found.
     *
     * @param id of the letter
     * @param target that it is for
     * @param cause why it was not taken
     * @param time when it was not taken
     * @param found how many of its logs were found
     * @param chunks how many it has
     */
    public record IncompleteLetter(
            String id, String target, DeadLetter.Cause cause, Instant time, int found, int chunks) {}

    private final long mostHeldBytes;
    private final Map<String, LetterChunks> incomplete = new LinkedHashMap<>();
    private final Map<String, IncompleteLetter> letGo = new LinkedHashMap<>();
    private long heldBytes;

    /** Letters of several chunks of which one copy was whole: few. */
    private final Set<String> completed = new HashSet<>();

    /** Without a limit. */
    public DeadLetterDecoder() {
        this(Long.MAX_VALUE);
    }

    /** @param mostHeldBytes how much of letters that are not whole may be kept; the one that came last always is */
    public DeadLetterDecoder(long mostHeldBytes) {
        this.mostHeldBytes = mostHeldBytes;
    }

    /** Reads one log group that fills {@code array} from {@code offset} for {@code length} bytes. */
    public Reading read(byte[] array, int offset, int length) {
        List<DeadLetter> letters = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        int[] foreign = {0};
        read(array, offset, length, new Receiver<RuntimeException>() {
            @Override
            public void letter(DeadLetter letter) {
                letters.add(letter);
            }

            @Override
            public void problem(String problem) {
                problems.add(problem);
            }

            @Override
            public void foreignLog() {
                foreign[0]++;
            }
        });
        return new Reading(letters, problems, foreign[0]);
    }

    /**
     * The same with one letter at a time in memory, for groups that hold many.
     *
     * @throws E what the receiver throws; the rest of the group is not read then
     */
    public <E extends Exception> void read(byte[] array, int offset, int length, Receiver<E> receiver) throws E {
        FieldCursor group = new FieldCursor();
        group.reset(array, offset, length);
        try {
            while (group.next()) {
                if (group.isBytes(LogGroupFields.LOGS)) {
                    Map<String, String> log = contents(array, group.valueOffset(), group.valueLength());
                    if (log.containsKey(LetterFields.VERSION)) {
                        readLog(log, receiver);
                    } else {
                        receiver.foreignLog();
                    }
                }
            }
        } catch (MalformedLogGroupException e) {
            receiver.problem(String.valueOf(e.getMessage()));
        }
    }

    /** Letters of which only a part was found so far and that are not whole in another copy either, oldest first. */
    public List<IncompleteLetter> incomplete() {
        Map<String, IncompleteLetter> letters = new LinkedHashMap<>(letGo);
        incomplete.values().forEach(chunks -> letters.put(chunks.id(), chunks.asIncomplete()));
        letters.keySet().removeAll(completed);
        return List.copyOf(letters.values());
    }

    private <E extends Exception> void readLog(Map<String, String> log, Receiver<E> receiver) throws E {
        DeadLetter letter;
        try {
            letter = take(LetterLog.of(log));
        } catch (IllegalArgumentException e) {
            receiver.problem("dead letter " + log.get(LetterFields.ID) + ": " + e.getMessage());
            return;
        }
        if (letter != null) {
            receiver.letter(letter);
        }
    }

    private @Nullable DeadLetter take(LetterLog chunk) {
        String copy = chunk.id() + "/" + chunk.copy();
        LetterChunks chunks = incomplete.computeIfAbsent(copy, key -> new LetterChunks(chunk));
        heldBytes += chunks.add(chunk);
        if (!chunks.isComplete()) {
            letGoOfTheOldest();
            return null;
        }
        incomplete.remove(copy);
        heldBytes -= chunks.heldBytes();
        DeadLetter letter = chunks.letter();
        if (chunk.chunks() > 1) {
            completed.add(chunk.id());
        }
        return letter;
    }

    private void letGoOfTheOldest() {
        Iterator<LetterChunks> oldest = incomplete.values().iterator();
        while (heldBytes > mostHeldBytes && incomplete.size() > 1) {
            LetterChunks chunks = oldest.next();
            oldest.remove();
            heldBytes -= chunks.heldBytes();
            if (!completed.contains(chunks.id())) {
                letGo.put(chunks.id(), chunks.asIncomplete());
            }
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
