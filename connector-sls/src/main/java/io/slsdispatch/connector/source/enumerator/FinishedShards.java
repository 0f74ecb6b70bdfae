package io.slsdispatch.connector.source.enumerator;

import io.slsdispatch.connector.model.Shard;
import java.util.BitSet;

/**
 * Permanent set of the finished shards. It uses one bit per shard, so that years of splits take some kilobytes.
 *
 * <p>Ids are unique within a logstore forever, but a logstore can be deleted and recreated under the same name. Its new
 * shards then reuse the old ids without being finished. They are recognized by their age: each new shard is younger
 * than every shard that finished before.
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

    /** Records a finished shard of which only the id is known. */
    void add(int shard) {
        ids.set(shard);
    }

    void remove(int shard) {
        ids.clear(shard);
    }

    boolean contains(int shard) {
        return ids.get(shard);
    }

    /** Returns whether a listed shard only reuses the id of a finished one, and belongs to a recreated logstore. */
    boolean isOfRecreatedLogstore(Shard listed) {
        return contains(listed.id()) && newestCreation > 0 && listed.createdAtSeconds() > newestCreation;
    }

    /** Returns the highest id, -1 if there is none. */
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
