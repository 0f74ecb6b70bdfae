/** The HTTP server, on Netty: connections, requests, replies, also broken ones. Depends on {@code wire} for refusals. */
@NullMarked
package io.slsdispatch.local.http;

import org.jspecify.annotations.NullMarked;
