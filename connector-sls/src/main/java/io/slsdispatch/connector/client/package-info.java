/**
 * The one door to the service: {@link io.slsdispatch.connector.client.SlsClient}, the requests made through it, and
 * {@link io.slsdispatch.connector.client.SlsException}, which says of each failure what the caller does next. Depends on
 * none of its sub-packages, which are, from top to bottom: {@code connection} opens clients, {@code control} makes the
 * calls that carry no data, {@code exchange} sends all, {@code credentials} finds what they are signed with.
 */
@NullMarked
package io.slsdispatch.connector.client;

import org.jspecify.annotations.NullMarked;
