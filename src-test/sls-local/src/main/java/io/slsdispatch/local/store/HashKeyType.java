package io.slsdispatch.local.store;

import io.slsdispatch.local.store.shard.HashKey;
import java.nio.ByteBuffer;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;

/** The file format of a hash key. */
final class HashKeyType extends BasicDataType<HashKey> {

    static final HashKeyType INSTANCE = new HashKeyType();

    private static final int OBJECT_BYTES = 40;

    private HashKeyType() {}

    @Override
    public int compare(HashKey a, HashKey b) {
        return a.compareTo(b);
    }

    @Override
    public int getMemory(HashKey key) {
        return OBJECT_BYTES;
    }

    @Override
    public void write(WriteBuffer to, HashKey key) {
        to.putLong(key.high()).putLong(key.low());
    }

    @Override
    public HashKey read(ByteBuffer from) {
        return new HashKey(from.getLong(), from.getLong());
    }

    @Override
    public HashKey[] createStorage(int size) {
        return new HashKey[size];
    }
}
