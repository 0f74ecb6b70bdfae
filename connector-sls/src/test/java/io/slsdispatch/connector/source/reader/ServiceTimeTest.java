package io.slsdispatch.connector.source.reader;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ServiceTimeTest {

    private static final Instant STOP = Instant.ofEpochSecond(1_700_000_000L);

    private final ReadingRig.StoppedClock clock = new ReadingRig.StoppedClock();
    private long nanos;
    private final ServiceTime time = new ServiceTime(clock, () -> nanos);

    @Test
    void believesTheServiceAfterASmallMargin() {
        clock.now = STOP.minus(Duration.ofHours(9));
        time.observe(STOP.getEpochSecond() + 2);
        assertThat(time.isPast(STOP)).isFalse();

        time.observe(STOP.getEpochSecond() + 3);
        assertThat(time.isPast(STOP)).isTrue();
    }

    @Test
    void countsOnBetweenAnswers() {
        clock.now = STOP.minus(Duration.ofHours(9));
        time.observe(STOP.getEpochSecond() - 10);
        nanos += Duration.ofSeconds(12).toNanos();
        assertThat(time.isPast(STOP)).isFalse();

        nanos += Duration.ofSeconds(1).toNanos();
        assertThat(time.isPast(STOP)).isTrue();
    }

    @Test
    void believesTheLocalClockOnlyAfterTheSkewThatTheServiceTolerates() {
        assertThat(time.isKnown()).isFalse();
        clock.now = STOP.plus(Duration.ofMinutes(14));
        assertThat(time.isPast(STOP)).isFalse();

        clock.now = STOP.plus(Duration.ofMinutes(15));
        assertThat(time.isPast(STOP)).isTrue();
    }

    @Test
    void knowsNothingFromAnAnswerThatDoesNotSay() {
        time.observe(0);
        assertThat(time.isKnown()).isFalse();
    }
}
