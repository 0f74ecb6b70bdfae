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

    /** Project name to its record in JSON. */
    MVMap<String, String> projects() {
        return texts("projects");
    }

    /** {@code project/logstore} to its record in JSON. */
    MVMap<String, String> logstores() {
        return texts("logstores");
    }

    /** Position in a shard to the bytes of the group there, as long as it is retained. */
    MVMap<Long, byte[]> groups(long logstore, int shard) {
        return store.openMap(
                "groups." + logstore + "." + shard,
                new MVMap.Builder<Long, byte[]>().keyType(LongDataType.INSTANCE).valueType(ByteArrayDataType.INSTANCE));
    }

    /** Position in a shard to what is known of the group there, for ever. */
    MVMap<Long, LedgerEntry> ledger(long logstore, int shard) {
        return store.openMap(
                "ledger." + logstore + "." + shard,
                new MVMap.Builder<Long, LedgerEntry>()
                        .keyType(LongDataType.INSTANCE)
                        .valueType(LedgerEntryType.INSTANCE));
    }

    /** Hash key to the last sequence id that was written under it. */
    MVMap<HashKey, Long> sequences(long logstore) {
        return store.openMap(
                "sequences." + logstore,
                new MVMap.Builder<HashKey, Long>().keyType(HashKeyType.INSTANCE).valueType(LongDataType.INSTANCE));
    }

    /** Consumer group to its record in JSON. */
    MVMap<String, String> consumerGroups(long logstore) {
        return texts("consumergroups." + logstore);
    }

    /** {@code group/shard} to a checkpoint in JSON. */
    MVMap<String, String> checkpoints(long logstore) {
        return texts("checkpoints." + logstore);
    }

    /** Removes a map and all that is in it. */
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
