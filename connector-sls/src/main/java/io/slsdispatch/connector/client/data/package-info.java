/**
 * Pulls and puts: {@link io.slsdispatch.connector.client.data.DataCalls} is the entry point. Creates their requests and
 * parses their answers; {@code client.exchange} sends them. Uses neither the HTTP library nor the vendor SDK.
 */
@NullMarked
package io.slsdispatch.connector.client.data;

import org.jspecify.annotations.NullMarked;
