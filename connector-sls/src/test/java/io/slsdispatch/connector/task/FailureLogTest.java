package io.slsdispatch.connector.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.testing.CapturedLog;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class FailureLogTest {

    private static final String NAME = FailureLogTest.class.getName();

    private long nanos = 17;
    private final FailureLog log = new FailureLog(LoggerFactory.getLogger(NAME), () -> nanos);

    @Test
    void warningsGrowApartWhileAFailureLasts() {
        List<Long> seconds = new ArrayList<>();
        try (CapturedLog captured = new CapturedLog(NAME)) {
            for (long second = 0; second <= 3_600; second++) {
                fail("subject");
                if (captured.lines().size() > seconds.size()) {
                    seconds.add(second);
                }
                advance(Duration.ofSeconds(1));
            }

            assertThat(seconds).containsExactly(0L, 10L, 30L, 70L, 150L, 310L, 630L, 1_230L, 1_830L, 2_430L, 3_030L);
            assertThat(captured.lines()).startsWith("it fails", "it fails (9 more failures since the last warning)");
        }
    }

    @Test
    void aFailureAfterAQuietTimeIsTheFirstOneAgain() {
        try (CapturedLog captured = new CapturedLog(NAME)) {
            for (int i = 0; i < 100; i++) {
                fail("subject");
                advance(Duration.ofSeconds(1));
            }
            int before = captured.lines().size();

            advance(Duration.ofMinutes(2));
            fail("subject");

            assertThat(captured.lines()).hasSize(before + 1).last().isEqualTo("it fails");
        }
    }

    @Test
    void subjectsAreIndependentAndBounded() {
        try (CapturedLog captured = new CapturedLog(NAME)) {
            for (int i = 0; i < 100; i++) {
                fail("subject " + i);
            }
            assertThat(captured.lines()).hasSize(100);

            for (int i = 100; i < 10_000; i++) {
                fail("subject " + i);
            }
            assertThat(captured.lines()).hasSize(101);
        }
    }

    @Test
    void saysUntilWhenInWords() {
        assertThat(FailureLog.retryingUntil(Instant.parse("2026-11-30T21:05:09.123Z")))
                .isEqualTo("retrying until 2026-11-30 21:05:09 UTC");
        assertThat(FailureLog.retryingUntil(null)).isEqualTo("retrying until it succeeds");
    }

    private void fail(String subject) {
        log.warn(subject, new IOException("a stack trace"), () -> "it fails");
    }

    private void advance(Duration time) {
        nanos += time.toNanos();
    }
}
