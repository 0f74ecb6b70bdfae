package io.slsdispatch.job.config;

import io.slsdispatch.connector.config.DiscoveryConfig;
import io.slsdispatch.connector.config.ExpiredCursorPolicy;
import io.slsdispatch.connector.config.PullConfig;
import io.slsdispatch.connector.config.ReadRetryConfig;
import io.slsdispatch.connector.config.ShardOrder;
import io.slsdispatch.connector.config.SourceConfig;
import io.slsdispatch.connector.config.StartingPosition;
import io.slsdispatch.connector.config.StoppingPosition;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.job.config.JobConfig.Source;
import io.slsdispatch.job.config.options.ConnectionOptions;
import io.slsdispatch.job.config.options.SourceOptions;
import io.slsdispatch.job.yaml.ConfigErrors;
import io.slsdispatch.job.yaml.ConfigNode;
import io.slsdispatch.job.yaml.Option;
import io.slsdispatch.job.yaml.ReadContext;
import io.slsdispatch.job.yaml.SectionReader;
import io.slsdispatch.job.yaml.SectionValues;
import io.slsdispatch.job.yaml.SourceLocation;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reader of the section {@code source}. */
final class SourceSectionReader {

    private static final List<Option<?>> REQUIRED = List.of(
            ConnectionOptions.ENDPOINT,
            ConnectionOptions.PROJECT,
            SourceOptions.LOGSTORE,
            ConnectionOptions.CREDENTIALS);

    private final ReadContext context;
    private final ConfigErrors errors;
    private final ZoneId zone;
    private final Instant now;

    SourceSectionReader(ReadContext context, ZoneId zone, Instant now) {
        this.context = context;
        this.errors = context.errors();
        this.zone = zone;
        this.now = now;
    }

    /** The values of the section; empty when there is no section. */
    SectionValues values(@Nullable ConfigNode section) {
        if (section == null) {
            return SectionValues.at(new SourceLocation("source", ""));
        }
        SectionValues values = SectionReader.read(section, SourceOptions.ALL, context);
        values.require(REQUIRED, errors);
        return values;
    }

    /** The source; null, with an error, when something is missing or invalid. */
    @Nullable
    Source source(SectionValues values) {
        DiscoveryConfig discovery = discovery(values);
        PullConfig pulls = pulls(values);
        ReadRetryConfig retries = retries(values);
        StartingPosition start = errors.build(values.locationOf(SourceOptions.START), () -> start(values));
        return errors.build(
                values.locationOf(SourceOptions.STOP),
                () -> new Source(
                        new ConnectionSectionReader(errors).connection(values),
                        ConfigErrors.need(start),
                        config(
                                values,
                                ConfigErrors.need(start),
                                ConfigErrors.need(discovery),
                                ConfigErrors.need(pulls),
                                ConfigErrors.need(retries))));
    }

    private SourceConfig config(
            SectionValues values,
            StartingPosition start,
            DiscoveryConfig discovery,
            PullConfig pulls,
            ReadRetryConfig retries) {
        LogstoreId logstore = new LogstoreId(values.get(ConnectionOptions.PROJECT), values.get(SourceOptions.LOGSTORE));
        StoppingPosition stop = values.get(SourceOptions.STOP).position(zone);
        String group = values.getOrNull(SourceOptions.CONSUMER_GROUP);
        ShardOrder order = values.get(SourceOptions.ORDERED) ? ShardOrder.AFTER_DELIVERY : ShardOrder.NONE;
        ExpiredCursorPolicy onExpired = values.get(SourceOptions.ON_EXPIRED_CURSOR);
        if (onExpired == ExpiredCursorPolicy.LATEST && !(stop instanceof StoppingPosition.Never)) {
            // SourceConfig refuses it too, with the names of the library's options.
            throw new IllegalArgumentException(
                    "a run with a stop cannot continue with the latest data when unread groups have"
                            + " expired: expected fail or earliest");
        }
        return new SourceConfig(
                logstore, start.frozenAt(now), stop, group, order, onExpired, discovery, pulls, retries);
    }

    private @Nullable DiscoveryConfig discovery(SectionValues values) {
        return errors.build(
                values.locationOf(SourceOptions.DISCOVERY_INTERVAL),
                () -> new DiscoveryConfig(
                        values.get(SourceOptions.DISCOVERY_INTERVAL),
                        values.get(SourceOptions.DISCOVERY_JITTER),
                        values.get(SourceOptions.DISCOVERY_FAILURE_AGE_LIMIT),
                        values.get(SourceOptions.DISCOVERY_LISTING_MARGIN),
                        values.get(SourceOptions.DISCOVERY_SETTLE_TIME)));
    }

    private @Nullable PullConfig pulls(SectionValues values) {
        return errors.build(
                values.locationOf(SourceOptions.PULL_IDLE_POLL_CEILING),
                () -> new PullConfig(
                        values.get(SourceOptions.PULL_MAX_BUFFERED),
                        values.get(SourceOptions.PULL_MAX_CONCURRENT),
                        values.get(SourceOptions.PULL_MAX_GROUPS),
                        values.get(SourceOptions.PULL_IDLE_POLL_FLOOR),
                        values.get(SourceOptions.PULL_IDLE_POLL_CEILING),
                        values.get(SourceOptions.COMPRESSION)));
    }

    private @Nullable ReadRetryConfig retries(SectionValues values) {
        return errors.build(
                values.locationOf(SourceOptions.RETRY_MAX_BACKOFF),
                () -> new ReadRetryConfig(
                        values.get(SourceOptions.RETRY_INITIAL_BACKOFF),
                        values.get(SourceOptions.RETRY_MAX_BACKOFF),
                        values.get(SourceOptions.RETRY_GRACE),
                        values.get(SourceOptions.RETRY_MAX_MALFORMED)));
    }

    private StartingPosition start(SectionValues values) {
        SourceOptions.Start start = values.get(SourceOptions.START);
        if (start.kind() != SourceOptions.Start.Kind.GROUP) {
            for (Option<?> option : List.of(SourceOptions.START_GROUP, SourceOptions.START_FALLBACK)) {
                if (values.has(option)) {
                    errors.add(
                            values.locationOf(option),
                            "It applies only with 'start: group'.",
                            "Set 'start: group', or remove this.");
                }
            }
        }
        return start.position(zone, () -> {
            SourceOptions.Start fallback = values.get(SourceOptions.START_FALLBACK);
            return new StartingPosition.Committed(
                    startGroup(values),
                    fallback.position(zone, () -> {
                        throw new IllegalStateException("a fallback is never a group");
                    }),
                    !values.has(SourceOptions.START_FALLBACK));
        });
    }

    private String startGroup(SectionValues values) {
        String group = values.getOrNull(SourceOptions.START_GROUP);
        String otherwise = group == null ? values.getOrNull(SourceOptions.CONSUMER_GROUP) : group;
        if (otherwise == null) {
            errors.add(
                    values.locationOf(SourceOptions.START),
                    "group",
                    "The consumer group is missing.",
                    "Set 'consumer-group', or 'start-group' to start from a different one.");
            throw new ConfigErrors.AlreadyReportedException(SourceOptions.START_GROUP.key());
        }
        return otherwise;
    }
}
