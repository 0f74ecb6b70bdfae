package io.slsdispatch.local;

import static io.slsdispatch.local.Groups.group;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slsdispatch.local.fault.Effect;
import io.slsdispatch.local.fault.Fault;
import io.slsdispatch.local.ledger.LedgerEntry;
import io.slsdispatch.local.settings.Assumption;
import io.slsdispatch.local.store.shard.ShardInfo;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Puts that are acknowledged before their groups can be read. */
class LateWritesTest {

    private static final Duration GENEROUS = Duration.ofMinutes(1);
    private static final Duration LATE = Duration.ofMillis(300);
    private static final String PROJECT = "late-project";
    private static final String STORE = "store";
    private static final String LB = "/logstores/store/shards/lb";
    private static final byte[] GROUP = group("t", "late");

    private SlsLocal server;
    private Wire wire;

    @BeforeEach
    void start() throws IOException {
        open(SlsLocalOptions.builder());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void open(SlsLocalOptions.Builder options) throws IOException {
        server = SlsLocal.start(options.verifySignatures(false)
                .threads(1)
                .logstore(PROJECT, STORE, 1)
                .build());
        wire = new Wire(server, PROJECT);
    }

    private List<LedgerEntry> written() throws IOException {
        List<LedgerEntry> written = new ArrayList<>();
        server.ledger(PROJECT, STORE).entries().forEachRemaining(written::add);
        return written;
    }

    private String end() throws IOException {
        return wire.get("/logstores/store/shards/0?type=cursor&from=end").text();
    }

    private void late(Duration time) {
        server.faults().add(Fault.always(new Effect.LateWrite(time)));
    }

    private void putLate() throws IOException {
        assertThat(wire.putLogs(LB, GROUP).result()).isEqualTo("200");
    }

    @Test
    void anAcknowledgedPutIsInNoCursorUntilItsTimeHasCome() throws IOException {
        late(Duration.ofHours(1));
        String end = end();
        putLate();
        assertThat(end()).isEqualTo(end);
        assertThat(written()).isEmpty();
        assertThat(server.lateWrites()).isEqualTo(1);
        assertThat(new RemoteSlsLocal(URI.create(server.endpoint())).lateWrites())
                .isEqualTo(1);
    }

    @Test
    void theSwitchOfTheAssumptionMakesPutsLateToo() throws IOException {
        server.answerUnlike(Map.of(Assumption.LATE_WRITES, "by 3600 s"));
        putLate();
        assertThat(written()).isEmpty();
        assertThat(server.lateWrites()).isEqualTo(1);
    }

    @Test
    void itComesIntoItsShardThoughThatIsClosedAndItsEndWasLookedUp() throws IOException {
        late(LATE);
        putLate();
        ShardInfo parent = server.split(PROJECT, STORE, 0).get(0);
        String end = end();
        await().atMost(GENEROUS).until(() -> server.lateWrites() == 0);
        assertThat(parent.isReadWrite()).isFalse();
        assertThat(end()).isNotEqualTo(end);
        assertThat(written()).extracting(LedgerEntry::shard).containsExactly(0);
    }

    @Test
    void laterPutsThatAreNotLateComeFirst() throws IOException {
        late(LATE);
        putLate();
        server.faults().clear();
        byte[] prompt = group("t", "prompt");
        assertThat(wire.putLogs(LB, prompt).result()).isEqualTo("200");
        await().atMost(GENEROUS).until(() -> written().size() == 2);
        assertThat(written().get(0).rawBytes()).isEqualTo(prompt.length);
    }

    @Test
    void aPutThatIsRefusedIsNotLate() throws IOException {
        late(Duration.ofHours(1));
        server.faults().add(Fault.always(new Effect.Refuse(503, "ServerBusy", "text", Effect.Moment.BEFORE)));
        assertThat(wire.putLogs(LB, GROUP).code()).isEqualTo("ServerBusy");
        assertThat(server.lateWrites()).isZero();
    }

    @Test
    void aLogstoreThatIsGoneMeanwhileTakesNothing() throws IOException {
        late(LATE);
        putLate();
        server.recreateLogstore(PROJECT, STORE, 1);
        await().atMost(GENEROUS).until(() -> server.lateWrites() == 0);
        assertThat(written()).isEmpty();
    }

    @Test
    void itIsAsDurableAsOthersOnceItHasCome(@TempDir Path directory) throws IOException {
        server.close();
        open(SlsLocalOptions.builder().dataDirectory(directory));
        late(LATE);
        putLate();
        await().atMost(GENEROUS).until(() -> written().size() == 1);
        late(Duration.ofHours(1));
        putLate();
        server.close();
        open(SlsLocalOptions.builder().dataDirectory(directory));
        assertThat(written()).hasSize(1);
    }
}
