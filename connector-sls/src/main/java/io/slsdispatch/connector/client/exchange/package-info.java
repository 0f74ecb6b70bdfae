/**
 * One way to the service for all calls, over a lean, non-blocking HTTP client: {@link
 * io.slsdispatch.connector.client.exchange.HttpTransport} is the entry. A call is prepared where it is made ({@code
 * ApiRequest}: a put is compressed there), and from then on lives on one I/O thread of the process: it waits for a
 * permit, is signed, sent over a kept connection, and its answer is read. Nothing here repeats a request.
 *
 * <p>What an answer may take is bounded here for every call: its head, trailers and chunk extensions, the number of
 * informational answers before it, its body, and the time until it is whole. {@code Answer} says whose answer it is.
 */
@NullMarked
package io.slsdispatch.connector.client.exchange;

import org.jspecify.annotations.NullMarked;
