package io.slsdispatch.connector.client.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.connector.client.exchange.SigningClock.Reading;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SigningClockTest {

    private static final Instant START = Instant.parse("2026-01-31T12:00:00Z");
    private static final Duration HOUR = Duration.ofHours(1);

    private final HandClock local = new HandClock();
    private long nanos;
    private final SigningClock clock = new SigningClock("http://sls.test", local, () -> nanos);

    @Test
    void isTheLocalClockAtFirst() {
        pass(Duration.ofSeconds(5));

        assertThat(clock.read().time()).isEqualTo(START.plusSeconds(5));
        assertThat(clock.offset()).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {3_600, -3_600, 50_400, -172_800})
    void learnsTheTimeOfTheAnswerThatRefusesOne(long ahead) {
        assertThat(refusedAt(START.plusSeconds(ahead))).isTrue();

        pass(Duration.ofSeconds(5));
        assertThat(clock.read().time()).isEqualTo(START.plusSeconds(ahead + 5));
        assertThat(clock.offset()).isEqualTo(Duration.ofSeconds(ahead));
    }

    @Test
    void learnsOnceFromTheRequestsThatWereInFlight() {
        Reading before = clock.read();
        assertThat(clock.refused(before, Optional.of(START.plus(HOUR)))).isTrue();

        assertThat(clock.refused(before, Optional.of(START.plus(HOUR.multipliedBy(2)))))
                .isTrue();
        assertThat(clock.offset()).isEqualTo(HOUR);
    }

    @Test
    void learnsNothingFromAnAnswerThatDoesNotExplainTheRefusal() {
        assertThat(clock.refused(clock.read(), Optional.empty())).isFalse();
        assertThat(refusedAt(START.plusSeconds(30))).isFalse();
        assertThat(refusedAt(START.plus(Duration.ofDays(3)))).isFalse();
        assertThat(refusedAt(Instant.EPOCH.plusSeconds(1))).isFalse();

        assertThat(clock.offset()).isZero();
    }

    @Test
    void usesTheLocalClockAgainOnceItIsCorrected() {
        refusedAt(START.plus(HOUR));

        local.now = START.plus(HOUR);

        assertThat(clock.read().time()).isEqualTo(START.plus(HOUR));
        assertThat(clock.offset()).isZero();
    }

    @Test
    void isNotDisturbedWhenTheLocalClockIsSetToAnotherWrongTime() {
        refusedAt(START.plus(HOUR));

        local.now = START.minus(HOUR);

        assertThat(clock.read().time()).isEqualTo(START.plus(HOUR));
        assertThat(clock.offset()).isEqualTo(HOUR.multipliedBy(2));
    }

    @Test
    void isBoundedWhenTheLocalClockMoves() {
        refusedAt(START.plus(HOUR));

        local.now = START.plus(Duration.ofDays(30));

        assertThat(clock.read().time()).isEqualTo(START.plus(Duration.ofDays(30)));
    }

    @Test
    void learnsAgainWhenTheServicesTimeChangesAfterAWhile() {
        refusedAt(START.plus(HOUR));
        clock.accepted(clock.read());
        pass(SigningClock.FIRST_PAUSE);

        assertThat(refusedAt(START.plus(HOUR.multipliedBy(2)))).isTrue();
        assertThat(clock.offset()).isEqualTo(HOUR.multipliedBy(2).minus(SigningClock.FIRST_PAUSE));
    }

    @Test
    void dropsALearntTimeThatIsRefusedAtOnce() {
        refusedAt(START.plus(HOUR));

        assertThat(refusedAt(START)).isTrue();
        assertThat(clock.offset()).isZero();
        assertThat(refusedAt(START.plus(HOUR))).isFalse();
    }

    /** Each call is sent at most twice, so only the share of refusals that look transient matters. */
    @Test
    void hardlyEverLearnsFromAHostileClock() {
        int learnt = 0;
        int seconds = 12 * 3_600;
        for (int second = 0; second < seconds; second++) {
            pass(Duration.ofSeconds(1));
            Instant answered = local.now.plus(HOUR.multipliedBy(second % 2 == 0 ? 2 : -2));
            if (clock.refused(clock.read(), Optional.of(answered))) {
                learnt++;
            }
        }
        // Learnt and dropped: the pause doubles from half a minute to an hour.
        assertThat(learnt).isBetween(2, 40);
    }

    @Test
    void learnsSoonAgainAfterALearntTimeWasAccepted() {
        for (int round = 0; round < 10; round++) {
            assertThat(refusedAt(local.now.plus(HOUR.multipliedBy(round % 2 == 0 ? 2 : -2))))
                    .isTrue();
            clock.accepted(clock.read());
            pass(SigningClock.FIRST_PAUSE);
        }
    }

    private boolean refusedAt(Instant answered) {
        return clock.refused(clock.read(), Optional.of(answered));
    }

    private void pass(Duration time) {
        local.now = local.now.plus(time);
        nanos += time.toNanos();
    }

    private static final class HandClock extends Clock {

        private Instant now = START;

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
