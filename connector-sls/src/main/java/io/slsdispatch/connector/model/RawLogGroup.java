package io.slsdispatch.connector.model;

import io.slsdispatch.connector.wire.Codec;
import io.slsdispatch.connector.wire.Codecs;
import io.slsdispatch.connector.wire.Compression;
import java.util.Objects;
import java.util.OptionalLong;
import org.apache.flink.annotation.PublicEvolving;
import org.jspecify.annotations.Nullable;

/**
 * A log group as it was pulled: its serialized bytes, never decoded and never changed, its topic and its position in
 * the source. Pulled groups are packed: they are kept in the compressed form in which they will be written. Their bytes
 * are decompressed on demand, which forwarding does not need.
 *
 * <p>The content is a slice of an array that other groups may share: code that reads it must not write to it, and a
 * reference to a group keeps the whole array alive.
 *
 * <p>Immutable by convention and safe to pass between threads. Equality is identity: compare bytes where needed.
 */
@PublicEvolving
public final class RawLogGroup {

    private final ByteSlice stored;
    private final @Nullable Compression packing;
    private final int length;
    private final String topic;
    private final int shard;
    private final String cursor;
    private final int index;
    private final boolean isNumbered;
    private final String part;
    private final boolean isMalformed;

    private RawLogGroup(
            ByteSlice stored,
            @Nullable Compression packing,
            int length,
            String topic,
            int shard,
            String cursor,
            int index,
            boolean isNumbered,
            String part,
            boolean isMalformed) {
        this.stored = stored;
        this.packing = packing;
        this.length = length;
        this.topic = topic;
        this.shard = shard;
        this.cursor = cursor;
        this.index = index;
        this.isNumbered = isNumbered;
        this.part = part;
        this.isMalformed = isMalformed;
    }

    /**
     * Creates a group.
     *
     * @param array holds the serialized group
     * @param offset where the group begins in {@code array}
     * @param length of the group in bytes
     * @param topic the group's topic, empty when it has none
     * @param shard the source shard
     * @param cursor the cursor of the pull that returned the group
     * @param index the index of the group in that pull, from 0
     */
    public RawLogGroup(byte[] array, int offset, int length, String topic, int shard, String cursor, int index) {
        this(new ByteSlice(array, offset, length), null, length, topic, shard, cursor, index, false, "", false);
    }

    /**
     * Creates a group that was not pulled, for a job that writes groups of its own. Groups of equal topic are written
     * in the order in which the sink receives them, if the sink keeps an order. The dead letters of two such groups
     * with equal topic and bytes have one id, since the groups have no position in a source: the job's command {@code
     * redrive} sends one of them.
     *
     * @param topic the group's topic, empty when it has none
     * @param bytes the serialized group (protobuf message {@code LogGroup} of the service), not copied
     */
    public static RawLogGroup of(String topic, byte[] bytes) {
        return new RawLogGroup(bytes, 0, bytes.length, Objects.requireNonNull(topic, "topic"), 0, "", 0);
    }

    /**
     * A packed group, as an LZ4 block.
     *
     * @param block the serialized group as an LZ4 block, without frame or length
     * @param length size of the serialized group in bytes
     */
    public static RawLogGroup packed(ByteSlice block, int length, String topic, int shard, String cursor, int index) {
        return packed(Compression.LZ4, block, length, topic, shard, cursor, index, false);
    }

    /**
     * A packed group.
     *
     * @param packing the compression of the block
     * @param block the compressed group
     * @param length size of the serialized group in bytes, before compression
     * @param isNumbered see {@link #numbered()}
     */
    public static RawLogGroup packed(
            Compression packing,
            ByteSlice block,
            int length,
            String topic,
            int shard,
            String cursor,
            int index,
            boolean isNumbered) {
        return new RawLogGroup(block, packing, length, topic, shard, cursor, index, isNumbered, "", false);
    }

    /**
     * The same group, from a pull that skipped no number: its number in the shard is that of the cursor plus the index.
     * That is known only of a pull whose next cursor is as many numbers further as the pull has groups, since the
     * service does not guarantee that numbers have no gaps.
     */
    public RawLogGroup numbered() {
        return new RawLogGroup(stored, packing, length, topic, shard, cursor, index, true, part, isMalformed);
    }

    /**
     * The same group, marked as a part of the group at its position.
     *
     * @param name distinguishes the parts of one group, see {@link #part()}
     */
    public RawLogGroup asPart(String name) {
        return new RawLogGroup(stored, packing, length, topic, shard, cursor, index, isNumbered, name, isMalformed);
    }

    /** The same group, marked as not a valid log group, see {@link #isMalformed()}. */
    public RawLogGroup asMalformed() {
        return new RawLogGroup(stored, packing, length, topic, shard, cursor, index, isNumbered, part, true);
    }

    /** A group with other bytes, from the same position of the source and with the same topic. */
    public RawLogGroup withBytes(byte[] bytes) {
        return new RawLogGroup(
                ByteSlice.of(bytes), null, bytes.length, topic, shard, cursor, index, isNumbered, part, isMalformed);
    }

    /**
     * The same group with its bytes decompressed, so that a put compresses them again; itself when it is not packed.
     *
     * @throws RuntimeException when the block of a packed group is invalid
     */
    public RawLogGroup unpacked() {
        return packing != null
                ? new RawLogGroup(bytes(), null, length, topic, shard, cursor, index, isNumbered, part, isMalformed)
                : this;
    }

    /**
     * The serialized group. A packed group is decompressed at every call.
     *
     * @throws RuntimeException when the block of a packed group is invalid
     */
    public ByteSlice bytes() {
        if (packing == null) {
            return stored;
        }
        try (Codec codec = Codecs.borrow()) {
            return ByteSlice.of(codec.decompress(packing, stored.array(), stored.offset(), stored.length(), length));
        }
    }

    /** The compressed group, in the form that {@link #packing()} names; null when it is not packed. */
    public @Nullable ByteSlice block() {
        return packing != null ? stored : null;
    }

    /** The compression of {@link #block()}; null when the group is not packed. */
    public @Nullable Compression packing() {
        return packing;
    }

    /** Size of the serialized group in bytes, packed or not. */
    public int length() {
        return length;
    }

    /** The topic, empty when the group has none. */
    public String topic() {
        return topic;
    }

    /** Id of the source shard. */
    public int shard() {
        return shard;
    }

    /** Cursor of the pull that returned the group. */
    public String cursor() {
        return cursor;
    }

    /** Index of the group in that pull, from 0. */
    public int index() {
        return index;
    }

    /**
     * The group's own number in its shard, independent of the pull that returned it; empty when it is unknown: cursors
     * may have no numbers, or the pull may have skipped some.
     */
    public OptionalLong number() {
        OptionalLong first = isNumbered ? Cursor.of(cursor).number() : OptionalLong.empty();
        return first.isPresent() ? OptionalLong.of(first.getAsLong() + index) : first;
    }

    /** Whether the pull skipped no number, see {@link #numbered()}. */
    public boolean isNumbered() {
        return isNumbered;
    }

    /**
     * Whether the bytes are not a valid protobuf message, or one that is nested too deep to be parsed. Such a group has
     * no topic. It is forwarded like the others, byte for byte, and its target decides whether to accept it.
     */
    public boolean isMalformed() {
        return isMalformed;
    }

    /**
     * The name of this part of the group at its position: {@code 2} for the third part, {@code 2.0} for the first part
     * of that part when it was split again; empty for the whole group.
     */
    public String part() {
        return part;
    }

    /** Contains the position of the group, never its content. */
    @Override
    public String toString() {
        return (part.isEmpty() ? "" : "part " + part + " of ") + (isMalformed ? "malformed " : "") + "log group "
                + index + " at cursor " + Cursor.of(cursor) + " of shard " + shard + ", " + length + " bytes";
    }
}
