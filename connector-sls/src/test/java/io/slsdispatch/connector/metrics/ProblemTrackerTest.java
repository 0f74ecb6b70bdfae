package io.slsdispatch.connector.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.connector.metrics.Problem.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ProblemTrackerTest {

    private static final Instant BEGIN = Instant.parse("2026-05-04T03:02:01Z");

    private Instant now = BEGIN;
    private final ProblemTracker tracker = new ProblemTracker(() -> now);

    private void advance(Duration time) {
        now = now.plus(time);
    }

    @Test
    void textOfAProblemIsReadAsItWasWritten() {
        Problem denied = new Problem(
                Kind.DENIED, BEGIN, BEGIN.plusMillis(1500), BEGIN.plusSeconds(600), "PutLogs: not there, HTTP 404: no");
        Problem rejected = new Problem(Kind.REFUSED, BEGIN, null, null, "");

        assertThat(Problem.parse(denied.text())).contains(denied);
        assertThat(Problem.parse(rejected.text())).contains(rejected);
        assertThat(denied.text())
                .isEqualTo("denied since 2026-05-04T03:02:01Z, next attempt 2026-05-04T03:02:02.500Z, until"
                        + " 2026-05-04T03:12:01Z: PutLogs: not there, HTTP 404: no");
    }

    @Test
    void otherTextsAreNoProblem() {
        for (String text : new String[] {
            "",
            "0",
            "denied since then, next attempt -, until -: x",
            "lost since 2026-05-04T03:02:01Z, next attempt -, until -: x"
        }) {
            assertThat(Problem.parse(text)).as(text).isEmpty();
        }
    }

    @Test
    void aMessageIsOneLineOfLimitedLength() {
        assertThat(new Problem(Kind.DENIED, BEGIN, null, null, "a\r\n\u001b[31mb").message())
                .isEqualTo("a \\u001b[31mb");
        assertThat(new Problem(Kind.DENIED, BEGIN, null, null, "x".repeat(60_000)).message())
                .hasSize(Problem.MOST_CHARACTERS + 3)
                .endsWith("...");
    }

    @Test
    void aProblemKeepsItsBeginningWhileItLasts() {
        tracker.failed(Kind.UNAVAILABLE, "first", Duration.ofSeconds(1), null);
        advance(Duration.ofMinutes(3));
        tracker.failed(Kind.DENIED, "second", Duration.ofSeconds(2), Duration.ofMinutes(10));

        assertThat(tracker.current())
                .isEqualTo(new Problem(
                        Kind.DENIED, BEGIN, now.plusSeconds(2), now.plus(Duration.ofMinutes(10)), "second"));
        assertThat(tracker.status()).isEqualTo(3);
    }

    /** Otherwise it would not be seen by whoever looks every 10 seconds. */
    @Test
    void aThrottledTargetThatAcceptsNowAndThenStaysThrottled() {
        for (int i = 0; i < 10; i++) {
            tracker.failed(Kind.THROTTLED, "too much", Duration.ofMillis(100), null);
            advance(Duration.ofSeconds(1));
            tracker.works();
            advance(Duration.ofSeconds(10));
            assertThat(tracker.status()).isEqualTo(1);
        }
        assertThat(Objects.requireNonNull(tracker.current()).since()).isEqualTo(BEGIN);
        advance(Duration.ofSeconds(5));
        assertThat(tracker.status()).isZero();
        assertThat(tracker.text()).isEmpty();
    }

    @Test
    void aProblemIsNotOverBecauseNothingIsTried() {
        tracker.failed(Kind.UNAVAILABLE, "gone", null, null);
        advance(Duration.ofDays(1));
        assertThat(tracker.status()).isEqualTo(2);

        tracker.clear();
        assertThat(tracker.current()).isNull();
    }
}
