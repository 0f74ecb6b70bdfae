package io.slsdispatch.job.redrive;

import io.slsdispatch.connector.deadletter.DeadLetter;
import io.slsdispatch.connector.deadletter.DeadLetter.Cause;
import io.slsdispatch.connector.deadletter.DeadLetterDecoder.IncompleteDeadLetter;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.job.config.JobConfig.Target;
import io.slsdispatch.job.redrive.TargetQueue.Addressed;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Report of what a redrive run found and did. Every selected dead letter is in exactly one of the counts of a row. Not
 * thread-safe.
 */
public final class RedriveReport {

    /**
     * Key of a row.
     *
     * @param target name of the target that the dead letters are for
     * @param destination logstore to which they are sent; null when the configuration has no target for them
     * @param cause why the target did not accept them
     */
    public record Key(String target, @Nullable LogstoreId destination, Cause cause) {

        private static final Comparator<Key> ORDER = Comparator.comparing(Key::target)
                .thenComparing(key ->
                        key.destination() == null ? "" : key.destination().toString())
                .thenComparing(Key::cause);
    }

    /** Counts of dead letters. */
    public static final class Row {

        private long bytes;
        private long sent;
        private long sentBefore;
        private long refused;
        private long notSent;
        private long counted;

        /** All dead letters of the row. */
        public long letters() {
            return sent + sentBefore + refused + notSent + counted;
        }

        /** The size of the log groups in them, as pulled from the source. */
        public long bytes() {
            return bytes;
        }

        /** Acknowledged by the target. */
        public long sent() {
            return sent;
        }

        /** Not sent again, because they are stored more than once or an earlier run sent them. */
        public long sentBefore() {
            return sentBefore;
        }

        /** Refused by the target. */
        public long refused() {
            return refused;
        }

        /** Not sent, because they have no target, the target could not be reached, or the run was stopped. */
        public long notSent() {
            return notSent;
        }

        /** Counted only; used when the run does not send. */
        public long counted() {
            return counted;
        }
    }

    /** A count, with descriptions of the first items. */
    public static final class Sample {

        /** Maximum number of descriptions; further items are only counted. */
        static final int MOST = 1_000;

        private final List<String> first = new ArrayList<>();
        private long count;

        void add(String name) {
            count++;
            if (first.size() < MOST) {
                first.add(name);
            }
        }

        /** Adds items that are only counted. */
        void addUnnamed(long more) {
            count += more;
        }

        public long count() {
            return count;
        }

        /** The descriptions of the first items, at most {@link #MOST}. */
        public List<String> first() {
            return List.copyOf(first);
        }
    }

    private final Map<Key, Row> rows = new TreeMap<>(Key.ORDER);
    private final Sample refused = new Sample();
    private final Sample notSent = new Sample();
    private final Sample unreadable = new Sample();
    private final Sample incomplete = new Sample();
    private final Sample gaps = new Sample();
    private long olderIds;
    private long newerIds;
    private long notSelected;
    private long foreignLogs;
    private boolean brokenOff;
    private @Nullable String cannotRead;

    private Row row(DeadLetter letter, @Nullable Target target) {
        LogstoreId destination = target == null ? null : target.config().logstore();
        return rows.computeIfAbsent(
                new Key(letter.target(), destination, letter.reason().cause()), key -> new Row());
    }

    void selected(DeadLetter letter) {
        if (letter.hasOlderId()) {
            olderIds++;
        } else {
            newerIds++;
        }
    }

    void sent(DeadLetter letter, Target target) {
        Row row = row(letter, target);
        row.sent++;
        row.bytes += letter.group().length();
    }

    void counted(DeadLetter letter, Target target) {
        Row row = row(letter, target);
        row.counted++;
        row.bytes += letter.group().length();
    }

    void sentBefore(DeadLetter letter, @Nullable Target target) {
        Row row = row(letter, target);
        row.sentBefore++;
        row.bytes += letter.group().length();
    }

    void refused(Addressed addressed, String reason) {
        DeadLetter letter = addressed.letter();
        Row row = row(letter, addressed.target());
        row.refused++;
        row.bytes += letter.group().length();
        refused.add("dead letter " + addressed.id() + " for " + letter.target() + ": " + reason);
    }

    void notSent(String id, DeadLetter letter, @Nullable Target target, String reason) {
        Row row = row(letter, target);
        row.notSent++;
        row.bytes += letter.group().length();
        notSent.add("dead letter " + id + " for " + letter.target() + ": " + reason);
    }

    void notSelected() {
        notSelected++;
    }

    void foreignLog() {
        foreignLogs++;
    }

    void unreadable(String problem) {
        unreadable.add(problem);
    }

    void gap(String words) {
        gaps.add(words);
    }

    /** @param unnamed how many more there are or may be */
    void incomplete(Collection<IncompleteDeadLetter> letters, long unnamed) {
        letters.forEach(letter -> incomplete.add("dead letter " + letter.id() + " for " + letter.target() + " of "
                + letter.time() + ": " + letter.found() + " of its " + letter.chunks() + " logs found"));
        incomplete.addUnnamed(unnamed);
    }

    void cannotRead(String reason) {
        cannotRead = reason;
    }

    void brokenOff() {
        brokenOff = true;
    }

    /** Whether any log that was read is refused, not sent or unreadable. */
    boolean leavesSomethingBehind() {
        return refused.count() + notSent.count() + unreadable.count() > 0;
    }

    /** Whether everything that was selected is sent or, when the run does not send, would be. */
    public boolean isComplete() {
        return !leavesSomethingBehind() && incomplete.count() + gaps.count() == 0 && !brokenOff && cannotRead == null;
    }

    /** The rows by target and cause. */
    public Map<Key, Row> rows() {
        return Map.copyOf(rows);
    }

    /** The sorted keys of {@link #rows()}. */
    public List<Key> keys() {
        return List.copyOf(rows.keySet());
    }

    /** Dead letters that their target refused. */
    public Sample refused() {
        return refused;
    }

    /** Dead letters that could not be sent. */
    public Sample notSent() {
        return notSent;
    }

    /** Logs that are dead letters but cannot be decoded. */
    public Sample unreadable() {
        return unreadable;
    }

    /** Dead letters of which only a part was found. */
    public Sample incomplete() {
        return incomplete;
    }

    /** Gaps, where dead letters expired before they were read. */
    public Sample gaps() {
        return gaps;
    }

    /** The number of selected dead letters with ids of earlier builds. */
    public long lettersWithOlderIds() {
        return olderIds;
    }

    /**
     * Whether dead letters with both kinds of ids were selected: a group that became a dead letter under an earlier
     * build and again under this one has one of each, and the two are not recognized as duplicates.
     */
    public boolean mixesIds() {
        return olderIds > 0 && newerIds > 0;
    }

    /** The number of dead letters that were not selected. */
    public long lettersNotSelected() {
        return notSelected;
    }

    /** The number of logs that are not dead letters. */
    public long foreignLogs() {
        return foreignLogs;
    }

    /** Why reading stopped early; null when it did not. */
    public @Nullable String cannotRead() {
        return cannotRead;
    }

    /** Whether the run was stopped before it was complete. */
    public boolean isBrokenOff() {
        return brokenOff;
    }
}
