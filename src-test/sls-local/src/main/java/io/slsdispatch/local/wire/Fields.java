package io.slsdispatch.local.wire;

/**
 * Iterates over the fields of one protobuf message in a slice of an array, without allocation. Positions are checked
 * against the end of the message, so malformed input causes a {@link Refusal} and never another exception.
 */
final class Fields {

    static final int VARINT = 0;
    static final int FIXED64 = 1;
    static final int LENGTH_DELIMITED = 2;
    static final int GROUP_START = 3;
    static final int GROUP_END = 4;
    static final int FIXED32 = 5;

    private static final int MAX_GROUP_DEPTH = 100;

    private final byte[] array;
    private int position;

    Fields(byte[] array) {
        this.array = array;
    }

    /** Moves to a message that begins at an offset. */
    void seek(int to) {
        position = to;
    }

    int position() {
        return position;
    }

    /** The next tag: field number times 8 plus wire type. */
    int tag(int end) {
        long tag = varint(end);
        if (tag >>> 32 != 0 || tag >>> 3 == 0) {
            throw malformed("a field number out of range");
        }
        return (int) tag;
    }

    /** The next varint. Non-minimal encodings are accepted, as by protobuf. */
    long varint(int end) {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (position >= end) {
                throw malformed("a truncated number");
            }
            byte next = array[position++];
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw malformed("a number longer than ten bytes");
    }

    /** Length of the bytes that follow, checked to lie inside the message. */
    int length(int end) {
        long length = varint(end);
        if (length < 0 || length > end - position) {
            throw malformed("a field longer than its message");
        }
        return (int) length;
    }

    /** Skips the value of a field whose tag was just read. */
    void skip(int tag, int end) {
        skip(tag, end, 0);
    }

    private void skip(int tag, int end, int depth) {
        switch (tag & 7) {
            case VARINT -> varint(end);
            case FIXED64 -> advance(8, end);
            case LENGTH_DELIMITED -> advance(length(end), end);
            case GROUP_START -> skipGroup(tag, end, depth);
            case FIXED32 -> advance(4, end);
            default -> throw malformed("wire type " + (tag & 7));
        }
    }

    private void skipGroup(int start, int end, int depth) {
        if (depth >= MAX_GROUP_DEPTH) {
            throw malformed("groups nested too deeply");
        }
        while (true) {
            int tag = tag(end);
            if ((tag & 7) == GROUP_END) {
                if (tag >>> 3 != start >>> 3) {
                    throw malformed("a group with a wrong end tag");
                }
                return;
            }
            skip(tag, end, depth + 1);
        }
    }

    void advance(int bytes, int end) {
        if (bytes > end - position) {
            throw malformed("a field longer than its message");
        }
        position += bytes;
    }

    Refusal malformed(String what) {
        return new Refusal(
                ErrorCode.POST_BODY_INVALID, "the body is not a valid protobuf message: " + what + " at " + position);
    }
}
