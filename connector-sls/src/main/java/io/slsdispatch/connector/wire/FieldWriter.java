package io.slsdispatch.connector.wire;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.apache.flink.annotation.Internal;

/**
 * Writes the fields of one protobuf message, for the few messages that are created here and not forwarded. One thread
 * at a time.
 */
@Internal
public final class FieldWriter {

    private static final int VARINT = 0;
    private static final int LENGTH_DELIMITED = 2;

    private final ByteArrayOutputStream out;

    /** @param expectedSize of the message, to avoid copies while it grows */
    public FieldWriter(int expectedSize) {
        out = new ByteArrayOutputStream(expectedSize);
    }

    /** Writes a non-negative number. */
    public FieldWriter number(int field, long value) {
        varint((long) field << 3 | VARINT);
        varint(value);
        return this;
    }

    /** Writes bytes or a message. */
    public FieldWriter bytes(int field, byte[] value) {
        return bytes(field, value, 0, value.length);
    }

    /** Writes a slice of bytes. */
    public FieldWriter bytes(int field, byte[] array, int offset, int length) {
        varint((long) field << 3 | LENGTH_DELIMITED);
        varint(length);
        out.write(array, offset, length);
        return this;
    }

    /** Writes text as UTF-8. */
    public FieldWriter text(int field, String value) {
        return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    private void varint(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.write((int) (rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    public byte[] toBytes() {
        return out.toByteArray();
    }
}
