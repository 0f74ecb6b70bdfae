/**
 * What goes over the wire: HTTP, signatures, compression, protobuf framing, cursors as text, error bodies. Knows nothing
 * of stores; every other package of SLS Local may use it.
 */
@NullMarked
package io.slsdispatch.local.wire;

import org.jspecify.annotations.NullMarked;
