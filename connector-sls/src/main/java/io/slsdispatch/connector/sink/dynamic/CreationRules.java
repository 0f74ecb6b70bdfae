package io.slsdispatch.connector.sink.dynamic;

import java.time.Duration;
import java.time.Instant;

/**
 * Decides which writer of a job creates a logstore, and when, so that each is created once with few calls, and the job
 * never exceeds its limit although the writers cannot talk to each other.
 *
 * <p><b>Once.</b> The hash of the name ranks the writers. The first creates at once, each further one a step later, all
 * within {@link #TAKE_OVER_WITHIN}; before it creates, it looks whether another one has. A rank instead of one owner,
 * because a writer knows only the names of its own groups: the owner may never meet the name.
 *
 * <p><b>The limit.</b> A writer counts by listing the logstores, and creates at most {@link #perListing} after each
 * listing. So the writers together exceed what a listing shows by at most {@link #margin}. As long as a listing shows
 * that many below the limit, all may create. Above that they take turns by the clock, and the one whose turn it is
 * lists again before it creates. The bound is strict if a creation takes effect within 4 s after it was sent, and the
 * clocks differ by less than 2 s.
 *
 * @param subtask the index of this writer
 * @param subtasks the number of writers
 * @param maxLogstores the limit of the job
 */
record CreationRules(int subtask, int subtasks, int maxLogstores) {

    /** The longest time until a writer creates a logstore that others should have created. */
    static final Duration TAKE_OVER_WITHIN = Duration.ofSeconds(30);

    private static final Duration LONGEST_STEP = Duration.ofSeconds(2);

    /** A turn: its first part lets clocks differ, in its last part the creations of its owner take effect. */
    private static final long TURN_MILLIS = 10_000;

    private static final long OPENS_AT_MILLIS = 2_000;
    private static final long CLOSES_AT_MILLIS = 6_000;

    private static final int MOST_PER_LISTING = 16;

    /** The share of the limit in which writers take turns is an eighth, unless there are many writers. */
    private static final int SHARE = 8;

    /** How long this writer leaves the creation of a logstore to others. */
    Duration delay(String name) {
        int hash = name.hashCode();
        int rank = Math.floorMod(subtask - (hash ^ hash >>> 16), subtasks);
        Duration step = TAKE_OVER_WITHIN.dividedBy(subtasks);
        return (step.compareTo(LONGEST_STEP) > 0 ? LONGEST_STEP : step).multipliedBy(rank);
    }

    /** How many logstores a writer creates at most before it lists again. */
    int perListing() {
        return Math.max(1, Math.min(MOST_PER_LISTING, maxLogstores / (SHARE * subtasks)));
    }

    /** How many logstores all writers together create at most after a listing, before all of them list again. */
    int margin() {
        return subtasks * perListing();
    }

    /** Whether there may be no further logstore. */
    boolean isFull(int logstores) {
        return logstores >= maxLogstores;
    }

    /** Whether writers take turns. */
    boolean takesTurns(int logstores) {
        return subtasks > 1 && logstores + margin() > maxLogstores;
    }

    /** How long until this writer may create in its turn; zero when it may now. */
    Duration untilTurn(Instant now) {
        long round = TURN_MILLIS * subtasks;
        long since = Math.floorMod(now.toEpochMilli() - TURN_MILLIS * subtask, round);
        if (since >= OPENS_AT_MILLIS && since < CLOSES_AT_MILLIS) {
            return Duration.ZERO;
        }
        return Duration.ofMillis(since < OPENS_AT_MILLIS ? OPENS_AT_MILLIS - since : round - since + OPENS_AT_MILLIS);
    }

    /** Whether a listing that began at a time is of the same turn as now, which is in a turn of this writer. */
    boolean isOfThisTurn(Instant listing, Instant now) {
        long since = Math.floorMod(now.toEpochMilli() - TURN_MILLIS * subtask, TURN_MILLIS * subtasks);
        return Duration.between(listing, now).toMillis() <= since - OPENS_AT_MILLIS;
    }
}
