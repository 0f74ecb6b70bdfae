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
 * Decodes dead letters from the log groups of a dead-letter logstore, in any order. Each dead letter is returned with
 * its original bytes, which are verified. The chunks of a dead letter may be in different groups and shards. Those of
 * incomplete dead letters are kept in memory, up to a limit: beyond it the oldest are discarded, and are listed in
 * {@link #incomplete()}, or, when there are too many to list, {@link #incompleteUnnamed() counted}.
 *
 * <p>A dead letter is returned as often as it was stored; {@link DeadLetter#id()} identifies duplicates. One thread at
 * a time.
 */
@PublicEvolving
public final class DeadLetterDecoder {

    /**
     * The result of reading a log group.
     *
     * @param letters dead letters that are complete now
     * @param problems one message for each log that is a dead letter but cannot be read
     * @param foreignLogs the number of logs that are not dead letters
     */
    public record Reading(List<DeadLetter> letters, List<String> problems, int foreignLogs) {

        public Reading {
            letters = List.copyOf(letters);
            problems = List.copyOf(problems);
        }
    }

    /**
     * Receives the results of a log group one by one.
     *
     * @param <E> the exception that {@link #letter} may throw
     */
    public interface Receiver<E extends Exception> {

        /** A dead letter that is complete now. */
        void letter(DeadLetter letter) throws E;

        /** A log is a dead letter but cannot be read; the message says why. */
        void problem(String problem);

        /** A log is not a dead letter. */
        void foreignLog();
    }

    /**
     * A dead letter of which only a part was found.
     *
     * @param id of the dead letter
     * @param target to which it belongs
     * @param cause why it was not accepted
     * @param time when it was not accepted
     * @param found the number of its logs that were found
     * @param chunks the total number of its logs
     */
    public record IncompleteDeadLetter(
            String id, String target, DeadLetter.Cause cause, Instant time, int found, int chunks) {}

    /** About 300 bytes each. Dead letters of several chunks have 720 kB and more, so there are rarely many of them. */
    private static final int MOST_REMEMBERED = 50_000;

    private final long mostHeldBytes;
    private final int mostRemembered;
    private final Map<String, DeadLetterChunks> incomplete = new LinkedHashMap<>();
    private final Map<String, IncompleteDeadLetter> letGo = new LinkedHashMap<>();
    private long letGoUnnamed;
    private long heldBytes;

    /**
     * The most recent dead letters of several chunks of which one copy was complete. When an entry is dropped, an
     * incomplete copy of that dead letter counts as incomplete: the decoder may report too many incomplete dead
     * letters, never too few.
     */
    private final Set<String> completed = new LinkedHashSet<>();

    /** Creates a decoder without a limit of bytes. */
    public DeadLetterDecoder() {
        this(Long.MAX_VALUE);
    }

    /**
     * @param mostHeldBytes the maximum number of bytes of incomplete dead letters that are kept; the most recent one is
     *     always kept
     */
    public DeadLetterDecoder(long mostHeldBytes) {
        this(mostHeldBytes, MOST_REMEMBERED);
    }

    /**
     * @param mostRemembered the maximum number of discarded dead letters that are listed, and of complete ones that are
     *     remembered
     */
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
     * Reads one log group and passes each dead letter to the receiver, so that only one is in memory at a time.
     *
     * @throws E if the receiver throws it; the rest of the group is then not read
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

    /** Dead letters of which only a part was found so far and of which no other copy is complete, oldest first. */
    public List<IncompleteDeadLetter> incomplete() {
        Map<String, IncompleteDeadLetter> letters = new LinkedHashMap<>(letGo);
        incomplete.values().forEach(chunks -> letters.put(chunks.id(), incomplete(chunks)));
        letters.keySet().removeAll(completed);
        return List.copyOf(letters.values());
    }

    /**
     * The number of discarded dead letters beyond those that {@link #incomplete()} lists. Each was incomplete when it
     * was discarded; another copy of it may have been complete later.
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
