/**
 * Finds credentials where a {@link io.slsdispatch.connector.config.CredentialsConfig} says, and keeps them fresh: {@link
 * io.slsdispatch.connector.client.credentials.CredentialsSource} is the entry.
 */
@NullMarked
package io.slsdispatch.connector.client.credentials;

import org.jspecify.annotations.NullMarked;
