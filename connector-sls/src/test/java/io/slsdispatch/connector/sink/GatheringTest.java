package io.slsdispatch.connector.sink;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GatheringTest {

    /** Just before the nanosecond clock, which may have any value, passes its largest one. */
    private static final long NOW = Math.subtractExact(Long.MAX_VALUE, 5);

    private final Gathering gathering = new Gathering();

    @Test
    void sendsAtOnceWhenNothingIsUnderWay() {
        assertThat(gathering.toWait(0, 1, NOW)).isZero();
    }

    @Test
    void waitsWhileARequestIsUnderWayButNoLongerThanTheLimit() {
        assertThat(gathering.toWait(1, 1, NOW)).isEqualTo(Gathering.LONGEST_NANOS);
        assertThat(gathering.toWait(1, 2, NOW + 10)).isEqualTo(Gathering.LONGEST_NANOS - 10);
        assertThat(gathering.toWait(1, 2, NOW + Gathering.LONGEST_NANOS)).isZero();
        assertThat(gathering.toWait(2, 1, NOW + Gathering.LONGEST_NANOS))
                .as("what comes after that waits anew")
                .isEqualTo(Gathering.LONGEST_NANOS);
    }

    @Test
    void doesNotWaitOnceEnoughHasGathered() {
        gathering.toWait(1, Gathering.ENOUGH_BYTES - 1, NOW);

        assertThat(gathering.toWait(1, Gathering.ENOUGH_BYTES, NOW)).isZero();
        assertThat(gathering.toWait(1, 1, NOW + 7)).isEqualTo(Gathering.LONGEST_NANOS);
    }

    @Test
    void sendsAtOnceWhenTheLastAnswerCame() {
        gathering.toWait(1, 1, NOW);

        assertThat(gathering.toWait(0, 1, NOW + 1)).isZero();
    }
}
