package io.slsdispatch.job.redrive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.SlsException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class RetrierTest {

    private final StopSignal stop = new StopSignal();
    private final AtomicLong clock = new AtomicLong();
    private final List<String> said = new ArrayList<>();

    /** Waits are of no length. */
    private final Retrier retrier =
            new Retrier(Duration.ofSeconds(60), stop, clock::get, (RandomGenerator) () -> 0, said::add);

    private static SlsException failure(ErrorKind kind) {
        return new SlsException(kind, "PullLogs", "project/store", 503, "ServerBusy", "", "busy", null);
    }

    @Test
    void failureThatPassesIsToldNowAndThenAndEndsAfterTheLimit() {
        assertThatExceptionOfType(SlsException.class)
                .isThrownBy(() -> retrier.call(() -> {
                    clock.addAndGet(Duration.ofSeconds(4).toNanos());
                    throw failure(ErrorKind.UNAVAILABLE);
                }));

        assertThat(clock.get()).isEqualTo(Duration.ofSeconds(60).toNanos());
        assertThat(said).hasSize(5).allSatisfy(line -> assertThat(line).contains("limit 1 min", "ServerBusy"));
    }

    @Test
    void failureThatDoesNotPassEndsAtOnce() {
        assertThatExceptionOfType(SlsException.class)
                .isThrownBy(() -> retrier.call(() -> {
                    throw failure(ErrorKind.NOT_FOUND);
                }));

        assertThat(said).isEmpty();
    }

    @Test
    @Timeout(60)
    void requestThatGetsNoAnswerIsGivenUpWhenTheRunIsToEnd() {
        assertThatExceptionOfType(Retrier.StoppedException.class)
                .isThrownBy(() -> retrier.call(() -> {
                    // As from the shutdown hook, while this waits.
                    new Thread(stop::stop).start();
                    return new CountDownLatch(1).await(1, TimeUnit.HOURS);
                }));
    }

    @Test
    void interruptForTheEndDoesNotReachWhatComesAfter() {
        assertThatExceptionOfType(Retrier.StoppedException.class)
                .isThrownBy(() -> retrier.call(() -> {
                    stop.stop();
                    throw new InterruptedException();
                }));

        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        assertThatExceptionOfType(Retrier.StoppedException.class).isThrownBy(() -> retrier.call(() -> "never asked"));
    }
}
