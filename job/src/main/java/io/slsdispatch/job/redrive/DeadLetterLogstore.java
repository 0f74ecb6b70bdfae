package io.slsdispatch.job.redrive;

import io.slsdispatch.connector.config.ConnectionConfig;
import io.slsdispatch.connector.model.LogstoreId;

/** A logstore with dead letters, and the way to it. */
public record DeadLetterLogstore(ConnectionConfig connection, LogstoreId logstore) {

    /** Tells it from those of the same name at other endpoints. */
    public String name() {
        return connection.endpoint() + " " + logstore;
    }
}
