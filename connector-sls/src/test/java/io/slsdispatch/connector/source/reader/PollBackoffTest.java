package io.slsdispatch.connector.source.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.connector.config.PullConfig;
import io.slsdispatch.connector.config.ReadRetryConfig;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PollBackoffTest {

    private final PollBackoff longest = backoff(new Extreme(true));
    private final PollBackoff shortest = backoff(new Extreme(false));

    private static PollBackoff backoff(RandomGenerator random) {
        return new PollBackoff(PullConfig.DEFAULT, ReadRetryConfig.DEFAULT.backoff(), random);
    }

    private static long millis(long nanos) {
        return Duration.ofNanos(nanos).toMillis();
    }

    @Test
    void doesNotPauseWhileThereIsMore() {
        assertThat(longest.afterData(false)).isZero();
    }

    @Test
    void pausesForTheFloorAtTheEndOfAShardAndDoublesUpToTheCeilingWhileNothingComes() {
        assertThat(millis(shortest.afterData(true))).isEqualTo(50);
        List<Long> pauses =
                Stream.generate(() -> millis(shortest.afterNothing())).limit(7).toList();

        assertThat(pauses).containsExactly(50L, 100L, 200L, 400L, 800L, 1000L, 1000L);
    }

    @Test
    void pollsAnIdleShardLessThanOncePerSecond() {
        for (int i = 0; i < 10; i++) {
            longest.afterNothing();
            shortest.afterNothing();
        }
        assertThat(millis(shortest.afterNothing())).isGreaterThanOrEqualTo(1000);
        assertThat(millis(longest.afterNothing())).isEqualTo(1200);
    }

    @Test
    void letsAnIdleShardBePolledALittleEarlyUnlessAQuotaSetsThePace() {
        for (int i = 0; i < 10; i++) {
            shortest.afterNothing();
        }
        assertThat(millis(shortest.early())).isEqualTo(125);

        shortest.afterThrottling();
        shortest.afterNothing();

        assertThat(shortest.early()).isZero();
    }

    @Test
    void isFastAgainAfterData() {
        for (int i = 0; i < 10; i++) {
            shortest.afterNothing();
        }
        shortest.afterData(true);

        assertThat(millis(shortest.afterNothing())).isEqualTo(50);
    }

    @Test
    void backsOffExponentiallyWithFullJitterUpToABound() {
        List<Long> longestPauses =
                Stream.generate(() -> millis(longest.afterFailure())).limit(9).toList();
        List<Long> shortestPauses =
                Stream.generate(() -> millis(shortest.afterFailure())).limit(9).toList();

        assertThat(longestPauses).containsExactly(200L, 400L, 800L, 1600L, 3200L, 6400L, 12800L, 25600L, 30000L);
        assertThat(shortestPauses).containsOnly(1L);
    }

    @Test
    void beginsTheBackOffAnewAfterASuccess() {
        longest.afterFailure();
        longest.afterFailure();
        longest.afterData(false);

        assertThat(millis(longest.afterFailure())).isEqualTo(200);
    }

    @Test
    void keepsAGapBetweenRequestsThatAdaptsToTheQuota() {
        shortest.afterThrottling();
        shortest.afterThrottling();
        assertThat(millis(shortest.afterThrottling())).isEqualTo(200);

        long gap = shortest.afterData(false);
        assertThat(millis(gap)).isEqualTo(190);
        for (int i = 0; i < 100; i++) {
            gap = shortest.afterData(false);
        }
        assertThat(gap).isZero();
    }

    @Test
    void neverWaitsLongerForAQuotaThanItsBound() {
        for (int i = 0; i < 20; i++) {
            shortest.afterThrottling();
        }
        assertThat(Duration.ofNanos(shortest.afterThrottling())).isEqualTo(Duration.ofSeconds(10));
    }
}
