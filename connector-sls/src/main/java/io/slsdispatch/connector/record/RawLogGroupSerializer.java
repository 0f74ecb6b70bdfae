package io.slsdispatch.connector.record;

import io.slsdispatch.connector.model.ByteSlice;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.wire.Compression;
import io.slsdispatch.connector.wire.Topics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.flink.annotation.Internal;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;

/**
 * Serializer of {@link RawLogGroup}, version 4. Integers are big-endian, 4 bytes each:
 *
 * <pre>
 * shard | index | cursor length, cursor (UTF-8) | topic length, topic | group length, group
 * shard | index | cursor length, cursor (UTF-8) | topic length, topic | ~group length | block length, block
 * shard | index | cursor length, cursor (UTF-8) | topic length, topic | ~group length | ~frame length, frame
 * </pre>
 *
 * <p>The second form is that of a group that is packed as an LZ4 block; its group length is negative. The third is that
 * of a group that is packed as a zstd frame. In all forms, {@code ~index} replaces the index of a numbered group, and
 * {@code ~topic length} the topic length of a malformed group. Version 1 had only the first form, version 2 the first
 * two, version 3 also the marks of groups, version 4 all three forms; so data of older versions is read in the same way.
 *
 * <p>The topic is written although the group contains it, so that the receiver does not have to parse the group again.
 */
@Internal
public final class RawLogGroupSerializer extends ImmutableTypeSerializer<RawLogGroup> {

    private static final long serialVersionUID = 1L;

    // Not serialized with this class: each copy creates its own, because each copy belongs to one thread.
    private transient @Nullable Memory memory;

    @Override
    public void serialize(RawLogGroup group, DataOutputView out) throws IOException {
        Memory memory = memory();
        out.writeInt(group.shard());
        out.writeInt(group.isNumbered() ? ~group.index() : group.index());
        writeBytes(memory.encodeCursor(group.cursor()), out);
        byte[] topic = memory.topics.encode(group.topic());
        out.writeInt(group.isMalformed() ? ~topic.length : topic.length);
        out.write(topic);
        ByteSlice block = group.block();
        if (block == null) {
            ByteSlice bytes = group.bytes();
            out.writeInt(bytes.length());
            out.write(bytes.array(), bytes.offset(), bytes.length());
        } else {
            out.writeInt(~group.length());
            out.writeInt(group.packing() == Compression.ZSTD ? ~block.length() : block.length());
            out.write(block.array(), block.offset(), block.length());
        }
    }

    @Override
    public RawLogGroup deserialize(DataInputView in) throws IOException {
        Memory memory = memory();
        int shard = in.readInt();
        int index = in.readInt();
        boolean isNumbered = index < 0;
        index = isNumbered ? ~index : index;
        int cursorLength = in.readInt();
        String cursor = memory.decodeCursor(memory.read(in, cursorLength), cursorLength);
        int topicLength = in.readInt();
        boolean isMalformed = topicLength < 0;
        topicLength = isMalformed ? ~topicLength : topicLength;
        String topic = memory.topics.decode(memory.read(in, topicLength), 0, topicLength);
        int length = in.readInt();
        int storedLength = length < 0 ? in.readInt() : length;
        Compression packing = storedLength < 0 ? Compression.ZSTD : Compression.LZ4;
        byte[] bytes = new byte[storedLength < 0 ? ~storedLength : storedLength];
        in.readFully(bytes);
        RawLogGroup group = length < 0
                ? RawLogGroup.packed(packing, ByteSlice.of(bytes), ~length, topic, shard, cursor, index, isNumbered)
                : unpacked(bytes, topic, shard, cursor, index, isNumbered);
        return isMalformed ? group.asMalformed() : group;
    }

    private static RawLogGroup unpacked(
            byte[] bytes, String topic, int shard, String cursor, int index, boolean isNumbered) {
        RawLogGroup group = new RawLogGroup(bytes, 0, bytes.length, topic, shard, cursor, index);
        return isNumbered ? group.numbered() : group;
    }

    private static void writeBytes(byte[] bytes, DataOutputView out) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private Memory memory() {
        Memory existing = memory;
        if (existing == null) {
            existing = new Memory();
            memory = existing;
        }
        return existing;
    }

    @Override
    public TypeSerializer<RawLogGroup> duplicate() {
        return new RawLogGroupSerializer();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RawLogGroupSerializer;
    }

    @Override
    public int hashCode() {
        return RawLogGroupSerializer.class.hashCode();
    }

    @Override
    public TypeSerializerSnapshot<RawLogGroup> snapshotConfiguration() {
        return new RawLogGroupSerializerSnapshot();
    }

    /** The last cursor and topics: groups of one pull share a cursor, and topics are few. */
    private static final class Memory {

        private final Topics topics = new Topics();
        private String cursor = "";
        private byte[] cursorBytes = new byte[0];
        private byte[] buffer = new byte[256];

        byte[] encodeCursor(String text) {
            if (!text.equals(cursor)) {
                cursor = text;
                cursorBytes = text.getBytes(StandardCharsets.UTF_8);
            }
            return cursorBytes;
        }

        String decodeCursor(byte[] bytes, int length) {
            if (!Arrays.equals(bytes, 0, length, cursorBytes, 0, cursorBytes.length)) {
                cursorBytes = Arrays.copyOf(bytes, length);
                cursor = new String(cursorBytes, StandardCharsets.UTF_8);
            }
            return cursor;
        }

        /** Reads into a buffer that the next call overwrites. */
        byte[] read(DataInputView in, int length) throws IOException {
            if (length > buffer.length) {
                buffer = new byte[length];
            }
            in.readFully(buffer, 0, length);
            return buffer;
        }
    }
}
