/**
 * Opens clients of the service: {@link io.slsdispatch.connector.client.connection.SlsClients} is the entry. Puts together
 * what lies below: the exchange, the calls for data and for control, and the credentials.
 */
@NullMarked
package io.slsdispatch.connector.client.connection;

import org.jspecify.annotations.NullMarked;
