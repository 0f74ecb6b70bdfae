package io.slsdispatch.local.store;

import io.slsdispatch.local.ledger.GroupDigest;
import io.slsdispatch.local.ledger.LedgerEntry;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;
import org.h2.mvstore.type.StringDataType;

/**
 * The file format of a ledger entry. For a group that has parts, the size is stored as its bitwise complement, which is
 * negative, and the parts follow the topic. Files that were written before parts existed can be read, too.
 */
final class LedgerEntryType extends BasicDataType<LedgerEntry> {

    static final LedgerEntryType INSTANCE = new LedgerEntryType();

    private static final int OBJECTS_BYTES = 112;
    private static final int PART_BYTES = 40;

    private LedgerEntryType() {}

    @Override
    public int getMemory(LedgerEntry entry) {
        return OBJECTS_BYTES
                + entry.topic().length()
                + PART_BYTES * entry.parts().size();
    }

    @Override
    public void write(WriteBuffer to, LedgerEntry entry) {
        to.putVarInt(entry.shard())
                .putVarLong(entry.position())
                .putVarLong(entry.receivedMillis())
                .putVarInt(entry.parts().isEmpty() ? entry.rawBytes() : ~entry.rawBytes());
        write(to, entry.digest());
        StringDataType.INSTANCE.write(to, entry.topic());
        if (!entry.parts().isEmpty()) {
            to.putVarInt(entry.parts().size());
            entry.parts().forEach(part -> write(to, part));
        }
    }

    private static void write(WriteBuffer to, GroupDigest digest) {
        to.putLong(digest.high()).putLong(digest.low());
    }

    @Override
    public LedgerEntry read(ByteBuffer from) {
        int shard = DataUtils.readVarInt(from);
        long position = DataUtils.readVarLong(from);
        long receivedMillis = DataUtils.readVarLong(from);
        int size = DataUtils.readVarInt(from);
        GroupDigest digest = readDigest(from);
        String topic = StringDataType.INSTANCE.read(from);
        return size >= 0
                ? new LedgerEntry(shard, position, receivedMillis, size, digest, topic)
                : new LedgerEntry(shard, position, receivedMillis, ~size, digest, topic, readParts(from));
    }

    private static List<GroupDigest> readParts(ByteBuffer from) {
        List<GroupDigest> parts = new ArrayList<>();
        for (int left = DataUtils.readVarInt(from); left > 0; left--) {
            parts.add(readDigest(from));
        }
        return parts;
    }

    private static GroupDigest readDigest(ByteBuffer from) {
        return new GroupDigest(from.getLong(), from.getLong());
    }

    @Override
    public LedgerEntry[] createStorage(int size) {
        return new LedgerEntry[size];
    }
}
