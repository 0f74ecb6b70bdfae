/**
 * The LZ4 block format, in which log groups come from the service and go to it: compress, restore, and cut blocks into
 * blocks of slices without doing either.
 */
@NullMarked
package io.slsdispatch.connector.lz4;

import org.jspecify.annotations.NullMarked;
