package io.slsdispatch.connector.model;

/**
 * One log group as it was pulled: its serialized bytes, never decoded and never changed, its topic and where it came
 * from. The bytes are a slice of an array that other groups share: readers must not write to it, and whoever keeps a
 * group longer than the batch it came in keeps the whole array alive.
 *
 * <p>Immutable by agreement and safe to hand between threads. Equality is identity: compare slices where needed.
 */
public final class RawLogGroup {

    private final byte[] array;
    private final int offset;
    private final int length;
    private final String topic;
    private final int shard;
    private final String cursor;
    private final int index;

    /**
     * @param array holds the serialized group
     * @param offset where the group begins in {@code array}
     * @param length of the group in bytes
     * @param topic the group's topic, empty when it has none
     * @param shard the source shard
     * @param cursor the cursor of the pull that brought the group
     * @param index the place of the group in that pull, from 0
     */
    public RawLogGroup(byte[] array, int offset, int length, String topic, int shard, String cursor, int index) {
        if (offset < 0 || length < 0 || offset > array.length - length) {
            throw new IndexOutOfBoundsException(
                    "slice " + offset + "+" + length + " of an array of " + array.length + " bytes");
        }
        this.array = array;
        this.offset = offset;
        this.length = length;
        this.topic = topic;
        this.shard = shard;
        this.cursor = cursor;
        this.index = index;
    }

    /** The array that holds the group, from {@link #offset()} on for {@link #length()} bytes. Read only. */
    public byte[] array() {
        return array;
    }

    public int offset() {
        return offset;
    }

    /** Size of the serialized group in bytes. */
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

    /** Cursor of the pull that brought the group. */
    public String cursor() {
        return cursor;
    }

    /** Place of the group in that pull, from 0. */
    public int index() {
        return index;
    }

    /** Says where the group is from, never what is in it. */
    @Override
    public String toString() {
        return "log group " + index + " at cursor " + cursor + " of shard " + shard + ", " + length + " bytes";
    }
}
