/**
 * Opens clients of the service: {@link io.slsdispatch.connector.client.connection.SlsClients} is the entry point.
 * Combines the lower layers: the exchange, the data and control calls, and the credentials.
 */
@NullMarked
package io.slsdispatch.connector.client.connection;

import org.jspecify.annotations.NullMarked;
