/**
 * Clients of the service: {@link io.slsdispatch.connector.client.sdk.SdkClients} is the entry. Requests that administer and
 * look things up are made by the official SDK, which only this package knows; all requests are sent by {@link
 * io.slsdispatch.connector.client.http.ServiceCalls}, which also says whose an answer is; what the answers hold is read here.
 */
@NullMarked
package io.slsdispatch.connector.client.sdk;

import org.jspecify.annotations.NullMarked;
