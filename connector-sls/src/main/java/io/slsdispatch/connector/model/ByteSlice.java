package io.slsdispatch.connector.model;

import java.util.Arrays;
import org.apache.flink.annotation.PublicEvolving;

/** A slice of an array that other code may share: read only. Equality is that of the array itself, not of its bytes. */
@PublicEvolving
public record ByteSlice(byte[] array, int offset, int length) {

    public ByteSlice {
        if (offset < 0 || length < 0 || offset > array.length - length) {
            throw new IndexOutOfBoundsException(
                    "slice " + offset + "+" + length + " of an array of " + array.length + " bytes");
        }
    }

    /** A whole array. */
    public static ByteSlice of(byte[] array) {
        return new ByteSlice(array, 0, array.length);
    }

    /** A copy of the bytes. */
    public byte[] toArray() {
        return Arrays.copyOfRange(array, offset, offset + length);
    }

    /** Contains the number of bytes, never their values. */
    @Override
    public String toString() {
        return length + " bytes";
    }
}
