package io.slsdispatch.local.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.List;

/** Writes the body of a pull: a LogGroupList of groups that are already serialized. */
public final class GroupList {

    private static final int TAG = 1 << 3 | Fields.LENGTH_DELIMITED;
    private static final int MOST_FRAME_BYTES = 6;

    private GroupList() {}

    /** The list in a direct buffer, which the caller owns. */
    public static ByteBuf write(List<byte[]> groups, ByteBufAllocator allocator) {
        int size = 0;
        for (byte[] group : groups) {
            size = Math.addExact(size, group.length + MOST_FRAME_BYTES);
        }
        ByteBuf list = allocator.directBuffer(size);
        for (byte[] group : groups) {
            list.writeByte(TAG);
            int length = group.length;
            while (length > 0x7f) {
                list.writeByte((length & 0x7f) | 0x80);
                length >>>= 7;
            }
            list.writeByte(length);
            list.writeBytes(group);
        }
        return list;
    }
}
