/**
 * Single HTTP requests that are not calls of the service, such as those that fetch credentials: {@link
 * io.slsdispatch.connector.client.http.HttpFetch} is the entry point. They block the calling thread, use no connection
 * twice, and are bounded in time and size. Also the TLS settings that all requests share.
 */
@NullMarked
package io.slsdispatch.connector.client.http;

import org.jspecify.annotations.NullMarked;
