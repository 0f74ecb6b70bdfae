package io.slsdispatch.connector.metrics;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.flink.annotation.Internal;
import org.apache.flink.metrics.Gauge;

/**
 * Gauge of the seconds until the credentials expire; -1 if they do not expire or the expiry is not known.
 *
 * @param end the expiry time; called by any thread
 */
@Internal
public record CredentialsTtlGauge(Supplier<Optional<Instant>> end, InstantSource clock) implements Gauge<Long> {

    @Override
    public Long getValue() {
        return end.get()
                .map(time -> Math.max(0, Duration.between(clock.instant(), time).toSeconds()))
                .orElse(-1L);
    }
}
