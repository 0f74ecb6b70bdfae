package io.slsdispatch.job.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.SlsException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ParallelCallsTest {

    private static final List<Integer> THOUSAND =
            IntStream.range(0, 1_000).boxed().toList();

    @Test
    void answersAreInTheOrderOfThoseAskedFor() throws Exception {
        assertThat(ParallelCalls.invokeAll(THOUSAND, number -> -number))
                .containsExactlyElementsOf(
                        THOUSAND.stream().map(number -> -number).toList());
        assertThat(ParallelCalls.invokeAll(List.of(), number -> number)).isEmpty();
    }

    @Test
    void firstFailureIsTheAnswerAndWhatHangsIsNotWaitedFor() {
        SlsException failure =
                new SlsException(ErrorKind.UNAVAILABLE, "GetCursorTime", "p/l", 503, "ServerBusy", "", "busy", null);
        CountDownLatch never = new CountDownLatch(1);
        AtomicInteger asked = new AtomicInteger();

        assertThatThrownBy(() -> ParallelCalls.invokeAll(THOUSAND, number -> {
                    asked.incrementAndGet();
                    if (number == 0) {
                        throw failure;
                    }
                    try {
                        never.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    return number;
                }))
                .isSameAs(failure);
        assertThat(asked.get()).isLessThan(THOUSAND.size());
    }
}
