package io.slsdispatch.connector.wire;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes protobuf fields by hand, valid ones and odd ones, so that tests need no schema. */
public final class WireBytes {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    public static WireBytes message() {
        return new WireBytes();
    }

    public WireBytes text(int field, String text) {
        return bytes(field, text.getBytes(StandardCharsets.UTF_8));
    }

    public WireBytes bytes(int field, byte[] value) {
        varint(((long) field << 3) | 2).varint(value.length);
        out.writeBytes(value);
        return this;
    }

    public WireBytes message(int field, WireBytes message) {
        return bytes(field, message.toBytes());
    }

    public WireBytes number(int field, long value) {
        return varint((long) field << 3).varint(value);
    }

    public WireBytes fixed64(int field) {
        varint(((long) field << 3) | 1);
        return raw(1, 2, 3, 4, 5, 6, 7, 8);
    }

    public WireBytes fixed32(int field) {
        varint(((long) field << 3) | 5);
        return raw(1, 2, 3, 4);
    }

    /** A field of the old group type, holding other fields. */
    public WireBytes group(int field, WireBytes content) {
        varint(((long) field << 3) | 3);
        out.writeBytes(content.toBytes());
        return varint(((long) field << 3) | 4);
    }

    public WireBytes varint(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.write((int) (rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        out.write((int) rest);
        return this;
    }

    /** A varint of one value, written with more bytes than it needs. */
    public WireBytes longVarint(int value, int bytes) {
        long rest = value;
        for (int i = 1; i < bytes; i++) {
            out.write((int) (rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        out.write((int) (rest & 0x7f));
        return this;
    }

    public WireBytes raw(int... values) {
        for (int value : values) {
            out.write(value);
        }
        return this;
    }

    public byte[] toBytes() {
        return out.toByteArray();
    }
}
