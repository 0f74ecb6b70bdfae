package io.slsdispatch.connector.model;

import java.util.Arrays;
import org.apache.flink.annotation.PublicEvolving;

/** Some bytes of an array that others may share: read only. Equality is that of the array itself, not of its bytes. */
@PublicEvolving
public record ByteSlice(byte[] array, int offset, int length) {

    public ByteSlice {
        if (offset < 0 || length < 0 || offset > array.length - length) {
            throw new IndexOutOfBoundsException(
                    "slice " + offset + "+" + length + " of an array of " + array.length + " bytes");
        }
    }

    /** All of an array. */
    public static ByteSlice of(byte[] array) {
        return new ByteSlice(array, 0, array.length);
    }

    /** A copy of the bytes. */
    public byte[] toArray() {
        return Arrays.copyOfRange(array, offset, offset + length);
    }

    /** Says how many bytes there are, never which. */
    @Override
    public String toString() {
        return length + " bytes";
    }
}
