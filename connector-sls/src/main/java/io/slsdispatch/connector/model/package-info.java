/**
 * The value classes that the whole connector uses: logstores, shards, key ranges, log groups, pulled batches and
 * positions. They are immutable and independent of the vendor SDK; this package depends on no other package.
 */
@NullMarked
package io.slsdispatch.connector.model;

import org.jspecify.annotations.NullMarked;
