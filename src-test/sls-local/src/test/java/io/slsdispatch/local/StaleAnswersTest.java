package io.slsdispatch.local;

import static io.slsdispatch.local.Groups.group;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slsdispatch.local.fault.Effect;
import io.slsdispatch.local.fault.Effect.CursorOf;
import io.slsdispatch.local.fault.Effect.Spelling;
import io.slsdispatch.local.fault.Fault;
import io.slsdispatch.local.fault.Faults;
import io.slsdispatch.local.junit.WithSlsLocal;
import io.slsdispatch.local.wire.Cursors;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Listings that are whole but old, and cursors that are behind or spelled in another way. */
@WithSlsLocal(logstores = "stale-project/store:1", verifySignatures = false)
class StaleAnswersTest {

    private static final Duration GENEROUS = Duration.ofMinutes(1);
    private static final String PROJECT = "stale-project";
    private static final String STORE = "store";

    private final SlsLocal server;
    private final Wire wire;

    StaleAnswersTest(SlsLocal server) {
        this.server = server;
        wire = new Wire(server, PROJECT);
    }

    private String cursor(String from) throws IOException {
        String text =
                wire.get("/logstores/store/shards/0?type=cursor&from=" + from).text();
        return text.substring(text.indexOf(":\"") + 2, text.lastIndexOf('"'));
    }

    private String listing() throws IOException {
        return wire.get("/logstores/store/shards").text();
    }

    @Test
    void aListingIsWholeButOfSomeTimeAgo() throws IOException {
        String before = listing();
        server.faults().add(Fault.always(new Effect.ShardList(Duration.ofHours(1))));
        server.split(PROJECT, STORE, 0);
        assertThat(listing()).isEqualTo(before);
        server.faults().clear();
        long id = server.faults().add(Fault.always(new Effect.ShardList(Duration.ofMillis(200))));
        await().atMost(GENEROUS).until(() -> listing().contains("\"shardID\":2"));
        assertThat(server.faults().list()).extracting(Faults.View::id).containsExactly(id);
    }

    @Test
    void theEndIsBehindButNeverBeforeTheBegin() throws IOException {
        long begin = Cursors.decode(cursor("begin"));
        server.faults().add(Fault.always(new Effect.Cursor(CursorOf.END, 2, Spelling.USUAL)));
        assertThat(Cursors.decode(cursor("end"))).isEqualTo(begin);
        for (int i = 0; i < 3; i++) {
            server.put(PROJECT, STORE, 0, group("t", "value"));
        }
        assertThat(Cursors.decode(cursor("end"))).isEqualTo(begin + 1);
        assertThat(Cursors.decode(cursor("begin"))).isEqualTo(begin);
    }

    @Test
    void aCursorHasNoPaddingOrANewline() throws IOException {
        String usual = cursor("begin");
        assertThat(usual).endsWith("=");
        server.faults().add(Fault.always(new Effect.Cursor(CursorOf.BEGIN, 0, Spelling.UNPADDED)));
        server.faults().add(Fault.always(new Effect.Cursor(CursorOf.END, 0, Spelling.NEWLINE)));
        server.faults().add(Fault.always(new Effect.Cursor(CursorOf.PULL, 0, Spelling.UNPADDED)));
        assertThat(cursor("begin")).isEqualTo(usual.replace("=", ""));
        assertThat(cursor("end")).isEqualTo(usual + "\\n");
        assertThat(cursor("0")).isEqualTo(usual);
        assertThat(wire.get("/logstores/store/shards/0?type=log&count=1&cursor=" + usual)
                        .header("x-log-cursor"))
                .isEqualTo(usual.replace("=", ""));
    }
}
