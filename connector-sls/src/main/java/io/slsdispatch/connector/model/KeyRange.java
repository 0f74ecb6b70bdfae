package io.slsdispatch.connector.model;

import java.io.Serializable;
import java.math.BigInteger;
import java.util.Locale;
import org.apache.flink.annotation.Internal;

/**
 * The part of the 128-bit ring of hash keys that a shard holds: from {@code begin} inclusive to {@code end} exclusive.
 * The end of the ring, {@code ffffffffffffffffffffffffffffffff}, belongs to the last range.
 */
@Internal
public record KeyRange(BigInteger begin, BigInteger end) implements Serializable {

    private static final int HEX_DIGITS = 32;
    private static final BigInteger RING_END =
            BigInteger.ONE.shiftLeft(4 * HEX_DIGITS).subtract(BigInteger.ONE);

    /** The whole ring. */
    public static final KeyRange RING = new KeyRange(BigInteger.ZERO, RING_END);

    public KeyRange {
        if (begin.signum() < 0 || end.compareTo(RING_END) > 0 || begin.compareTo(end) >= 0) {
            throw new IllegalArgumentException("invalid key range: " + begin.toString(16) + " to " + end.toString(16));
        }
    }

    /**
     * Parses a range as ListShards returns it.
     *
     * @throws IllegalArgumentException when a key is not hexadecimal, longer than 32 digits, or the range is empty
     */
    public static KeyRange ofHex(String inclusiveBegin, String exclusiveEnd) {
        return new KeyRange(key(inclusiveBegin), key(exclusiveEnd));
    }

    private static BigInteger key(String hex) {
        if (hex.isEmpty() || hex.length() > HEX_DIGITS) {
            throw new IllegalArgumentException(
                    "hash key '" + hex + "' is not valid: expected 1 to 32 hexadecimal" + " digits");
        }
        return new BigInteger(hex, 16);
    }

    public boolean overlaps(KeyRange other) {
        return begin.compareTo(other.end) < 0 && other.begin.compareTo(end) < 0;
    }

    public boolean contains(KeyRange other) {
        return begin.compareTo(other.begin) <= 0 && other.end.compareTo(end) <= 0;
    }

    /** The first key, as 32 lower-case hexadecimal digits. */
    public String beginHex() {
        return hex(begin);
    }

    /** The end, as 32 lower-case hexadecimal digits. */
    public String endHex() {
        return hex(end);
    }

    private static String hex(BigInteger key) {
        String digits = key.toString(16).toLowerCase(Locale.ROOT);
        return "0".repeat(HEX_DIGITS - digits.length()) + digits;
    }

    @Override
    public String toString() {
        return "[" + beginHex() + "," + endHex() + ")";
    }
}
