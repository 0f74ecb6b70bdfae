package io.slsdispatch.connector.source.enumerator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.FakeSls;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.metrics.SourceMetricNames;
import io.slsdispatch.connector.source.split.ShardEvent.ShardsFinished;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.flink.util.FlinkRuntimeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Listings and look-ups of starts: how many there are, and what their failures do. */
class ShardDiscoveryTest extends EnumeratorFixture {

    @Test
    void asksForOneListingAndOneCursorPerNewShard() throws IOException {
        EnumeratorRig rig = rig(plain, 1).readersStart();
        for (int i = 0; i < 5; i++) {
            rig.discover();
        }
        assertThat(service.calls("ListShards")).hasSize(5);
        assertThat(service.calls("GetCursor")).hasSize(4);
    }

    @Test
    @Timeout(value = 1, unit = TimeUnit.MINUTES)
    void copesWithThousandsOfShardsThatAllSplit() throws IOException {
        try (FakeSls large = new FakeSls(2000)) {
            EnumeratorRig rig =
                    new EnumeratorRig(large, plain.config(), 4).readersStart().discover();
            assertThat(rig.assigned()).hasSize(2000);
            for (int shard = 0; shard < 2000; shard++) {
                large.split(shard, 2);
            }
            rig.discover();
            for (int subtask = 0; subtask < 4; subtask++) {
                for (int shard : List.copyOf(rig.assignedTo(subtask))) {
                    rig.enumerator().handleSourceEvent(subtask, new ShardsFinished(List.of(shard)));
                }
            }
            assertThat(rig.assigned()).hasSize(6000);
            assertThat(large.calls("ListShards")).hasSize(2);
            assertThat(large.calls("GetCursor")).hasSize(6000);
        }
    }

    @Test
    void goesOnWithOtherShardsWhenTheStartOfOneCannotBeLookedUp() throws IOException {
        service.refuse(ErrorKind.UNAVAILABLE, 1, call -> call.operation().equals("GetCursor") && call.shard() == 2);
        EnumeratorRig rig = rig(plain, 1).readersStart().discover();
        assertThat(rig.assigned()).containsExactly(0, 1, 3);
        assertThat(rig.gauge(SourceMetricNames.DISCOVERY_FAILURES)).isEqualTo(1);

        rig.discover();
        assertThat(rig.assigned()).containsExactly(0, 1, 2, 3);
    }

    /** A shard whose look-ups are refused for ever: 400, an expired cursor, or gone though listings show it. */
    @ParameterizedTest
    @EnumSource(names = {"INVALID_REQUEST", "CURSOR_EXPIRED", "SHARD_NOT_FOUND"})
    void findsAndAssignsAllOthersWhileTheStartOfOneCannotBeLookedUpAndFailsTheJobAtTheConfiguredAge(ErrorKind kind)
            throws IOException {
        service.refuse(kind, Integer.MAX_VALUE, call -> call.operation().equals("GetCursor") && call.shard() == 2);
        EnumeratorRig rig = rig(plain.skippingGaps(), 1).readersStart().discover();
        assertThat(rig.assigned()).containsExactly(0, 1, 3);

        List<Integer> children = service.split(0, 2);
        finish(rig, 0);
        rig.discover();
        assertThat(rig.assigned()).contains(1, 3).containsAll(children).doesNotContain(2);
        List<Integer> grandchildren = service.split(children.get(0), 2);
        finish(rig, children.get(0));
        rig.discover();
        assertThat(rig.assigned()).containsAll(grandchildren).doesNotContain(2);
        assertThat(rig.gauge(SourceMetricNames.DISCOVERY_FAILURES)).isEqualTo(3);
        assertThat(rig.gauge(SourceMetricNames.WAITING_SHARDS)).isEqualTo(1);
        assertThat(rig.gauge(SourceMetricNames.DATA_GAPS)).isZero();

        rig.advance(Duration.ofMinutes(3));
        assertThatThrownBy(rig::discover)
                .isInstanceOf(FlinkRuntimeException.class)
                .hasMessageContaining(
                        "Looking up the start of shard 2 of fake-project/source has failed for 6 min 0 s, longer than")
                .hasMessageContaining("limit of 5 min")
                .hasRootCauseInstanceOf(SlsException.class);
    }

    @Test
    void bearsFailingListingsUpToTheConfiguredAge() throws IOException {
        EnumeratorRig rig = rig(plain, 1).readersStart().discover();
        service.refuse(ErrorKind.UNAVAILABLE, "ListShards");
        rig.discover().discover();
        assertThat(rig.gauge(SourceMetricNames.DISCOVERY_FAILURES)).isEqualTo(2);
        assertThat(rig.gauge(SourceMetricNames.SECONDS_SINCE_LAST_DISCOVERY)).isEqualTo(120);

        rig.advance(Duration.ofMinutes(6));
        assertThatThrownBy(rig::tick)
                .isInstanceOf(FlinkRuntimeException.class)
                .hasMessageContaining("Listing the shards of fake-project/source has failed for")
                .hasMessageContaining("limit of 5 min");
    }

    @Test
    void bearsRefusedCredentialsOnlyForTheGrace() throws IOException {
        service.refuse(ErrorKind.UNAUTHORIZED, "ListShards");
        EnumeratorRig rig = rig(plain, 1).readersStart().tick();

        rig.advance(Duration.ofSeconds(61));
        assertThatThrownBy(rig::tick).isInstanceOf(FlinkRuntimeException.class).hasMessageContaining("limit of 1 min");
    }

    @Test
    void closesItsClient() throws IOException {
        EnumeratorRig rig = rig(plain, 1).discover();
        rig.enumerator().close();

        assertThat(service.openClients()).isZero();
    }
}
