/**
 * The two calls that carry data, over a lean, non-blocking HTTP client: {@link
 * io.slsdispatch.connector.client.http.DataCalls} is the entry. A call is prepared where it is made ({@code
 * ApiRequest}: a put is compressed there), and from then on lives on one I/O thread of the process: it takes its turn,
 * is signed, sent over a kept connection, and its answer is read. Nothing here repeats a request.
 */
@NullMarked
package io.slsdispatch.connector.client.http;

import org.jspecify.annotations.NullMarked;
