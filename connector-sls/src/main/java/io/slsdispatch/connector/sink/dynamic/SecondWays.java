package io.slsdispatch.connector.sink.dynamic;

import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.config.ConnectionConfig;
import io.slsdispatch.connector.config.DynamicSinkConfig.Kind;
import io.slsdispatch.connector.config.DynamicSinkConfig.SecondWay;
import io.slsdispatch.connector.config.SinkConfig;
import io.slsdispatch.connector.config.SinkConfig.DeadLetterStore;
import io.slsdispatch.connector.deadletter.DeadLetter.Reason;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.put.InFlightBuffer;
import io.slsdispatch.connector.sink.DeadLetterQueue;
import io.slsdispatch.connector.sink.RejectHandler;
import io.slsdispatch.connector.sink.SinkMessages;
import io.slsdispatch.connector.sink.SinkParts;
import io.slsdispatch.connector.sink.TargetDelivery;
import io.slsdispatch.connector.sink.TargetListener;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where groups go that do not reach their logstore. Other targets are written by this writer itself, each by one engine
 * over a client of its own. Task thread only.
 */
final class SecondWays {

    /** The engine of another target, and what belongs to it. */
    private record Other(
            SlsClient client,
            InFlightBuffer buffer,
            @Nullable DeadLetterQueue deadLetters,
            TargetDelivery delivery) {}

    private final DynamicParts parts;
    private final LogstoreMetrics metrics;
    private final Function<ConnectionConfig, SlsClient> clients;
    private final Map<SinkConfig, Other> others = new LinkedHashMap<>();

    /** @param clients creates the clients of other targets */
    SecondWays(DynamicParts parts, Function<ConnectionConfig, SlsClient> clients) {
        this.parts = parts;
        this.clients = clients;
        this.metrics =
                new LogstoreMetrics(parts.metrics(), () -> parts.metrics().fixed(DynamicMetrics.SECOND_WAY));
    }

    /** The buffer that limits a way besides that of the logstore; null for none. */
    @Nullable
    InFlightBuffer bufferOf(SecondWay way) {
        return way.kind() == Kind.TARGET ? other(way).buffer : null;
    }

    /**
     * Settles a group that does not reach its logstore.
     *
     * @param rejects of the logstore
     * @param buffer of the logstore, which contains the group
     * @throws IOException when the job is to fail
     */
    void take(SecondWay way, RawLogGroup group, RejectHandler rejects, InFlightBuffer buffer, Reason reason)
            throws IOException {
        switch (way.kind()) {
            case FAIL -> parts.failure().fail(parts.messages().failure(reason));
            case DROP -> rejects.drop(group);
            case DEAD_LETTER -> rejects.store(group, reason);
            case TARGET -> {
                buffer.remove(group.length());
                other(way).delivery.writeNow(group);
            }
        }
    }

    private Other other(SecondWay way) {
        SinkConfig target = way.target();
        ConnectionConfig connection = way.connection();
        if (target == null || connection == null) {
            throw new IllegalStateException("not the way to another target: " + way.kind());
        }
        return others.computeIfAbsent(target, key -> open(key, clients.apply(connection)));
    }

    private Other open(SinkConfig target, SlsClient client) {
        InFlightBuffer buffer = new InFlightBuffer(parts.budget(), target.drainWithin());
        SinkParts of = new SinkParts(
                target,
                client,
                parts.deadline(),
                parts.thread(),
                metrics,
                buffer,
                parts.failure(),
                new SinkMessages(
                        target,
                        target.name(),
                        target.logstore().toString(),
                        parts.clock(),
                        parts.messages().failures()));
        DeadLetterStore store = target.deadLetters();
        DeadLetterQueue queue = store == null ? null : new DeadLetterQueue(of, store);
        RejectHandler rejects = new RejectHandler(of, parts.clock(), queue);
        return new Other(
                client,
                buffer,
                queue,
                new TargetDelivery(of, Duration.ZERO, new TargetListener(of, rejects), rejects, null));
    }

    LogstoreMetrics metrics() {
        return metrics;
    }

    boolean isIdle() {
        return others.values().stream()
                .allMatch(
                        other -> other.delivery.isIdle() && (other.deadLetters == null || other.deadLetters.isIdle()));
    }

    void check() throws IOException {
        for (Other other : others.values()) {
            other.delivery.check();
            if (other.deadLetters != null) {
                other.deadLetters.check();
            }
        }
    }

    void hurry() {
        others.values().forEach(other -> other.delivery.hurry());
    }

    void waitForNoProbe() {
        others.values().forEach(other -> other.delivery.waitForNoProbe());
    }

    void close() {
        for (Other other : others.values()) {
            other.delivery.close();
            if (other.deadLetters != null) {
                other.deadLetters.close();
            }
            other.client.close();
        }
    }
}
