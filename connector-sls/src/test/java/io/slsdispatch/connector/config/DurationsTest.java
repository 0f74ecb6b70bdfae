package io.slsdispatch.connector.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DurationsTest {

    @ParameterizedTest
    @CsvSource({
        "PT0S,     0 s",
        "PT0.05S,  50 ms",
        "PT1.5S,   1500 ms",
        "PT90S,    90 s",
        "PT600S,   10 min",
        "PT90M,    90 min",
        "PT720H,   720 h",
        "PT-1S,    -1 s",
        "PT-0.5S,  -500 ms"
    })
    void usesTheLargestUnitWithoutAFraction(Duration duration, String text) {
        assertThat(Durations.text(duration)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"1, 1 ns", "1000001, 1000001 ns"})
    void showsFractionsOfAMillisecond(long nanos, String text) {
        assertThat(Durations.text(Duration.ofNanos(nanos))).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "PT0S,        0 s",
        "PT59.999S,   59 s",
        "PT61S,       1 min 1 s",
        "PT2H5M59S,   2 h 5 min",
        "PT49H59M59S, 2 d 1 h"
    })
    void roundsAMeasuredDurationDownToTwoUnits(Duration duration, String text) {
        assertThat(Durations.measured(duration)).isEqualTo(text);
    }
}
