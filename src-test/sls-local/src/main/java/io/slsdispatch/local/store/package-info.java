/**
 * What the service remembers: projects, logstores, shards with their groups, consumer groups, sequence ids; in memory or
 * durable in a file.
 *
 * <p>All changes are made one after the other by {@link io.slsdispatch.local.store.write.Writes}. Readers take no lock: they see
 * immutable snapshots, published only when a change is as durable as the store promises, so that nobody reads what a crash
 * could take back. Depends on {@code wire} for refusals and on {@code ledger} for what is recorded of each group.
 */
@NullMarked
package io.slsdispatch.local.store;

import org.jspecify.annotations.NullMarked;
