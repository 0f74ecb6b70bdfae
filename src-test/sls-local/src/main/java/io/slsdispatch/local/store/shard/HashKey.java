package io.slsdispatch.local.store.shard;

import io.slsdispatch.local.wire.ErrorCode;
import io.slsdispatch.local.wire.Refusal;
import java.math.BigInteger;
import java.util.HexFormat;

/** A hash key: a position on the 128-bit ring, written as 32 hexadecimal digits. */
public record HashKey(long high, long low) implements Comparable<HashKey> {

    /** The first key. */
    public static final HashKey FIRST = new HashKey(0, 0);

    /** The last key, which is also the end of the last shard's range. */
    public static final HashKey LAST = new HashKey(-1L, -1L);

    private static final int DIGITS = 32;

    /**
     * Parses a key, ignoring case.
     *
     * @throws Refusal ParameterInvalid when it is not 32 hexadecimal digits
     */
    public static HashKey parse(String hex) {
        if (hex.length() != DIGITS) {
            throw invalid(hex);
        }
        try {
            return new HashKey(
                    HexFormat.fromHexDigitsToLong(hex, 0, DIGITS / 2),
                    HexFormat.fromHexDigitsToLong(hex, DIGITS / 2, DIGITS));
        } catch (IllegalArgumentException notHex) {
            throw invalid(hex);
        }
    }

    static HashKey of(BigInteger position) {
        return new HashKey(position.shiftRight(Long.SIZE).longValue(), position.longValue());
    }

    BigInteger position() {
        return new BigInteger(toString(), 16);
    }

    @Override
    public int compareTo(HashKey other) {
        int byHigh = Long.compareUnsigned(high, other.high);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
    }

    /** 32 lower-case digits. */
    @Override
    public String toString() {
        HexFormat hex = HexFormat.of();
        return hex.toHexDigits(high) + hex.toHexDigits(low);
    }

    private static Refusal invalid(String hex) {
        return new Refusal(ErrorCode.PARAMETER_INVALID, "hash key " + hex + " is not 32 hexadecimal digits");
    }
}
