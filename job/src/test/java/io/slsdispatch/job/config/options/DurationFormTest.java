package io.slsdispatch.job.config.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slsdispatch.connector.config.Durations;
import io.slsdispatch.job.yaml.Option;
import io.slsdispatch.job.yaml.ScalarTypes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Durations have one form: a configuration accepts what messages print, and documents print it alike. */
class DurationFormTest {

    @Test
    void defaultsAreWrittenAsMessagesPrintThem() {
        List<String> written = new ArrayList<>();
        List<String> printed = new ArrayList<>();
        for (OptionCatalog.Part part : OptionCatalog.PARTS) {
            for (Option<?> option : part.options()) {
                if (option.type() == ScalarTypes.DURATION || option.type() == ScalarTypes.DURATION_OR_ZERO) {
                    Duration value = (Duration) option.defaultValue();
                    if (value != null) {
                        written.add(part.path() + option.key() + " " + option.defaultText());
                        printed.add(part.path() + option.key() + " " + Durations.text(value));
                    }
                }
            }
        }

        assertThat(written).hasSizeGreaterThan(15).isEqualTo(printed);
    }

    @ParameterizedTest
    @ValueSource(
            longs = {1, 999, 1_000, 1_500, 60_000, 61_000, 90_000, 3_600_000, 5_400_000, 86_400_000, 2_592_000_000L})
    void whatIsPrintedIsAccepted(long millis) {
        Duration duration = Duration.ofMillis(millis);

        assertThat(ScalarTypes.DURATION.parse(Durations.text(duration))).isEqualTo(duration);
        if (millis >= 1_000 && millis % 1_000 == 0) {
            assertThat(ScalarTypes.DURATION.parse(Durations.measured(duration))).isEqualTo(duration);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "10s, PT10S",
        "10 s, PT10S",
        "10 min, PT10M",
        "1 h 30 min, PT1H30M",
        "1h 30min, PT1H30M",
        "2 d 1 h, PT49H",
        "1 MIN  5 SEC, PT65S"
    })
    void earlierFormsAreAcceptedToo(String text, Duration duration) {
        assertThat(ScalarTypes.DURATION.parse(text)).isEqualTo(duration);
    }

    @ParameterizedTest
    @ValueSource(strings = {"10", "1 h 30", "1 h min", "1 h 30 x", "PT10M", "1 h, 30 min", "-1 s", "1.5 h"})
    void othersAreRejected(String text) {
        assertThatThrownBy(() -> ScalarTypes.DURATION.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
