/**
 * The one door to the service: {@link io.slsdispatch.connector.client.SlsClient}, what is asked through it, and
 * {@link io.slsdispatch.connector.client.SlsException}, which says of each failure what the caller does next. Nothing
 * here knows the vendor SDK; the sub-package {@code sdk} is the implementation that does.
 */
@NullMarked
package io.slsdispatch.connector.client;

import org.jspecify.annotations.NullMarked;
