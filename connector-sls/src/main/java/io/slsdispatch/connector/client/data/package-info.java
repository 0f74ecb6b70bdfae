/**
 * Pulls and puts: {@link io.slsdispatch.connector.client.data.DataCalls} is the entry. Makes their requests and reads their
 * answers; {@code client.exchange} sends them. Knows neither the HTTP library nor the vendor SDK.
 */
@NullMarked
package io.slsdispatch.connector.client.data;

import org.jspecify.annotations.NullMarked;
