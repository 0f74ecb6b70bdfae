package io.slsdispatch.job.config;

import io.slsdispatch.connector.config.DiscoveryConfig;
import io.slsdispatch.connector.config.PullConfig;
import io.slsdispatch.connector.config.ReadRetryConfig;
import io.slsdispatch.connector.config.ShardOrder;
import io.slsdispatch.connector.config.SourceConfig;
import io.slsdispatch.connector.config.StartingPosition;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.job.config.JobConfig.Source;
import io.slsdispatch.job.config.ValueType.Reading;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the section {@code source}. */
final class SourceReader {

    private static final List<Option<?>> OPTIONS = Option.all(ConnectionOptions.ALL, SourceOptions.OWN);

    private static final List<Option<?>> REQUIRED = List.of(
            ConnectionOptions.ENDPOINT,
            ConnectionOptions.PROJECT,
            SourceOptions.LOGSTORE,
            ConnectionOptions.CREDENTIALS);

    private final Reading reading;
    private final ZoneId zone;
    private final Instant now;

    SourceReader(Reading reading, ZoneId zone, Instant now) {
        this.reading = reading;
        this.zone = zone;
        this.now = now;
    }

    /** What the section gives; nothing when there is no section. */
    Values values(@Nullable ConfigNode section) {
        if (section == null) {
            return Values.at(new Place("source", ""));
        }
        Values values = Section.read(section, OPTIONS, reading);
        Section.require(values, REQUIRED, reading.mistakes());
        return values;
    }

    /** The source; null when something is missing or wrong. */
    @Nullable
    Source source(Values values) {
        Mistakes mistakes = reading.mistakes();
        DiscoveryConfig discovery = Build.of(
                values.placeOf(SourceOptions.DISCOVERY_INTERVAL),
                mistakes,
                () -> new DiscoveryConfig(
                        values.get(SourceOptions.DISCOVERY_INTERVAL),
                        values.get(SourceOptions.DISCOVERY_JITTER),
                        values.get(SourceOptions.DISCOVERY_FAILURE_AGE_LIMIT),
                        values.get(SourceOptions.DISCOVERY_LISTING_MARGIN),
                        values.get(SourceOptions.DISCOVERY_SETTLE_TIME)));
        PullConfig pulls = Build.of(
                values.placeOf(SourceOptions.PULL_IDLE_POLL_CEILING),
                mistakes,
                () -> new PullConfig(
                        values.get(SourceOptions.PULL_MAX_BUFFERED),
                        values.get(SourceOptions.PULL_MAX_CONCURRENT),
                        values.get(SourceOptions.PULL_MAX_GROUPS),
                        values.get(SourceOptions.PULL_IDLE_POLL_FLOOR),
                        values.get(SourceOptions.PULL_IDLE_POLL_CEILING)));
        ReadRetryConfig retries = Build.of(
                values.placeOf(SourceOptions.RETRY_MAX_BACKOFF),
                mistakes,
                () -> new ReadRetryConfig(
                        values.get(SourceOptions.RETRY_INITIAL_BACKOFF),
                        values.get(SourceOptions.RETRY_MAX_BACKOFF),
                        values.get(SourceOptions.RETRY_GRACE),
                        values.get(SourceOptions.RETRY_MAX_MALFORMED)));
        StartingPosition start = Build.of(values.placeOf(SourceOptions.START), mistakes, () -> start(values));
        return Build.of(
                values.placeOf(SourceOptions.STOP),
                mistakes,
                () -> new Source(
                        new ConnectionReader(mistakes).connection(values),
                        Build.need(start),
                        new SourceConfig(
                                new LogstoreId(
                                        values.get(ConnectionOptions.PROJECT), values.get(SourceOptions.LOGSTORE)),
                                Build.need(start).frozenAt(now),
                                values.get(SourceOptions.STOP).position(zone),
                                values.getOrNull(SourceOptions.CONSUMER_GROUP),
                                values.get(SourceOptions.ORDERED) ? ShardOrder.AFTER_DELIVERY : ShardOrder.NONE,
                                values.get(SourceOptions.ON_EXPIRED_CURSOR),
                                Build.need(discovery),
                                Build.need(pulls),
                                Build.need(retries))));
    }

    private StartingPosition start(Values values) {
        StartText start = values.get(SourceOptions.START);
        if (start.kind() != StartText.Kind.GROUP) {
            for (Option<?> option : List.of(SourceOptions.START_GROUP, SourceOptions.START_FALLBACK)) {
                if (values.has(option)) {
                    reading.mistakes()
                            .add(
                                    values.placeOf(option),
                                    "It holds only with 'start: group'.",
                                    "Write 'start: group', or take this out.");
                }
            }
        }
        return start.position(zone, () -> {
            StartText fallback = values.get(SourceOptions.START_FALLBACK);
            return new StartingPosition.Committed(startGroup(values), fallback.position(zone, () -> {
                throw new IllegalStateException("a fallback is never a group");
            }));
        });
    }

    private String startGroup(Values values) {
        String group = values.getOrNull(SourceOptions.START_GROUP);
        String otherwise = group == null ? values.getOrNull(SourceOptions.CONSUMER_GROUP) : group;
        if (otherwise == null) {
            reading.mistakes()
                    .add(
                            values.placeOf(SourceOptions.START),
                            "group",
                            "It is not said which consumer group.",
                            "Give 'consumer-group', or 'start-group' when it is another one.");
            throw new Values.UnusableException(SourceOptions.START_GROUP.key());
        }
        return otherwise;
    }
}
