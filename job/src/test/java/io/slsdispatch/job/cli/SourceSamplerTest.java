package io.slsdispatch.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.job.preview.SampleLimits;
import io.slsdispatch.job.preview.SampledShard;
import io.slsdispatch.job.preview.SourceSampler;
import io.slsdispatch.testing.LogGroupBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How much a sample reads. */
class SourceSamplerTest {

    private static final LogstoreId SOURCE = new LogstoreId("my-project", "all-logs");
    private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");
    private static final Duration LONG = Duration.ofHours(1);
    private static final long MUCH = 1 << 30;

    private final FakeService service = new FakeService(3);
    private final List<String> topics = new ArrayList<>();
    private final AtomicLong nanos = new AtomicLong();

    @BeforeEach
    void fill() {
        service.logstores.add(SOURCE.toString());
    }

    private void write(int shard, int count) {
        for (int i = 0; i < count; i++) {
            service.write(
                    shard,
                    LogGroupBuilder.logGroup()
                            .topic("t" + shard)
                            .log(0, "k", "v")
                            .toBytes(),
                    NOW);
        }
    }

    private List<SampledShard> read(SampleLimits limits) throws Exception {
        return new SourceSampler(service, SOURCE, limits, nanos::get)
                .read(NOW.minusSeconds(60), NOW, group -> topics.add(group.topic()));
    }

    private int pulls() {
        return Collections.frequency(service.calls, "PullLogs");
    }

    @Test
    void endsAtTheGroupsOfEachShard() throws Exception {
        write(0, 50);
        write(1, 5);

        List<SampledShard> shards = read(new SampleLimits(10, 20, 100, MUCH, Duration.ZERO, Duration.ZERO, LONG));

        assertThat(shards).extracting(SampledShard::groups).containsExactly(20L, 5L, 0L);
        assertThat(shards).extracting(SampledShard::endReached).containsExactly(false, true, true);
        assertThat(topics).hasSize(25);
    }

    @Test
    void endsAtThePullsOfEachShardWhenTheServiceReturnsFewGroups() throws Exception {
        service.mostGroups = 1;
        write(0, 50);

        List<SampledShard> shards = read(new SampleLimits(10, 1000, 4, MUCH, Duration.ZERO, Duration.ZERO, LONG));

        assertThat(shards.get(0).groups()).isEqualTo(4);
        assertThat(pulls()).isEqualTo(4 + 1 + 1);
    }

    @Test
    void endsAtTheBytesOfAllShardsAfterOnePullOfEach() throws Exception {
        service.mostGroups = 10;
        write(0, 100);
        write(1, 100);
        write(2, 100);

        List<SampledShard> shards = read(new SampleLimits(10, 1000, 100, 1_000, Duration.ZERO, Duration.ZERO, LONG));

        assertThat(shards).allSatisfy(shard -> assertThat(shard.groups()).isPositive());
        assertThat(pulls()).isLessThan(10);
    }

    @Test
    void endsAtItsTimeWhateverArrives() throws Exception {
        service.mostGroups = 1;
        write(0, 1);
        service.onPull = () -> {
            nanos.addAndGet(Duration.ofSeconds(1).toNanos());
            write(0, 1);
        };

        read(new SampleLimits(1, 1000, 1000, MUCH, Duration.ZERO, Duration.ZERO, Duration.ofSeconds(5)));

        assertThat(pulls()).isEqualTo(5);
    }

    @Test
    void followsUntilItsTimeHasPassed() throws Exception {
        service.onPull = () -> {
            nanos.addAndGet(Duration.ofSeconds(1).toNanos());
            if (pulls() == 7) {
                write(1, 3);
            }
        };

        List<SampledShard> shards =
                read(new SampleLimits(10, 1000, 100, MUCH, Duration.ofSeconds(10), Duration.ofMillis(1), LONG));

        assertThat(topics).containsOnly("t1").hasSize(3);
        assertThat(shards).allSatisfy(shard -> assertThat(shard.endReached()).isTrue());
        assertThat(pulls()).isEqualTo(12);
    }

    @Test
    void readsNoMoreShardsThanItMay() throws Exception {
        write(0, 1);
        write(2, 1);

        assertThat(read(new SampleLimits(2, 10, 10, MUCH, Duration.ZERO, Duration.ZERO, LONG)))
                .extracting(SampledShard::shard)
                .containsExactly(0, 1);
        assertThat(pulls()).isEqualTo(2);
    }
}
