package io.slsdispatch.connector.config;

import io.slsdispatch.connector.model.LogstoreId;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Source configurations with short intervals, changed one thing at a time. */
public record TestConfigs(SourceConfig config) {

    public static TestConfigs of(LogstoreId logstore) {
        return new TestConfigs(new SourceConfig(
                logstore,
                new StartingPosition.Begin(),
                new StoppingPosition.Never(),
                null,
                ShardOrder.AFTER_READ,
                ExpiredCursorPolicy.FAIL,
                new DiscoveryConfig(Duration.ofSeconds(30), 0.2, Duration.ofMinutes(5), Duration.ZERO, Duration.ZERO),
                new PullConfig(1 << 20, 4, 1000, Duration.ofMillis(1), Duration.ofMillis(5)),
                new ReadRetryConfig(Duration.ofMillis(1), Duration.ofMillis(5), Duration.ofMinutes(1), 3)));
    }

    public TestConfigs start(StartingPosition start) {
        return with(start, config.stop(), config.consumerGroup(), config.order(), config.onExpiredCursor());
    }

    public TestConfigs stop(StoppingPosition stop) {
        return with(config.start(), stop, config.consumerGroup(), config.order(), config.onExpiredCursor());
    }

    public TestConfigs consumerGroup(@Nullable String group) {
        return with(config.start(), config.stop(), group, config.order(), config.onExpiredCursor());
    }

    public TestConfigs order(ShardOrder order) {
        return new TestConfigs(config.withOrder(order));
    }

    public TestConfigs skippingGaps() {
        return onExpiredCursor(ExpiredCursorPolicy.EARLIEST);
    }

    public TestConfigs onExpiredCursor(ExpiredCursorPolicy policy) {
        return with(config.start(), config.stop(), config.consumerGroup(), config.order(), policy);
    }

    public TestConfigs pulls(PullConfig pulls) {
        return with(config.discovery(), pulls);
    }

    /** For how long closed shards settle; not at all if a test does not say it. */
    public TestConfigs settleTime(Duration time) {
        DiscoveryConfig discovery = new DiscoveryConfig(
                config.discovery().interval(),
                config.discovery().jitter(),
                config.discovery().failureAgeLimit(),
                config.discovery().margin(),
                time);
        return with(discovery, config.pulls());
    }

    /** Failing listings fail the job only when they last longer than this. */
    public TestConfigs failureAgeLimit(Duration limit) {
        DiscoveryConfig discovery = new DiscoveryConfig(
                config.discovery().interval(),
                config.discovery().jitter(),
                limit,
                config.discovery().margin(),
                config.discovery().settleTime());
        return with(discovery, config.pulls());
    }

    /** Listings may be so old. */
    public TestConfigs listingMargin(Duration margin) {
        DiscoveryConfig discovery = new DiscoveryConfig(
                config.discovery().interval(),
                config.discovery().jitter(),
                config.discovery().failureAgeLimit(),
                margin,
                config.discovery().settleTime());
        return with(discovery, config.pulls());
    }

    private TestConfigs with(DiscoveryConfig discovery, PullConfig pulls) {
        return new TestConfigs(new SourceConfig(
                config.logstore(),
                config.start(),
                config.stop(),
                config.consumerGroup(),
                config.order(),
                config.onExpiredCursor(),
                discovery,
                pulls,
                config.retries()));
    }

    private TestConfigs with(
            StartingPosition start,
            StoppingPosition stop,
            @Nullable String group,
            ShardOrder order,
            ExpiredCursorPolicy onExpiredCursor) {
        return new TestConfigs(new SourceConfig(
                config.logstore(),
                start,
                stop,
                group,
                order,
                onExpiredCursor,
                config.discovery(),
                config.pulls(),
                config.retries()));
    }
}
