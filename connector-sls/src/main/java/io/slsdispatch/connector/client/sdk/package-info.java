/**
 * Clients of the service: {@link io.slsdispatch.connector.client.sdk.SdkClients} is the entry. What administers and looks
 * things up goes through the official SDK, which only this package knows; what carries data goes through {@link
 * io.slsdispatch.connector.client.http.DataCalls}.
 */
@NullMarked
package io.slsdispatch.connector.client.sdk;

import org.jspecify.annotations.NullMarked;
