package io.slsdispatch.local.store;

import java.time.InstantSource;

/** What all parts of one store share. */
record StoreContext(
        StoreSettings settings, Maps maps, Writes writes, Positions positions, Room room, LateWrites lateWrites) {

    InstantSource clock() {
        return settings.clock();
    }
}
