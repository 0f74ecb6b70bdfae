package io.slsdispatch.connector.sink;

import io.slsdispatch.connector.config.SinkConfig;

/** What the parts of a writer share. */
record SinkParts(
        SinkConfig config,
        TaskThread thread,
        SinkMetrics metrics,
        Room room,
        Failure failure,
        SinkFailures failures,
        SinkWarnings warnings,
        Retries retries) {

    static SinkParts of(SinkConfig config, TaskThread thread, SinkMetrics metrics) {
        Failure failure = new Failure();
        SinkFailures failures = new SinkFailures(config);
        SinkWarnings warnings = new SinkWarnings(config.name());
        return new SinkParts(
                config,
                thread,
                metrics,
                new Room(config.delivery().maxBufferedBytes(), config.drainWithin()),
                failure,
                failures,
                warnings,
                new Retries(config.retry(), failures, warnings, failure));
    }
}
