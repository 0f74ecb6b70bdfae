package io.slsdispatch.connector.source.reader;

import io.slsdispatch.connector.model.Cursor;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Groups that are passed over unread, and how many they are as far as that can be told. For people only: nothing that is
 * read depends on it.
 *
 * @param from the cursor of the first of them
 * @param to the cursor after the last of them; null when nobody knows any more
 * @param fromSeconds when the service received the group before them, unix seconds, 0 when not known
 * @param toSeconds when the service received the group after them, unix seconds, 0 when not known
 */
record DataGap(Cursor from, @Nullable Cursor to, long fromSeconds, long toSeconds) {

    /**
     * More groups than this a shard cannot receive in a second: it takes 500 requests (help page "Data read and write"), of
     * at most some thousands of groups each.
     */
    private static final long MOST_PER_SECOND = 1_000_000;

    /** More groups than this a shard does not receive in all the years that it may keep them. */
    private static final long MOST = 10_000_000_000L;

    /**
     * How many groups, as far as the cursors have numbers and can be of one logstore. A logstore that was deleted and
     * created again counts from another number on: its shard's creation in nanoseconds, by the examples of the service.
     */
    OptionalLong groups() {
        OptionalLong numbers = numbers();
        return isOfTwoLogstores() ? OptionalLong.empty() : numbers;
    }

    private OptionalLong numbers() {
        return to == null ? OptionalLong.empty() : from.distanceTo(to);
    }

    /** Whether the cursors are too far apart to be of one logstore. */
    boolean isOfTwoLogstores() {
        OptionalLong seconds = seconds();
        long most = seconds.isPresent() && seconds.getAsLong() < MOST / MOST_PER_SECOND
                ? (seconds.getAsLong() + 1) * MOST_PER_SECOND
                : MOST;
        return numbers().orElse(0) > most;
    }

    /** How many seconds of receive times they span at most. */
    OptionalLong seconds() {
        return fromSeconds > 0 && toSeconds > 0
                ? OptionalLong.of(Math.max(0, toSeconds - fromSeconds))
                : OptionalLong.empty();
    }

    /** The size in words. */
    String size() {
        if (isOfTwoLogstores()) {
            return "an unknown number of groups; the cursors are too far apart to be counted by, as of a logstore that was"
                    + " deleted and created again";
        }
        String groups = groups().isPresent() ? groups().getAsLong() + " groups" : "an unknown number of groups";
        return seconds().isPresent()
                ? groups + ", received within at most " + seconds().getAsLong() + " s"
                : groups;
    }
}
