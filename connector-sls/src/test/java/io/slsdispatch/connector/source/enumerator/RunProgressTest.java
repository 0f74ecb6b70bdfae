package io.slsdispatch.connector.source.enumerator;

import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.connector.client.FakeSls;
import io.slsdispatch.connector.config.StartingPosition;
import io.slsdispatch.connector.config.StoppingPosition;
import io.slsdispatch.connector.config.TestConfigs;
import io.slsdispatch.connector.metrics.SourceMetricNames;
import io.slsdispatch.connector.source.split.ShardEvent.ShardProgress;
import io.slsdispatch.connector.source.split.ShardEvent.ShardsFinished;
import io.slsdispatch.connector.source.split.ShardEvent.ShardsRead;
import io.slsdispatch.testing.CapturedLog;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.logging.log4j.Level;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RunProgressTest {

    private final FakeSls service = new FakeSls(2);

    private EnumeratorRig rig(TestConfigs configs) throws IOException {
        return new EnumeratorRig(service, configs.config(), 1);
    }

    private TestConfigs configs(StoppingPosition stop) {
        return TestConfigs.of(service.logstore())
                .start(new StartingPosition.Begin())
                .stop(stop);
    }

    private static void read(EnumeratorRig rig, int shard, String cursor, @Nullable String stop, Instant receivedAt) {
        rig.enumerator()
                .handleSourceEvent(
                        0,
                        new ShardsRead(List.of(new ShardProgress(shard, cursor, stop, receivedAt.getEpochSecond()))));
        rig.settle();
    }

    private static long percent(EnumeratorRig rig) {
        return rig.gauge(SourceMetricNames.RUN_PERCENT);
    }

    private static long left(EnumeratorRig rig) {
        return rig.gauge(SourceMetricNames.RUN_SECONDS_LEFT);
    }

    @Test
    void aSourceWithoutAStopHasNone() throws IOException {
        EnumeratorRig rig =
                rig(TestConfigs.of(service.logstore())).readersStart().discover();
        rig.settle();
        assertThat(percent(rig)).isEqualTo(-1);
        assertThat(left(rig)).isEqualTo(-1);
    }

    @Test
    void isTheMeanOfTheShardsByCursorsAndTheTimeLeftFollowsTheSpeed() throws IOException {
        service.writeMany(0, "g", 100);
        service.writeMany(1, "g", 10);
        EnumeratorRig rig =
                rig(configs(new StoppingPosition.Now())).readersStart().discover();
        rig.settle();
        assertThat(percent(rig)).isZero();
        assertThat(left(rig)).as("nothing is read yet").isEqualTo(-1);

        rig.advance(Duration.ofSeconds(10));
        read(rig, 0, FakeSls.cursorOf(50), FakeSls.cursorOf(100), service.now());
        assertThat(percent(rig)).isEqualTo(25);
        assertThat(left(rig)).isBetween(29L, 31L);

        rig.enumerator().handleSourceEvent(0, new ShardsFinished(List.of(1)));
        rig.settle();
        assertThat(percent(rig)).isEqualTo(75);

        rig.enumerator().handleSourceEvent(0, new ShardsFinished(List.of(0)));
        rig.settle();
        assertThat(percent(rig)).isEqualTo(100);
    }

    @Test
    void followsTheClockWhenTheStopIsInTheFuture() throws IOException {
        service.writeMany(0, "g", 10);
        service.writeMany(1, "g", 10);
        Instant begin = service.now();
        StoppingPosition.At stop = new StoppingPosition.At(begin.plusSeconds(1_000));
        EnumeratorRig rig = rig(configs(stop).start(new StartingPosition.At(begin)))
                .readersStart()
                .discover();

        rig.advance(Duration.between(service.now(), begin.plusSeconds(500)));
        for (int shard = 0; shard < 2; shard++) {
            read(rig, shard, FakeSls.cursorOf(10), FakeSls.cursorOf(10), begin);
        }
        assertThat(percent(rig)).isBetween(49L, 50L);
        assertThat(left(rig)).isBetween(495L, 505L);
    }

    @Test
    void isKnownByTimeWhereCursorsAreNoNumbers() throws IOException {
        Instant begin = service.now().minusSeconds(1_000);
        StoppingPosition.At stop = new StoppingPosition.At(begin.plusSeconds(100));
        EnumeratorRig rig = rig(configs(stop).start(new StartingPosition.At(begin)))
                .readersStart()
                .discover();

        for (int shard = 0; shard < 2; shard++) {
            read(rig, shard, "opaque", "other", begin.plusSeconds(20));
        }
        assertThat(percent(rig)).isEqualTo(20);
    }

    @Test
    void aLineIsLoggedEachMinute() throws IOException {
        service.writeMany(0, "g", 100);
        EnumeratorRig rig =
                rig(configs(new StoppingPosition.Now())).readersStart().discover();
        try (CapturedLog log = new CapturedLog(RunProgress.class.getName(), Level.INFO)) {
            for (int i = 1; i <= 25; i++) {
                rig.advance(Duration.ofSeconds(5));
                read(rig, 0, FakeSls.cursorOf(i), FakeSls.cursorOf(100), service.now());
            }
            assertThat(log.lines()).as("at the first look, and two minutes").hasSize(3);
            assertThat(log.lines().get(2))
                    .contains(
                            "Bounded run of " + service.logstore() + ": 12.5 % read, 0 of 2 shards finished, about ",
                            " left");
        }
    }
}
