/**
 * The transport of all calls to the service, on a non-blocking HTTP client: {@link
 * io.slsdispatch.connector.client.exchange.HttpTransport} is the entry point. The calling thread prepares a request
 * ({@code ApiRequest}: a put is compressed there). From then on the call runs on one I/O thread of the process: it
 * waits for a permit, is signed, is sent over a pooled connection, and its answer is read. Nothing in this package
 * retries a request.
 *
 * <p>This package bounds the size and duration of every answer: its head, trailers and chunk extensions, the number of
 * informational answers before it, its body, and the time until it is complete. {@code Answer} decides whether an
 * answer comes from the service.
 */
@NullMarked
package io.slsdispatch.connector.client.exchange;

import org.jspecify.annotations.NullMarked;
