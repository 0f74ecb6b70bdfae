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

    /** How many groups, as far as the cursors have numbers. */
    OptionalLong groups() {
        return to == null ? OptionalLong.empty() : from.distanceTo(to);
    }

    /** How many seconds of receive times they span at most. */
    OptionalLong seconds() {
        return fromSeconds > 0 && toSeconds > 0
                ? OptionalLong.of(Math.max(0, toSeconds - fromSeconds))
                : OptionalLong.empty();
    }

    /** The size in words. */
    String size() {
        String groups = groups().isPresent() ? groups().getAsLong() + " groups" : "an unknown number of groups";
        return seconds().isPresent()
                ? groups + ", received within at most " + seconds().getAsLong() + " s"
                : groups;
    }
}
