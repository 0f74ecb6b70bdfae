package io.slsdispatch.local.ledger;

import java.util.HexFormat;
import net.jpountz.xxhash.XXHash64;
import net.jpountz.xxhash.XXHashFactory;

/**
 * A 128-bit digest of the bytes of a log group: two XXH64 values with different seeds. It distinguishes groups that
 * differ by accident at a small part of the cost of a cryptographic digest. It does not withstand an adversary.
 *
 * @param high XXH64 with seed 0
 * @param low XXH64 with seed {@code 0x9E3779B97F4A7C15}
 */
public record GroupDigest(long high, long low) {

    private static final XXHash64 HASH = XXHashFactory.fastestInstance().hash64();
    private static final long SECOND_SEED = 0x9E3779B97F4A7C15L;
    private static final int DIGITS = 32;

    /** The digest of an array. */
    public static GroupDigest of(byte[] group) {
        return of(group, 0, group.length);
    }

    /** The digest of a slice of an array. */
    public static GroupDigest of(byte[] array, int offset, int length) {
        return new GroupDigest(HASH.hash(array, offset, length, 0), HASH.hash(array, offset, length, SECOND_SEED));
    }

    /**
     * Parses the output of {@link #toString}.
     *
     * @throws IllegalArgumentException when it is not 32 hexadecimal digits
     */
    public static GroupDigest parse(String hex) {
        if (hex.length() != DIGITS) {
            throw new IllegalArgumentException("digest " + hex + " is not " + DIGITS + " hexadecimal digits");
        }
        return new GroupDigest(
                HexFormat.fromHexDigitsToLong(hex, 0, DIGITS / 2),
                HexFormat.fromHexDigitsToLong(hex, DIGITS / 2, DIGITS));
    }

    /** 32 hexadecimal digits. */
    @Override
    public String toString() {
        HexFormat hex = HexFormat.of();
        return hex.toHexDigits(high) + hex.toHexDigits(low);
    }
}
