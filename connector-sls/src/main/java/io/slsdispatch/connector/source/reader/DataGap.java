package io.slsdispatch.connector.source.reader;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
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
record DataGap(String from, @Nullable String to, long fromSeconds, long toSeconds) {

    /**
     * How many groups. A cursor is the number of a group in its shard, in decimal and Base64; the service documents that
     * only by its examples, so a cursor of another form gives no answer.
     */
    OptionalLong groups() {
        OptionalLong first = number(from);
        OptionalLong end = to == null ? OptionalLong.empty() : number(to);
        return first.isPresent() && end.isPresent() && end.getAsLong() >= first.getAsLong()
                ? OptionalLong.of(end.getAsLong() - first.getAsLong())
                : OptionalLong.empty();
    }

    private static OptionalLong number(String cursor) {
        try {
            byte[] decimal = Base64.getDecoder().decode(cursor);
            return OptionalLong.of(Long.parseLong(new String(decimal, StandardCharsets.US_ASCII)));
        } catch (IllegalArgumentException e) {
            return OptionalLong.empty();
        }
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
