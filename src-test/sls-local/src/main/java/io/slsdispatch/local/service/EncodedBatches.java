package io.slsdispatch.local.service;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.slsdispatch.local.store.ShardLog;
import io.slsdispatch.local.wire.Compression;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A cache of encoded pull bodies. A load test that reads the same groups repeatedly then measures the reader and not
 * the compression here. Keeps the most recently used bodies, up to a number of bytes. Safe for use by several threads.
 */
final class EncodedBatches {

    private final long maxBytes;
    private final Map<Key, Body> bodies = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    EncodedBatches(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /**
     * Identifies groups and their encoding. The groups at a position never change.
     *
     * @param log the shard's groups, compared by identity
     */
    record Key(ShardLog log, long from, int groups, Compression compression) {}

    /**
     * An encoded body.
     *
     * @param bytes owned by the holder of the record
     * @param rawSize size before compression
     */
    record Body(ByteBuf bytes, int rawSize) {}

    /** Returns a cached body, or null. The caller must release the bytes. */
    synchronized @Nullable Body find(Key key) {
        Body kept = bodies.get(key);
        return kept == null ? null : new Body(kept.bytes().retainedDuplicate(), kept.rawSize());
    }

    /** Caches a body. The caller still owns the bytes. */
    synchronized void keep(Key key, Body body) {
        // A copy, because a buffer that data was compressed into is several times as large as its content.
        ByteBuf exact = Unpooled.directBuffer(body.bytes().readableBytes());
        exact.writeBytes(body.bytes().duplicate());
        Body before = bodies.put(key, new Body(exact, body.rawSize()));
        bytes += body.bytes().readableBytes();
        if (before != null) {
            release(before);
        }
        Iterator<Body> oldest = bodies.values().iterator();
        while (bytes > maxBytes && oldest.hasNext()) {
            release(oldest.next());
            oldest.remove();
        }
    }

    private void release(Body body) {
        bytes -= body.bytes().readableBytes();
        body.bytes().release();
    }
}
