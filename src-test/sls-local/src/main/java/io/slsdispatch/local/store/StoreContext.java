package io.slsdispatch.local.store;

import io.slsdispatch.local.store.write.LateWrites;
import io.slsdispatch.local.store.write.Writes;
import java.time.InstantSource;

/** The objects that all parts of one store share. */
record StoreContext(
        StoreSettings settings,
        Maps maps,
        Writes writes,
        Positions positions,
        ByteBudget budget,
        LateWrites lateWrites) {

    InstantSource clock() {
        return settings.clock();
    }
}
