package io.slsdispatch.connector.source;

import io.slsdispatch.connector.client.SlsClientFactory;
import io.slsdispatch.connector.config.DiscoveryConfig;
import io.slsdispatch.connector.config.ExpiredCursorPolicy;
import io.slsdispatch.connector.config.PullConfig;
import io.slsdispatch.connector.config.ReadRetryConfig;
import io.slsdispatch.connector.config.ShardOrder;
import io.slsdispatch.connector.config.SourceConfig;
import io.slsdispatch.connector.config.StartingPosition;
import io.slsdispatch.connector.config.StoppingPosition;
import io.slsdispatch.connector.model.LogstoreId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Builds an {@link SlsSource}. Client and logstore must be given; everything else has a default. */
public final class SlsSourceBuilder {

    private @Nullable SlsClientFactory clients;
    private @Nullable LogstoreId logstore;
    private @Nullable String consumerGroup;
    private StartingPosition start = new StartingPosition.Begin();
    private StoppingPosition stop = new StoppingPosition.Never();
    private ShardOrder order = ShardOrder.AFTER_READ;
    private ExpiredCursorPolicy onExpiredCursor = ExpiredCursorPolicy.FAIL;
    private DiscoveryConfig discovery = DiscoveryConfig.DEFAULT;
    private PullConfig pulls = PullConfig.DEFAULT;
    private ReadRetryConfig retries = ReadRetryConfig.DEFAULT;

    SlsSourceBuilder() {}

    /** How the service is reached. Travels in the job graph. */
    public SlsSourceBuilder client(SlsClientFactory factory) {
        this.clients = factory;
        return this;
    }

    /** What is read. */
    public SlsSourceBuilder logstore(LogstoreId id) {
        this.logstore = id;
        return this;
    }

    /** Where shards are begun that no state knows. Default: the beginning. */
    public SlsSourceBuilder start(StartingPosition position) {
        this.start = position;
        return this;
    }

    /** Where a bounded run ends. Default: never. */
    public SlsSourceBuilder stop(StoppingPosition position) {
        this.stop = position;
        return this;
    }

    /**
     * Where progress is shown to the service after each completed checkpoint, so that its console and alarms see the
     * lag. The group is created when it is missing, also while the job runs. At the end of a bounded run the commit of the
     * last checkpoint is waited for, for 5 seconds at most. Default: nowhere.
     *
     * <p>Not for jobs with unaligned checkpoints: their barriers overtake groups on the way to the sinks, and may do so in
     * each checkpoint, so a completed one does not show that what the source emitted before it is delivered. The group
     * would be ahead of that, and who starts from it would skip groups. The source cannot see how a job takes checkpoints.
     */
    public SlsSourceBuilder consumerGroup(@Nullable String name) {
        this.consumerGroup = name;
        return this;
    }

    /**
     * What the shards that a split or merge made wait for. Default: {@link ShardOrder#AFTER_READ}, as the source cannot see
     * whether the job takes checkpoints.
     */
    public SlsSourceBuilder order(ShardOrder shards) {
        this.order = shards;
        return this;
    }

    /** What to do when unread groups are gone. Default: fail. */
    public SlsSourceBuilder onExpiredCursor(ExpiredCursorPolicy policy) {
        this.onExpiredCursor = policy;
        return this;
    }

    /** How the list of shards is kept up to date. Default: {@link DiscoveryConfig#DEFAULT}. */
    public SlsSourceBuilder discovery(DiscoveryConfig config) {
        this.discovery = config;
        return this;
    }

    /** How a reader pulls. Default: {@link PullConfig#DEFAULT}. */
    public SlsSourceBuilder pulls(PullConfig config) {
        this.pulls = config;
        return this;
    }

    /** How failed reads are repeated. Default: {@link ReadRetryConfig#DEFAULT}. */
    public SlsSourceBuilder retries(ReadRetryConfig config) {
        this.retries = config;
        return this;
    }

    /**
     * Makes the source; a start of "end" becomes the present moment.
     *
     * @throws IllegalArgumentException when something is missing or does not fit together
     */
    public SlsSource build() {
        if (clients == null) {
            throw new IllegalArgumentException("a source without client(...)");
        }
        if (logstore == null) {
            throw new IllegalArgumentException("a source without logstore(...)");
        }
        SourceConfig config = new SourceConfig(
                logstore,
                start.frozenAt(Instant.now()),
                stop,
                consumerGroup,
                order,
                onExpiredCursor,
                discovery,
                pulls,
                retries);
        return new SlsSource(clients, config);
    }
}
