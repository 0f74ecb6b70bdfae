package io.slsdispatch.job.redrive;

import io.slsdispatch.connector.config.ConnectionConfig;
import io.slsdispatch.connector.model.LogstoreId;

/** A dead-letter logstore and the connection to it. */
public record DeadLetterLogstore(ConnectionConfig connection, LogstoreId logstore) {

    /** A name that distinguishes it from logstores of the same name at other endpoints. */
    public String name() {
        return connection.endpoint() + " " + logstore;
    }
}
