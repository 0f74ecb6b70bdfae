/**
 * The only access to the service: {@link io.slsdispatch.connector.client.SlsClient}, its requests, and {@link
 * io.slsdispatch.connector.client.SlsException}, whose kind says how the caller reacts to a failure. Depends on none of
 * its sub-packages. These are, from top to bottom: {@code connection} opens clients, {@code control} makes the calls
 * that carry no data, {@code data} makes pulls and puts, {@code exchange} sends all requests, {@code credentials}
 * provides the credentials that sign them.
 */
@NullMarked
package io.slsdispatch.connector.client;

import org.jspecify.annotations.NullMarked;
