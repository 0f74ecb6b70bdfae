package io.slsdispatch.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.slsdispatch.local.store.ShardLog;
import io.slsdispatch.local.wire.Compression;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A logstore that is read round and round for measurements, and the bodies that are kept for that. */
class EncodedBatchesTest {

    @Test
    void everyRoundGivesTheSameBytes() throws IOException {
        SlsLocalOptions.Builder options = SlsLocalOptions.builder()
                .threads(1)
                .verifySignatures(false)
                .logstore("p-p", "ring", 1)
                .loadTest(new LoadTest(Set.of("p-p/ring"), Set.of()));
        try (SlsLocal server = SlsLocal.start(options.build())) {
            for (int i = 0; i < 5; i++) {
                server.put("p-p", "ring", 0, Groups.group("t", "number " + i));
            }
            Wire wire = new Wire(server, "p-p");
            String cursor = wire.get("/logstores/ring/shards/0?type=cursor&from=begin")
                    .text()
                    .replaceAll("(?s).*\"cursor\":\"(.*?)\".*", "$1");
            List<byte[]> bodies = new ArrayList<>();
            for (int i = 0; i < 9; i++) {
                Wire.Answer page = wire.send(
                        "GET",
                        "/logstores/ring/shards/0?type=log&count=2&cursor=" + cursor,
                        Map.of("Accept-Encoding", "lz4"),
                        new byte[0]);
                assertThat(page.header("x-log-count")).isEqualTo(i % 3 == 2 ? "1" : "2");
                assertThat(page.header("x-log-end-of-cursor")).isEqualTo("0");
                bodies.add(page.body());
                cursor = page.header("x-log-cursor");
            }
            assertThat(bodies.subList(3, 6)).containsExactlyElementsOf(bodies.subList(0, 3));
            assertThat(bodies.subList(6, 9)).containsExactlyElementsOf(bodies.subList(0, 3));
            assertThat(bodies.get(0)).isNotEqualTo(bodies.get(1));
        }
    }

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
