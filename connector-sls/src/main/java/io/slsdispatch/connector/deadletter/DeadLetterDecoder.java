package io.slsdispatch.connector.deadletter;

import io.slsdispatch.connector.wire.FieldCursor;
import io.slsdispatch.connector.wire.LogGroupFields;
import io.slsdispatch.connector.wire.MalformedLogGroupException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.annotation.PublicEvolving;
import org.jspecify.annotations.Nullable;

/**
 * Reads dead letters: give it the log groups of a dead-letter logstore, in any order, and it gives the letters, each with
 * the original bytes, checked. Chunks of a letter may lie in different groups and shards; those of letters that are not
 * whole yet are kept in memory, up to a limit: beyond it the oldest are let go, and are among the {@link #incomplete()},
 * or, when these have become too many to be named, {@link #incompleteUnnamed() counted}.
 *
 * <p>The same letter comes as often as it was stored: {@link DeadLetter#id()} tells. One thread at a time.
 */
@PublicEvolving
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
    public record IncompleteDeadLetter(
            String id, String target, DeadLetter.Cause cause, Instant time, int found, int chunks) {}

    /** Some 300 bytes each. Letters of several chunks have 720 kB and more, so that many are rare. */
    private static final int MOST_REMEMBERED = 50_000;

    private final long mostHeldBytes;
    private final int mostRemembered;
    private final Map<String, DeadLetterChunks> incomplete = new LinkedHashMap<>();
    private final Map<String, IncompleteDeadLetter> letGo = new LinkedHashMap<>();
    private long letGoUnnamed;
    private long heldBytes;

    /**
     * Letters of several chunks of which one copy was whole, the last ones: when one is forgotten, a copy of it that is not
     * whole counts as incomplete, which is too much said and never too little.
     */
    private final Set<String> completed = new LinkedHashSet<>();

    /** Without a limit of bytes. */
    public DeadLetterDecoder() {
        this(Long.MAX_VALUE);
    }

    /** @param mostHeldBytes how much of letters that are not whole may be kept; the one that came last always is */
    public DeadLetterDecoder(long mostHeldBytes) {
        this(mostHeldBytes, MOST_REMEMBERED);
    }

    /** @param mostRemembered how many letters that were let go are named, and how many that were whole are known */
    DeadLetterDecoder(long mostHeldBytes, int mostRemembered) {
        this.mostHeldBytes = mostHeldBytes;
        this.mostRemembered = mostRemembered;
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
                    if (log.containsKey(DeadLetterFields.VERSION)) {
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
    public List<IncompleteDeadLetter> incomplete() {
        Map<String, IncompleteDeadLetter> letters = new LinkedHashMap<>(letGo);
        incomplete.values().forEach(chunks -> letters.put(chunks.id(), incomplete(chunks)));
        letters.keySet().removeAll(completed);
        return List.copyOf(letters.values());
    }

    /**
     * How many more were let go than {@link #incomplete()} can name. Of each only a part was found by then; some may have
     * become whole in another copy.
     */
    public long incompleteUnnamed() {
        return letGoUnnamed;
    }

    private <E extends Exception> void readLog(Map<String, String> log, Receiver<E> receiver) throws E {
        DeadLetter letter;
        try {
            letter = take(DeadLetterLog.of(log));
        } catch (IllegalArgumentException e) {
            receiver.problem("dead letter " + log.get(DeadLetterFields.ID) + ": " + e.getMessage());
            return;
        }
        if (letter != null) {
            receiver.letter(letter);
        }
    }

    private @Nullable DeadLetter take(DeadLetterLog chunk) {
        String copy = chunk.id() + "/" + chunk.copy();
        DeadLetterChunks chunks = incomplete.get(copy);
        if (chunks == null) {
            chunks = new DeadLetterChunks(chunk);
            incomplete.put(copy, chunks);
            heldBytes += chunks.heldBytes();
        }
        heldBytes += chunks.add(chunk);
        if (!chunks.isComplete()) {
            letGoOfTheOldest();
            return null;
        }
        incomplete.remove(copy);
        heldBytes -= chunks.heldBytes();
        DeadLetter letter = chunks.letter();
        if (chunk.chunks() > 1) {
            complete(chunk.id());
        }
        return letter;
    }

    private void complete(String id) {
        letGo.remove(id);
        completed.add(id);
        if (completed.size() > mostRemembered) {
            Iterator<String> oldest = completed.iterator();
            oldest.next();
            oldest.remove();
        }
    }

    private void letGoOfTheOldest() {
        Iterator<DeadLetterChunks> oldest = incomplete.values().iterator();
        while (heldBytes > mostHeldBytes && incomplete.size() > 1) {
            DeadLetterChunks chunks = oldest.next();
            oldest.remove();
            heldBytes -= chunks.heldBytes();
            if (!completed.contains(chunks.id())) {
                letGo(chunks);
            }
        }
    }

    private static IncompleteDeadLetter incomplete(DeadLetterChunks chunks) {
        DeadLetterLog first = chunks.first();
        return new IncompleteDeadLetter(
                first.id(), first.target(), first.reason().cause(), first.time(), chunks.count(), first.chunks());
    }

    private void letGo(DeadLetterChunks chunks) {
        if (letGo.size() < mostRemembered || letGo.containsKey(chunks.id())) {
            letGo.put(chunks.id(), incomplete(chunks));
        } else {
            letGoUnnamed++;
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
