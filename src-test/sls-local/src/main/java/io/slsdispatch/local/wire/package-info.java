/**
 * The formats of the service: operations, error codes, compression, protobuf framing, cursors as text. Depends on
 * nothing. Every other package of SLS Local may use it.
 */
@NullMarked
package io.slsdispatch.local.wire;

import org.jspecify.annotations.NullMarked;
