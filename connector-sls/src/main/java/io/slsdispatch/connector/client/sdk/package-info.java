/**
 * The service through the official SDK: {@link io.slsdispatch.connector.client.sdk.SdkClients} is the entry. The only
 * package that knows the SDK; its codes become {@link io.slsdispatch.connector.client.ErrorKind} here and nowhere else.
 */
@NullMarked
package io.slsdispatch.connector.client.sdk;

import org.jspecify.annotations.NullMarked;
