package io.slsdispatch.local.store;

import io.slsdispatch.local.ledger.LedgerEntry;
import io.slsdispatch.local.store.shard.HashKey;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.type.ByteArrayDataType;
import org.h2.mvstore.type.LongDataType;
import org.h2.mvstore.type.StringDataType;

/**
 * The maps that the store consists of, by name. A change of a name or a type breaks data directories of earlier builds.
 */
final class Maps {

    private final MVStore store;

    Maps(MVStore store) {
        this.store = store;
    }

    /** From project name to the project as JSON. */
    MVMap<String, String> projects() {
        return texts("projects");
    }

    /** From {@code project/logstore} to the logstore as JSON. */
    MVMap<String, String> logstores() {
        return texts("logstores");
    }

    /** From position in a shard to the bytes of the group there, as long as the group is retained. */
    MVMap<Long, byte[]> groups(long logstore, int shard) {
        return store.openMap(
                "groups." + logstore + "." + shard,
                new MVMap.Builder<Long, byte[]>().keyType(LongDataType.INSTANCE).valueType(ByteArrayDataType.INSTANCE));
    }

    /** From position in a shard to the ledger entry of the group there; kept forever. */
    MVMap<Long, LedgerEntry> ledger(long logstore, int shard) {
        return store.openMap(
                "ledger." + logstore + "." + shard,
                new MVMap.Builder<Long, LedgerEntry>()
                        .keyType(LongDataType.INSTANCE)
                        .valueType(LedgerEntryType.INSTANCE));
    }

    /** From hash key to the last sequence id that was written under it. */
    MVMap<HashKey, Long> sequences(long logstore) {
        return store.openMap(
                "sequences." + logstore,
                new MVMap.Builder<HashKey, Long>().keyType(HashKeyType.INSTANCE).valueType(LongDataType.INSTANCE));
    }

    /** From consumer group to the group as JSON. */
    MVMap<String, String> consumerGroups(long logstore) {
        return texts("consumergroups." + logstore);
    }

    /** From {@code group/shard} to a checkpoint as JSON. */
    MVMap<String, String> checkpoints(long logstore) {
        return texts("checkpoints." + logstore);
    }

    /** Removes a map and all of its entries. */
    void remove(MVMap<?, ?> map) {
        store.removeMap(map);
    }

    private MVMap<String, String> texts(String name) {
        return store.openMap(
                name,
                new MVMap.Builder<String, String>()
                        .keyType(StringDataType.INSTANCE)
                        .valueType(StringDataType.INSTANCE));
    }
}
