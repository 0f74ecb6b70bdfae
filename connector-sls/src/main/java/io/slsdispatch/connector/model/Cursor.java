package io.slsdispatch.connector.model;

import io.slsdispatch.connector.text.ForeignText;
import io.slsdispatch.connector.text.Secrets;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/**
 * A position in a shard, as the service writes it. Only the {@link #text()} that the service returned is sent,
 * committed and stored.
 *
 * <p>Most cursors contain the number of a group in its shard, in decimal and Base64. The service documents that only by
 * its examples ("GetCursor"), and its official clients rely on it for counting. Two texts with one number are the same
 * position: padding may be missing, and either text may end with a newline. A cursor without a number equals only its
 * own text, and is neither before nor after another. It is not guaranteed that numbers have no gaps.
 *
 * <p>Immutable.
 */
@Internal
public final class Cursor {

    /** Number of digits of the largest number. */
    private static final int MAX_DIGITS = 19;

    private static final long NONE = -1;

    private static final Pattern PADDING = Pattern.compile("=*\\s*$");

    private final String text;
    private final long number;

    private Cursor(String text, long number) {
        this.text = text;
        this.number = number;
    }

    /** Parses a cursor. Every text is valid; whether the service knows it is not checked. */
    public static Cursor of(String text) {
        return new Cursor(text, parse(text));
    }

    private static Cursor of(long number) {
        byte[] decimal = Long.toString(number).getBytes(StandardCharsets.US_ASCII);
        return new Cursor(Base64.getEncoder().encodeToString(decimal), number);
    }

    private static long parse(String text) {
        try {
            byte[] decoded = Base64.getDecoder().decode(PADDING.matcher(text).replaceFirst(""));
            String decimal = new String(decoded, StandardCharsets.ISO_8859_1).stripTrailing();
            boolean plain = !decimal.isEmpty()
                    && decimal.length() <= MAX_DIGITS
                    && decimal.chars().allMatch(c -> c >= '0' && c <= '9');
            return plain ? Long.parseLong(decimal) : NONE;
        } catch (IllegalArgumentException e) {
            return NONE;
        }
    }

    /** The text that the service returned. */
    public String text() {
        return text;
    }

    /** Whether the service returned no cursor. */
    public boolean isEmpty() {
        return text.isEmpty();
    }

    /** The number, not negative; empty when the cursor has none. */
    public OptionalLong number() {
        return number == NONE ? OptionalLong.empty() : OptionalLong.of(number);
    }

    /** Whether this position is known to be after another one. */
    public boolean isAfter(Cursor other) {
        return number != NONE && other.number != NONE && number > other.number;
    }

    /** Whether this position is known to be the same as another one or after it. */
    public boolean isAtOrAfter(Cursor other) {
        return equals(other) || isAfter(other);
    }

    /** The difference of the numbers of a later or equal position and of this one; empty when it is unknown. */
    public OptionalLong distanceTo(Cursor other) {
        return number != NONE && other.number >= number ? OptionalLong.of(other.number - number) : OptionalLong.empty();
    }

    /**
     * The position that is this many numbers after this one, or before it if negative; empty when this has no number or
     * there is no such position.
     */
    public Optional<Cursor> plus(long numbers) {
        long moved = number + numbers;
        boolean overflows = numbers > 0 && moved < number;
        return number == NONE || overflows || moved < 0 ? Optional.empty() : Optional.of(of(moved));
    }

    /** Returns whether two cursors, as texts, are the same position. */
    public static boolean same(String one, String other) {
        return of(one).equals(of(other));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Cursor that && number == that.number && (number != NONE || text.equals(that.text));
    }

    @Override
    public int hashCode() {
        return number == NONE ? text.hashCode() : Long.hashCode(number);
    }

    /** The text as a message may contain it: the service sends it. */
    @Override
    public String toString() {
        return ForeignText.line(text, Secrets.NONE, ForeignText.NAME);
    }
}
