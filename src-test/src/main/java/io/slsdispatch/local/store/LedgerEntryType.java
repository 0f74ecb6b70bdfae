package io.slsdispatch.local.store;

import io.slsdispatch.local.ledger.GroupDigest;
import io.slsdispatch.local.ledger.LedgerEntry;
import java.nio.ByteBuffer;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;
import org.h2.mvstore.type.StringDataType;

/** How an entry of the ledger stands in the file. */
final class LedgerEntryType extends BasicDataType<LedgerEntry> {

    static final LedgerEntryType INSTANCE = new LedgerEntryType();

    private static final int OBJECTS_BYTES = 112;

    private LedgerEntryType() {}

    @Override
    public int getMemory(LedgerEntry entry) {
        return OBJECTS_BYTES + entry.topic().length();
    }

    @Override
    public void write(WriteBuffer to, LedgerEntry entry) {
        to.putVarInt(entry.shard())
                .putVarLong(entry.position())
                .putVarLong(entry.receivedMillis())
                .putVarInt(entry.rawBytes())
                .putLong(entry.digest().high())
                .putLong(entry.digest().low());
        StringDataType.INSTANCE.write(to, entry.topic());
    }

    @Override
    public LedgerEntry read(ByteBuffer from) {
        return new LedgerEntry(
                DataUtils.readVarInt(from),
                DataUtils.readVarLong(from),
                DataUtils.readVarLong(from),
                DataUtils.readVarInt(from),
                new GroupDigest(from.getLong(), from.getLong()),
                StringDataType.INSTANCE.read(from));
    }

    @Override
    public LedgerEntry[] createStorage(int size) {
        return new LedgerEntry[size];
    }
}
