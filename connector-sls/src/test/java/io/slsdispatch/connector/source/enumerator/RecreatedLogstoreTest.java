package io.slsdispatch.connector.source.enumerator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slsdispatch.connector.client.FakeSls;
import io.slsdispatch.connector.config.StartingPosition;
import io.slsdispatch.connector.metrics.SourceMetricNames;
import io.slsdispatch.connector.model.KeyRange;
import io.slsdispatch.connector.model.Position;
import io.slsdispatch.connector.model.Shard;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.flink.util.FlinkRuntimeException;
import org.junit.jupiter.api.Test;

/** A logstore that was deleted and recreated under the same name. */
class RecreatedLogstoreTest extends EnumeratorFixture {

    @Test
    void failsWhenTheLogstoreWasMadeAgain() throws IOException {
        EnumeratorRig rig = rig(plain, 1).readersStart().discover();
        service.split(0, 2);
        rig.discover();
        finish(rig, 0);
        long later = service.now().getEpochSecond() + 100;
        service.changeNextListing(shards -> shards.stream()
                .filter(shard -> shard.id() < 4)
                .map(shard -> new Shard(shard.id(), shard.range(), true, later))
                .toList());

        assertThatThrownBy(rig::discover)
                .isInstanceOf(FlinkRuntimeException.class)
                .hasMessageContaining("Logstore fake-project/source was deleted and recreated")
                .hasMessageContaining("shard 0 was read to its end");
    }

    /** The readers only see that their cursors are refused, or are far behind the oldest ones. */
    @Test
    void saysThatTheLogstoreWasCreatedAgainWhileItsShardsAreRead() throws IOException {
        EnumeratorRig rig = rig(plain, 1).readersStart().discover();
        long before = service.shards().get(0).createdAtSeconds();
        recreate();

        assertThatThrownBy(rig::discover)
                .isInstanceOf(FlinkRuntimeException.class)
                .hasMessageContaining("Logstore fake-project/source was deleted and recreated")
                .hasMessageContaining("shard 0 was created at " + Instant.ofEpochSecond(before))
                .hasMessageContaining("on-expired-cursor to 'earliest'");
    }

    /** A reader that has the shard counts the gap, and finds the new groups itself. */
    @Test
    void goesOnWithALogstoreThatWasCreatedAgainWhenGapsAreAllowed() throws IOException {
        EnumeratorRig rig = rig(plain.skippingGaps(), 1).readersStart().discover();
        recreate();
        rig.discover().discover();
        assertThat(rig.assigned()).containsExactly(0, 1, 2, 3);
        assertThat(rig.gauge(SourceMetricNames.DATA_GAPS)).isZero();

        // It came to the end of the deleted shard before it could see that this was deleted.
        finish(rig, 0);
        rig.discover();
        assertThat(rig.gauge(SourceMetricNames.DATA_GAPS)).isEqualTo(1);
        assertThat(rig.assignedTo(0).stream().filter(shard -> shard == 0)).hasSize(2);
    }

    /** By the keys of the deleted shards the new ones would be their children, and wait for readers that never end. */
    @Test
    void readsAllShardsOfALogstoreThatWasCreatedAgainWithMoreOfThem() throws IOException {
        EnumeratorRig rig = rig(plain.skippingGaps(), 1).readersStart().discover();
        // The service has shards 4 to 7, too; listings show them as those of another logstore.
        service.split(0, 2);
        service.split(1, 2);
        long later = service.now().getEpochSecond() + 100;
        List<Shard> six = IntStream.range(0, 6)
                .mapToObj(id -> new Shard(id, new KeyRange(sixth(id), sixth(id + 1)), true, later))
                .toList();
        List<Shard> split = Stream.concat(
                        six.stream().map(shard -> new Shard(shard.id(), shard.range(), shard.id() != 1, later)),
                        Stream.of(
                                new Shard(6, new KeyRange(sixth(1), sixth(1).add(BigInteger.ONE)), true, later + 1),
                                new Shard(7, new KeyRange(sixth(1).add(BigInteger.ONE), sixth(2)), true, later + 1)))
                .toList();

        AtomicReference<List<Shard>> listed = new AtomicReference<>(six);
        for (int i = 0; i < 20; i++) {
            service.changeNextListing(shards -> listed.get());
        }

        rig.discover().discover();
        assertThat(rig.assigned()).containsExactly(0, 1, 2, 3, 4, 5);

        listed.set(split);
        rig.discover().discover();
        assertThat(rig.assigned()).containsExactly(0, 1, 2, 3, 4, 5);
        finish(rig, 1);
        rig.snapshot(1);
        rig.complete(1);
        rig.discover();
        assertThat(rig.assigned()).contains(6, 7);
    }

    private static BigInteger sixth(int number) {
        return KeyRange.RING.end().multiply(BigInteger.valueOf(number)).divide(BigInteger.valueOf(6));
    }

    /** A shard that waits for its turn would be pulled at the cursor of a logstore that is gone. */
    @Test
    void looksUpAnewWhereAWaitingShardBeginsWhenTheLogstoreWasCreatedAgain() throws IOException {
        service.writeMany(0, "deleted", 5);
        EnumeratorRig rig = rig(
                        plain.skippingGaps()
                                .start(new StartingPosition.At(service.now().plusSeconds(30))),
                        1)
                .discover();
        recreate();
        rig.discover().readersStart();

        assertThat(positionOf(rig, 0)).isEqualTo(Position.at(FakeSls.cursorOf(0)));
        assertThat(rig.gauge(SourceMetricNames.DATA_GAPS)).isEqualTo(4);
    }

    /** The same shards, but made later. */
    private void recreate() {
        long later = service.now().getEpochSecond() + 100;
        for (int i = 0; i < 5; i++) {
            service.changeNextListing(shards -> shards.stream()
                    .map(shard -> new Shard(shard.id(), shard.range(), shard.writable(), later))
                    .toList());
        }
    }
}
