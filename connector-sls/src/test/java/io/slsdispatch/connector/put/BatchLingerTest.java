package io.slsdispatch.connector.put;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BatchLingerTest {

    /** Just before the nanosecond clock, which may have any value, passes its largest one. */
    private static final long NOW = Math.subtractExact(Long.MAX_VALUE, 5);

    private final BatchLinger linger = new BatchLinger();

    @Test
    void sendsAtOnceWhenNothingIsUnderWay() {
        assertThat(linger.toWait(0, 1, NOW)).isZero();
    }

    @Test
    void waitsWhileARequestIsUnderWayButNoLongerThanTheLimit() {
        assertThat(linger.toWait(1, 1, NOW)).isEqualTo(BatchLinger.LONGEST_NANOS);
        assertThat(linger.toWait(1, 2, NOW + 10)).isEqualTo(BatchLinger.LONGEST_NANOS - 10);
        assertThat(linger.toWait(1, 2, NOW + BatchLinger.LONGEST_NANOS)).isZero();
        assertThat(linger.toWait(2, 1, NOW + BatchLinger.LONGEST_NANOS))
                .as("what comes after that waits anew")
                .isEqualTo(BatchLinger.LONGEST_NANOS);
    }

    @Test
    void doesNotWaitOnceEnoughHasGathered() {
        linger.toWait(1, BatchLinger.ENOUGH_BYTES - 1, NOW);

        assertThat(linger.toWait(1, BatchLinger.ENOUGH_BYTES, NOW)).isZero();
        assertThat(linger.toWait(1, 1, NOW + 7)).isEqualTo(BatchLinger.LONGEST_NANOS);
    }

    @Test
    void sendsAtOnceWhenTheLastAnswerCame() {
        linger.toWait(1, 1, NOW);

        assertThat(linger.toWait(0, 1, NOW + 1)).isZero();
    }
}
