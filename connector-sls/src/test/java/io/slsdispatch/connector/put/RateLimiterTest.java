package io.slsdispatch.connector.put;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RateLimiterTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long LARGE = 1_000_000;

    private long now = 5 * SECOND;
    private final RateLimiter rate = new RateLimiter(now);

    @Test
    void hasNoLimitBeforeTheServiceThrottles() {
        for (int i = 0; i < 1000; i++) {
            rate.sent(LARGE, now);
        }

        assertThat(rate.toWait(now)).isZero();
    }

    @Test
    void goesDownByAShareOfWhatWasTried() {
        // A steady 10 MB/s, which is refused: 8 MB/s are left.
        sendForSeconds(10, 10);
        rate.throttled(now, now);

        rate.sent(8 * LARGE, now);

        assertThat(secondsToWait()).isBetween(0.9, 1.1);
    }

    @Test
    void countsASmallRequestAsACall() {
        sendForSeconds(10, 10);
        rate.throttled(now, now);

        for (int i = 0; i < 800; i++) {
            rate.sent(1, now);
        }

        assertThat(secondsToWait()).isBetween(0.9, 1.1);
    }

    @Test
    void goesDownOnceForRequestsThatWereUnderWayTogether() {
        sendForSeconds(10, 10);
        long sentAt = now;
        now += SECOND / 10;
        rate.throttled(sentAt, now);
        rate.throttled(sentAt, now);
        rate.throttled(sentAt, now);

        rate.sent(7 * LARGE, now);

        assertThat(secondsToWait()).isBetween(0.8, 1.2);
    }

    @Test
    void goesUpGentlyUntilTheLimitIsGone() {
        sendForSeconds(10, 10);
        rate.throttled(now, now);
        now += 10 * SECOND;
        rate.sent(8 * LARGE, now);
        assertThat(secondsToWait()).isBetween(0.3, 0.4);

        now += 300 * SECOND;
        rate.sent(LARGE, now);
        now += SECOND / 100;
        rate.sent(100 * LARGE, now);
        assertThat(rate.toWait(now)).isZero();
    }

    @Test
    void neverWaitsLongerThanTenSecondsHoweverSlow() {
        for (int i = 0; i < 100; i++) {
            now += SECOND;
            rate.throttled(now, now);
        }
        rate.sent(10 * LARGE, now);

        assertThat(secondsToWait()).isEqualTo(10);
    }

    private void sendForSeconds(int seconds, int perSecond) {
        for (int i = 0; i < seconds * perSecond; i++) {
            now += SECOND / perSecond;
            rate.sent(LARGE, now);
        }
    }

    private double secondsToWait() {
        return rate.toWait(now) / (double) SECOND;
    }
}
