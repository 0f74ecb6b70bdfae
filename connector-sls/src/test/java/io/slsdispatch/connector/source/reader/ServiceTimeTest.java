package io.slsdispatch.connector.source.reader;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ServiceTimeTest {

    private static final Instant STOP = Instant.ofEpochSecond(1_700_000_000L);

    private final ReadingRig.StoppedClock clock = new ReadingRig.StoppedClock();
    private Duration offset = Duration.ZERO;
    private long nanos;
    private final ServiceTime time = new ServiceTime(clock, () -> offset, () -> nanos);

    @Test
    void believesTheServiceAfterASmallMargin() {
        clock.now = STOP.minus(Duration.ofHours(9));
        time.observe(STOP.getEpochSecond() + 2, 0);
        assertThat(time.isPast(STOP)).isFalse();

        time.observe(STOP.getEpochSecond() + 3, 0);
        assertThat(time.isPast(STOP)).isTrue();
    }

    @Test
    void countsOnBetweenAnswers() {
        clock.now = STOP.minus(Duration.ofHours(9));
        time.observe(STOP.getEpochSecond() - 10, 0);
        nanos += Duration.ofSeconds(12).toNanos();
        assertThat(time.isPast(STOP)).isFalse();

        nanos += Duration.ofSeconds(1).toNanos();
        assertThat(time.isPast(STOP)).isTrue();
    }

    /** Under backpressure, a response waits for minutes until it is processed. */
    @Test
    void aResponseThatHasWaitedMeansNoWrongClock() {
        clock.now = STOP.plusSeconds(400);
        time.observe(STOP.getEpochSecond(), Duration.ofSeconds(400).toNanos());

        assertThat(time.skewSeconds()).isZero();
        assertThat(time.now()).isEqualTo(clock.now);
    }

    @Test
    void believesTheLocalClockOnlyAfterTheSkewThatTheServiceTolerates() {
        time.observe(0, 0);
        clock.now = STOP.plus(Duration.ofMinutes(14));
        assertThat(time.isPast(STOP)).isFalse();

        clock.now = STOP.plus(Duration.ofMinutes(15));
        assertThat(time.isPast(STOP)).isTrue();
    }

    @Test
    void doesNotBelieveALocalClockThatNoAnswerHasConfirmed() {
        clock.now = STOP.plus(Duration.ofHours(1));
        assertThat(time.isPast(STOP)).isFalse();

        time.observe(0, 0);
        assertThat(time.isPast(STOP)).isTrue();
    }

    @Test
    void correctsTheLocalClockAsForSignatures() {
        time.observe(0, 0);
        clock.now = STOP.plus(Duration.ofHours(1));
        offset = Duration.ofHours(-1);
        assertThat(time.isPast(STOP)).isFalse();
        assertThat(time.now()).isEqualTo(STOP);

        offset = Duration.ofMinutes(-45);
        assertThat(time.isPast(STOP)).isTrue();
    }

    @Test
    void neverBelievesALocalClockThatIsAheadOfAKnownTime() {
        time.observe(STOP.getEpochSecond() - 60, 0);
        clock.now = STOP.plus(Duration.ofHours(1));

        assertThat(time.isPast(STOP)).isFalse();
    }

    @Test
    void knowsNothingFromAnAnswerThatDoesNotSay() {
        time.observe(0, 0);
        assertThat(time.isKnown()).isFalse();
    }
}
