/**
 * The HTTP server, built on Netty: connections, requests, and replies, including deliberately broken ones. Depends on
 * {@code wire} for refusals.
 */
@NullMarked
package io.slsdispatch.local.http;

import org.jspecify.annotations.NullMarked;
