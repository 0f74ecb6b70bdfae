package io.slsdispatch.connector.sink;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class SinkMetricsTest {

    private static final Instant NOW = Instant.parse("2026-05-04T03:00:00Z");

    @Test
    void lifeOfTemporaryCredentialsIsShownAndLastingOnesAreTold() {
        RecordedMetrics metrics = new RecordedMetrics();
        AtomicReference<Optional<Instant>> end = new AtomicReference<>(Optional.empty());

        new SinkMetrics(metrics, () -> 0).credentialsExpiration(end::get, () -> NOW);

        assertThat(metrics.shown("sls.credentialsSecondsLeft")).isEqualTo(-1);
        end.set(Optional.of(NOW.plusSeconds(90)));
        assertThat(metrics.shown("sls.credentialsSecondsLeft")).isEqualTo(90);
        end.set(Optional.of(NOW.minusSeconds(1)));
        assertThat(metrics.shown("sls.credentialsSecondsLeft")).isZero();
    }
}
