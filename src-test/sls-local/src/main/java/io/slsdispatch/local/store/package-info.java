/**
 * The store of SLS Local: projects, logstores, shards with their groups, consumer groups and sequence ids, in memory or
 * durable in a file.
 *
 * <p>{@link io.slsdispatch.local.store.write.Writes} applies all changes one after another. Readers take no lock: they
 * see immutable snapshots. A snapshot is published only when its change is as durable as the store promises, so that
 * readers never see data that a crash could undo. Depends on {@code wire} for refusals and on {@code ledger} for the
 * record of each group.
 */
@NullMarked
package io.slsdispatch.local.store;

import org.jspecify.annotations.NullMarked;
