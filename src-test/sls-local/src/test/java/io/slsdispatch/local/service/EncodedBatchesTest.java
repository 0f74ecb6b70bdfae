package io.slsdispatch.local.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.slsdispatch.local.store.ShardLog;
import io.slsdispatch.local.wire.Compression;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The bodies that are kept while a logstore is read round and round for measurements. */
class EncodedBatchesTest {

    @Test
    void keepsTheBodiesUsedLastUpToItsSize() throws IOException {
        ByteBuf body = Unpooled.wrappedBuffer(new byte[10]);
        EncodedBatches batches = new EncodedBatches(25);
        for (long from = 0; from < 3; from++) {
            batches.keep(key(from), new EncodedBatches.Body(body, 99));
            EncodedBatches.Body first = batches.find(key(0));
            assertThat(first).isNotNull();
            first.bytes().release();
        }
        assertThat(batches.find(key(1))).isNull();
        EncodedBatches.Body kept = batches.find(key(2));
        assertThat(kept).isNotNull();
        assertThat(kept.rawSize()).isEqualTo(99);
        assertThat(kept.bytes()).isEqualTo(body);
        assertThat(kept.bytes().refCnt()).isEqualTo(2);
        assertThat(body.refCnt()).isEqualTo(1);
    }

    @SuppressWarnings("NullAway") // Which log it is does not matter here.
    private static EncodedBatches.Key key(long from) {
        ShardLog anyLog = null;
        return new EncodedBatches.Key(anyLog, from, 1, Compression.LZ4);
    }
}
