package io.slsdispatch.local.store.shard;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The shard tables that a logstore has published since this process opened it. Safe for use by several threads. */
public final class ShardHistory {

    private final List<Shown> shown = new CopyOnWriteArrayList<>();

    private record Shown(long nanoTime, ShardTable table) {}

    public void add(ShardTable table) {
        shown.add(new Shown(System.nanoTime(), table));
    }

    /** The table that was published at a moment; the first one for earlier moments. */
    public ShardTable at(long nanoTime) {
        ShardTable then = shown.get(0).table();
        for (Shown one : shown) {
            if (one.nanoTime() - nanoTime <= 0) {
                then = one.table();
            }
        }
        return then;
    }
}
