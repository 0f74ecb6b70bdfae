package io.slsdispatch.connector.wire;

import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/**
 * Steps over the fields of one serialized protobuf message without decoding them. Accepts what every protobuf reader
 * accepts: fields in any order, repeated, unknown, with varints longer than needed, and the old group wire types.
 *
 * <p>One instance serves any number of messages, one after the other; it belongs to one thread.
 *
 * <pre>{@code
 * fields.reset(array, offset, length);
 * while (fields.next()) {
 *     if (fields.isBytes(LogGroupFields.TOPIC)) {
 *         use(array, fields.valueOffset(), fields.valueLength());
 *     }
 * }
 * }</pre>
 */
@Internal
public final class FieldCursor {

    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int LENGTH_DELIMITED = 2;
    private static final int START_GROUP = 3;
    private static final int END_GROUP = 4;
    private static final int FIXED32 = 5;

    private static final int MAX_VARINT_BYTES = 10;
    /** The maximum nesting depth that the protobuf libraries accept. */
    private static final int MAX_GROUP_DEPTH = 100;

    private byte @Nullable [] array;
    private int position;
    private int end;
    private int fieldStart;
    private int fieldNumber;
    private int wireType;
    private int valueOffset;
    private int valueLength;

    /** Starts at a message that fills {@code array} from {@code offset} for {@code length} bytes. */
    public void reset(byte[] array, int offset, int length) {
        this.array = array;
        this.position = offset;
        this.end = offset + length;
    }

    /**
     * Moves to the next field.
     *
     * @return false at the end of the message
     * @throws MalformedLogGroupException when the bytes end inside a field or are not a protobuf field
     */
    public boolean next() throws MalformedLogGroupException {
        if (position >= end) {
            return false;
        }
        byte[] bytes = bytes();
        fieldStart = position;
        readTag(bytes);
        if (wireType == LENGTH_DELIMITED) {
            int length = (int) readVarint(bytes);
            if (length < 0 || length > end - position) {
                throw new MalformedLogGroupException(
                        "field " + fieldNumber + " is longer than the remaining bytes", fieldStart);
            }
            valueOffset = position;
            valueLength = length;
            position += length;
        } else {
            valueOffset = position;
            skip(bytes, 0);
            valueLength = position - valueOffset;
        }
        return true;
    }

    /** Whether the field has this number and contains bytes, text or a message. */
    public boolean isBytes(int number) {
        return fieldNumber == number && wireType == LENGTH_DELIMITED;
    }

    /** Number of the field. */
    public int fieldNumber() {
        return fieldNumber;
    }

    /** Where the field begins in the array, its tag included. */
    public int fieldStart() {
        return fieldStart;
    }

    /** Where the field ends in the array, exclusive. */
    public int fieldEnd() {
        return position;
    }

    /** Where the value begins in the array. */
    public int valueOffset() {
        return valueOffset;
    }

    /** Length of the value in bytes. */
    public int valueLength() {
        return valueLength;
    }

    private byte[] bytes() {
        byte[] bytes = array;
        if (bytes == null) {
            throw new IllegalStateException("call reset() before next()");
        }
        return bytes;
    }

    private void readTag(byte[] bytes) throws MalformedLogGroupException {
        int start = position;
        int tag = (int) readVarint(bytes);
        fieldNumber = tag >>> 3;
        wireType = tag & 7;
        if (fieldNumber == 0) {
            throw new MalformedLogGroupException("field number 0", start);
        }
    }

    private void skip(byte[] bytes, int depth) throws MalformedLogGroupException {
        switch (wireType) {
            case VARINT -> readVarint(bytes);
            case FIXED64 -> advance(Long.BYTES);
            case FIXED32 -> advance(Integer.BYTES);
            case START_GROUP -> skipGroup(bytes, depth);
            default -> throw new MalformedLogGroupException("wire type " + wireType, fieldStart);
        }
    }

    private void skipGroup(byte[] bytes, int depth) throws MalformedLogGroupException {
        int number = fieldNumber;
        if (depth == MAX_GROUP_DEPTH) {
            throw new MalformedLogGroupException("groups nested deeper than " + MAX_GROUP_DEPTH, fieldStart);
        }
        while (true) {
            readTag(bytes);
            if (wireType == END_GROUP) {
                if (fieldNumber != number) {
                    throw new MalformedLogGroupException(
                            "end of group " + fieldNumber + " in group " + number, position);
                }
                wireType = START_GROUP;
                return;
            }
            if (wireType == LENGTH_DELIMITED) {
                int length = (int) readVarint(bytes);
                if (length < 0) {
                    throw new MalformedLogGroupException("negative length", position);
                }
                advance(length);
            } else {
                skip(bytes, depth + 1);
            }
        }
    }

    private void advance(int count) throws MalformedLogGroupException {
        if (count > end - position) {
            throw new MalformedLogGroupException(
                    "field " + fieldNumber + " is longer than the remaining bytes", fieldStart);
        }
        position += count;
    }

    private long readVarint(byte[] bytes) throws MalformedLogGroupException {
        int start = position;
        if (start < end && bytes[start] >= 0) {
            position = start + 1;
            return bytes[start];
        }
        long value = 0;
        for (int read = 0; read < MAX_VARINT_BYTES; read++) {
            if (position >= end) {
                throw new MalformedLogGroupException("bytes end inside a varint", start);
            }
            byte next = bytes[position++];
            value |= (long) (next & 0x7f) << (7 * read);
            if (next >= 0) {
                return value;
            }
        }
        throw new MalformedLogGroupException("varint of more than " + MAX_VARINT_BYTES + " bytes", start);
    }
}
