package io.slsdispatch.connector.source.enumerator;

import io.slsdispatch.connector.model.Shard;
import java.util.BitSet;

/**
 * The shards that are read to their end, for ever: one bit each, so that years of splits cost some kilobytes.
 *
 * <p>Ids are unique in a logstore for ever, but a logstore can be deleted and made again under the same name. Its shards
 * then have the old ids and are not finished at all. They tell themselves by their age: every one is younger than every
 * shard that was finished before.
 */
final class FinishedShards {

    private final BitSet ids;
    private long newestCreation;

    FinishedShards() {
        this(new BitSet(), 0);
    }

    private FinishedShards(BitSet ids, long newestCreation) {
        this.ids = ids;
        this.newestCreation = newestCreation;
    }

    static FinishedShards of(byte[] bits, long newestCreation) {
        return new FinishedShards(BitSet.valueOf(bits), newestCreation);
    }

    FinishedShards copy() {
        return new FinishedShards((BitSet) ids.clone(), newestCreation);
    }

    void add(Shard shard) {
        ids.set(shard.id());
        newestCreation = Math.max(newestCreation, shard.createdAtSeconds());
    }

    /** Notes a shard of which only the id is known. */
    void add(int shard) {
        ids.set(shard);
    }

    void remove(int shard) {
        ids.clear(shard);
    }

    boolean contains(int shard) {
        return ids.get(shard);
    }

    /** Whether a listed shard only has the id of a finished one, and belongs to a logstore that was made again. */
    boolean isOfRecreatedLogstore(Shard listed) {
        return contains(listed.id()) && newestCreation > 0 && listed.createdAtSeconds() > newestCreation;
    }

    /** The highest id, -1 when there is none. */
    int highest() {
        return ids.length() - 1;
    }

    int count() {
        return ids.cardinality();
    }

    byte[] bits() {
        return ids.toByteArray();
    }

    long newestCreation() {
        return newestCreation;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FinishedShards that && ids.equals(that.ids) && newestCreation == that.newestCreation;
    }

    @Override
    public int hashCode() {
        return ids.hashCode();
    }

    @Override
    public String toString() {
        return ids.toString();
    }
}
