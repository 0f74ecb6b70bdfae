package io.slsdispatch.connector.wire;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.apache.flink.annotation.Internal;

/**
 * Writes the fields of one protobuf message, for the few messages that are made here and not passed on. One thread at a
 * time.
 */
@Internal
public final class FieldWriter {

    private static final int VARINT = 0;
    private static final int LENGTH_DELIMITED = 2;

    private final ByteArrayOutputStream out;

    /** @param expectedSize of the message, so that it need not be copied as it grows */
    public FieldWriter(int expectedSize) {
        out = new ByteArrayOutputStream(expectedSize);
    }

    /** A number that is not negative. */
    public FieldWriter number(int field, long value) {
        varint((long) field << 3 | VARINT);
        varint(value);
        return this;
    }

    /** Bytes or a message. */
    public FieldWriter bytes(int field, byte[] value) {
        return bytes(field, value, 0, value.length);
    }

    /** A slice of bytes. */
    public FieldWriter bytes(int field, byte[] array, int offset, int length) {
        varint((long) field << 3 | LENGTH_DELIMITED);
        varint(length);
        out.write(array, offset, length);
        return this;
    }

    /** Text, as UTF-8. */
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
