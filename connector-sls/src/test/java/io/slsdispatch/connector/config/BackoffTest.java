package io.slsdispatch.connector.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Random;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class BackoffTest {

    private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(10));

    @Property
    void waitsBetweenNothingAndTwiceAsMuchAsTheTimeBefore(@ForAll @IntRange(min = 1) int failures, @ForAll long seed) {
        long ceiling = failures > 7 ? 10_000 : Math.min(10_000, 100L << (failures - 1));

        assertThat(BACKOFF.delay(failures, new Random(seed)).toMillis()).isBetween(1L, ceiling);
    }

    @Test
    void usesTheWholeOfThatTime() {
        Random random = new Random(1);
        long[] delays = LongStream.range(0, 1000)
                .map(i -> BACKOFF.delay(100, random).toMillis())
                .sorted()
                .toArray();

        assertThat(delays[0]).isLessThan(1000);
        assertThat(delays[999]).isGreaterThan(9000);
    }

    @Test
    void refusesACeilingBelowTheFirstWait() {
        assertThatThrownBy(() -> new Backoff(Duration.ofSeconds(1), Duration.ofMillis(1)))
                .hasMessageContaining("maximum back-off 1 ms");
    }
}
