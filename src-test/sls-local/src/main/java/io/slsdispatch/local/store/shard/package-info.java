/** The shards of a logstore: hash keys, key ranges, splits and merges. Depends on {@code wire} for refusals. */
@NullMarked
package io.slsdispatch.local.store.shard;

import org.jspecify.annotations.NullMarked;
