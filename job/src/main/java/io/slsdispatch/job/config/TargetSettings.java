package io.slsdispatch.job.config;

import io.slsdispatch.connector.config.Backoff;
import io.slsdispatch.connector.config.CompressionConfig;
import io.slsdispatch.connector.config.ConnectionConfig;
import io.slsdispatch.connector.config.RetryPolicy;
import io.slsdispatch.connector.config.SinkConfig.DeadLetterStore;
import io.slsdispatch.connector.config.SinkConfig.Delivery;
import io.slsdispatch.connector.config.SinkConfig.Outage;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.wire.Compression;
import io.slsdispatch.job.config.options.ConnectionOptions;
import io.slsdispatch.job.config.options.TargetOptions;
import io.slsdispatch.job.yaml.ConfigErrors;
import io.slsdispatch.job.yaml.Option;
import io.slsdispatch.job.yaml.SectionValues;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Builder of the settings that targets and targets by template share, from the values of a section. */
final class TargetSettings {

    private final SectionValues values;
    private final ConfigErrors errors;

    TargetSettings(SectionValues values, ConfigErrors errors) {
        this.values = values;
        this.errors = errors;
    }

    /** Null, with an error, when a value is missing or invalid; as the other parts. */
    @Nullable
    ConnectionConfig connection() {
        return errors.build(values.location(), () -> new ConnectionSectionReader(errors).connection(values));
    }

    @Nullable
    RetryPolicy retry() {
        RetryPolicy retry = errors.build(
                values.locationOf(TargetOptions.RETRY_MAX_BACKOFF),
                () -> new RetryPolicy(
                        new Backoff(
                                values.get(TargetOptions.RETRY_INITIAL_BACKOFF),
                                values.get(TargetOptions.RETRY_MAX_BACKOFF)),
                        values.get(TargetOptions.RETRY_GIVE_UP_AFTER).orElse(null),
                        values.get(TargetOptions.RETRY_GRACE)));
        return errors.build(values.locationOf(TargetOptions.RETRY_CODES_ABOUT_REQUEST), () -> ConfigErrors.need(retry)
                .withCodes(
                        codes(TargetOptions.RETRY_CODES_ABOUT_GROUP), codes(TargetOptions.RETRY_CODES_ABOUT_REQUEST)));
    }

    private List<String> codes(Option<List<String>> option) {
        List<String> codes = values.getOrNull(option);
        return codes == null ? List.of() : codes;
    }

    /** @throws ConfigErrors.AlreadyReportedException when a value is invalid */
    Delivery delivery() {
        return new Delivery(
                values.get(TargetOptions.ORDERED),
                values.get(TargetOptions.BATCHING),
                values.get(TargetOptions.CUT_CATEGORY),
                values.get(TargetOptions.MAX_IN_FLIGHT_REQUESTS),
                values.get(TargetOptions.MAX_BUFFERED),
                compression());
    }

    private CompressionConfig compression() {
        return values.get(TargetOptions.COMPRESSION) == Compression.LZ4
                ? CompressionConfig.LZ4
                : CompressionConfig.zstd(values.get(TargetOptions.COMPRESSION_LEVEL));
    }

    /** @throws ConfigErrors.AlreadyReportedException when a value is invalid */
    Outage outage() {
        return new Outage(values.get(TargetOptions.ON_OUTAGE), values.get(TargetOptions.OUTAGE_AFTER));
    }

    /**
     * The dead-letter logstore.
     *
     * @param users the options that send groups there; without any, there is no such logstore
     * @throws ConfigErrors.AlreadyReportedException when a value is missing or invalid
     */
    @Nullable
    DeadLetterStore deadLetters(List<Option<?>> users) {
        String logstore = values.getOrNull(TargetOptions.DEAD_LETTER_LOGSTORE);
        var onRefusal = values.get(TargetOptions.DEAD_LETTER_ON_REFUSAL);
        if (users.isEmpty()) {
            return null;
        }
        if (logstore == null) {
            errors.add(
                    values.locationOf(users.get(0)),
                    "The dead-letter logstore is missing.",
                    "Set 'dead-letter: {logstore: NAME}'.");
            throw new ConfigErrors.AlreadyReportedException(TargetOptions.DEAD_LETTER_LOGSTORE.key());
        }
        String project = values.find(TargetOptions.DEAD_LETTER_PROJECT);
        return new DeadLetterStore(
                new LogstoreId(project == null ? values.get(ConnectionOptions.PROJECT) : project, logstore), onRefusal);
    }
}
