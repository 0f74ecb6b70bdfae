package io.slsdispatch.connector.model;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.OptionalLong;

/**
 * The number in a cursor: that of a group in its shard, in decimal and Base64, one more with each group. The service
 * documents that only by its examples ("GetCursor"), and its official clients count cursors up and down by it; so a cursor
 * of another form is none to complain about, and has no number.
 */
public final class CursorNumber {

    private CursorNumber() {}

    /** The number; empty when the cursor is of another form. */
    public static OptionalLong of(String cursor) {
        try {
            byte[] decimal = Base64.getDecoder().decode(cursor);
            return OptionalLong.of(Long.parseLong(new String(decimal, StandardCharsets.US_ASCII)));
        } catch (IllegalArgumentException e) {
            return OptionalLong.empty();
        }
    }

    /** The cursor with this number. */
    static String cursor(long number) {
        return Base64.getEncoder().encodeToString(Long.toString(number).getBytes(StandardCharsets.US_ASCII));
    }
}
