/**
 * Values that the whole connector speaks in: logstores, shards, key ranges, log groups, pulled batches and positions.
 * Immutable, free of the vendor SDK; a leaf that depends on no other package.
 */
@NullMarked
package io.slsdispatch.connector.model;

import org.jspecify.annotations.NullMarked;
