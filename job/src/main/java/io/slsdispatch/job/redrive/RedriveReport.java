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

/** What a run found and did. Every letter that was selected is in exactly one of a row's counts. One thread. */
public final class RedriveReport {

    /**
     * What is counted together.
     *
     * @param target that the letters are for
     * @param destination the logstore that they are sent to; null when the configuration has no target for them
     * @param cause why they were not taken
     */
    public record Key(String target, @Nullable LogstoreId destination, Cause cause) {

        private static final Comparator<Key> ORDER = Comparator.comparing(Key::target)
                .thenComparing(key ->
                        key.destination() == null ? "" : key.destination().toString())
                .thenComparing(Key::cause);
    }

    /** Counts of letters. */
    public static final class Row {

        private long bytes;
        private long sent;
        private long sentBefore;
        private long refused;
        private long notSent;
        private long counted;

        /** All of them. */
        public long letters() {
            return sent + sentBefore + refused + notSent + counted;
        }

        /** Of the groups in them, as they were pulled from the source. */
        public long bytes() {
            return bytes;
        }

        /** Acknowledged by the target. */
        public long sent() {
            return sent;
        }

        /** Stored more than once, or sent by an earlier run: not sent again. */
        public long sentBefore() {
            return sentBefore;
        }

        /** The target will not take them. */
        public long refused() {
            return refused;
        }

        /** There is no target for them, or it could not be reached, or the run was broken off. */
        public long notSent() {
            return notSent;
        }

        /** Would be sent; only without sending. */
        public long counted() {
            return counted;
        }
    }

    /** How many there are, and the first of them in words. */
    public static final class Sample {

        /** How many are named; the rest is counted only. */
        static final int MOST = 1_000;

        private final List<String> first = new ArrayList<>();
        private long count;

        void add(String name) {
            count++;
            if (first.size() < MOST) {
                first.add(name);
            }
        }

        /** So many more, that are counted only. */
        void addUnnamed(long more) {
            count += more;
        }

        public long count() {
            return count;
        }

        /** The first ones. */
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
        refused.add("letter " + addressed.id() + " for " + letter.target() + ": " + reason);
    }

    void notSent(String id, DeadLetter letter, @Nullable Target target, String reason) {
        Row row = row(letter, target);
        row.notSent++;
        row.bytes += letter.group().length();
        notSent.add("letter " + id + " for " + letter.target() + ": " + reason);
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

    /** @param unnamed how many more there are, or may be */
    void incomplete(Collection<IncompleteDeadLetter> letters, long unnamed) {
        letters.forEach(letter -> incomplete.add("letter " + letter.id() + " for " + letter.target() + " of "
                + letter.time() + ": " + letter.found() + " of its " + letter.chunks() + " logs were found"));
        incomplete.addUnnamed(unnamed);
    }

    void cannotRead(String reason) {
        cannotRead = reason;
    }

    void brokenOff() {
        brokenOff = true;
    }

    /** Whether something that was read is not done with. */
    boolean leavesSomethingBehind() {
        return refused.count() + notSent.count() + unreadable.count() > 0;
    }

    /** Whether everything that was selected is sent, or would be. */
    public boolean isComplete() {
        return !leavesSomethingBehind() && incomplete.count() + gaps.count() == 0 && !brokenOff && cannotRead == null;
    }

    /** By target and reason. */
    public Map<Key, Row> rows() {
        return Map.copyOf(rows);
    }

    /** The keys of {@link #rows()} in their order. */
    public List<Key> keys() {
        return List.copyOf(rows.keySet());
    }

    /** Letters that their target will not take. */
    public Sample refused() {
        return refused;
    }

    /** Letters that could not be sent. */
    public Sample notSent() {
        return notSent;
    }

    /** Logs that are dead letters but cannot be read. */
    public Sample unreadable() {
        return unreadable;
    }

    /** Letters of which only a part was found. */
    public Sample incomplete() {
        return incomplete;
    }

    /** Places where letters were gone before they were read. */
    public Sample gaps() {
        return gaps;
    }

    /** Letters that were selected, and whose ids are those of earlier builds. */
    public long lettersWithOlderIds() {
        return olderIds;
    }

    /**
     * Whether letters with ids of both kinds were selected: a group that became a dead letter under an earlier build and
     * again under this one has one of each, and is not known to be the same.
     */
    public boolean mixesIds() {
        return olderIds > 0 && newerIds > 0;
    }

    /** Letters that were not asked for. */
    public long lettersNotSelected() {
        return notSelected;
    }

    /** Logs that are no dead letters. */
    public long foreignLogs() {
        return foreignLogs;
    }

    /** Why reading ended early; null when it did not. */
    public @Nullable String cannotRead() {
        return cannotRead;
    }

    /** Whether the run was told to end before it was at its end. */
    public boolean isBrokenOff() {
        return brokenOff;
    }
}
