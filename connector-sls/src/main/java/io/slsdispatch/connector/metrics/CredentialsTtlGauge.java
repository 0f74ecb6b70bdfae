package io.slsdispatch.connector.metrics;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.flink.annotation.Internal;
import org.apache.flink.metrics.Gauge;

/**
 * For how many seconds credentials still work; -1 when they last, or that is not known.
 *
 * @param end when they end; asked by any thread
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
