package io.slsdispatch.local.ledger;

import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Every group that was written to one logstore, also those that were trimmed since. */
public interface LogstoreLedger {

    /** The logstore's name for people, as in {@code project/logstore}. */
    String name();

    /**
     * The entries as of now: shards one after the other, groups of a shard in their order.
     *
     * @throws IOException when the ledger of another process cannot be read
     */
    Iterator<LedgerEntry> entries() throws IOException;

    /**
     * The groups that the logstore has refused as too large, also parts of others, and the parts, in order, in which each
     * is forwarded to it then.
     *
     * @throws IOException when the ledger of another process cannot be read
     */
    default Map<GroupDigest, List<GroupDigest>> partsOfRefused() throws IOException {
        return Map.of();
    }
}
