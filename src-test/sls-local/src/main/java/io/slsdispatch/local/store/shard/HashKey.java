package io.slsdispatch.local.store.shard;

import io.slsdispatch.local.wire.ErrorCode;
import io.slsdispatch.local.wire.Refusal;
import java.math.BigInteger;
import java.util.HexFormat;

/** A hash key: a position on the 128-bit ring, written as up to 32 hexadecimal digits. */
public record HashKey(long high, long low) implements Comparable<HashKey> {

    /** The first key. */
    public static final HashKey FIRST = new HashKey(0, 0);

    /** The last key, which is also the end of the last shard's range. */
    public static final HashKey LAST = new HashKey(-1L, -1L);

    private static final int DIGITS = 32;

    /**
     * Parses a key, ignoring case. The service's documentation speaks of 32 digits, but {@code BatchPutLogsTest} of the
     * Java SDK writes with key {@code a}: fewer digits are read as a number. That this is the shard which the service
     * chooses for them is an assumption; each is written to one shard.
     *
     * @throws Refusal ParameterInvalid when it is not 1 to 32 hexadecimal digits
     */
    public static HashKey parse(String hex) {
        if (hex.isEmpty() || hex.length() > DIGITS) {
            throw invalid(hex);
        }
        String digits = hex.length() == DIGITS ? hex : "0".repeat(DIGITS - hex.length()) + hex;
        try {
            return new HashKey(
                    HexFormat.fromHexDigitsToLong(digits, 0, DIGITS / 2),
                    HexFormat.fromHexDigitsToLong(digits, DIGITS / 2, DIGITS));
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
        return new Refusal(ErrorCode.PARAMETER_INVALID, "hash key " + hex + " is not 1 to 32 hexadecimal digits");
    }
}
