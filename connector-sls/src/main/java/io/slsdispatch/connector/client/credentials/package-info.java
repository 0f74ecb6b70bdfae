/**
 * Reads credentials from the places that a {@link io.slsdispatch.connector.config.CredentialsConfig} names, and
 * refreshes them: {@link io.slsdispatch.connector.client.credentials.CredentialsFactory} is the entry point.
 */
@NullMarked
package io.slsdispatch.connector.client.credentials;

import org.jspecify.annotations.NullMarked;
