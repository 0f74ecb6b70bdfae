package io.slsdispatch.local.ledger;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** The ledger of a logstore: every group that was written to it, including groups that were trimmed since. */
public interface LogstoreLedger {

    /** The display name of the logstore, as in {@code project/logstore}. */
    String name();

    /**
     * The current entries: shards one after another, with the groups of a shard in order.
     *
     * @throws IOException when the ledger of another process cannot be read
     */
    Iterator<LedgerEntry> entries() throws IOException;

    /**
     * The current {@link #entries} as a list, for logstores that are small enough.
     *
     * @throws IOException when the ledger of another process cannot be read
     */
    default List<LedgerEntry> toList() throws IOException {
        List<LedgerEntry> all = new ArrayList<>();
        entries().forEachRemaining(all::add);
        return all;
    }

    /**
     * The groups that the logstore has refused as too large, which may be parts of other groups, and the parts, in
     * order, into which each is then split.
     *
     * @throws IOException when the ledger of another process cannot be read
     */
    default Map<GroupDigest, List<GroupDigest>> partsOfRefused() throws IOException {
        return Map.of();
    }
}
