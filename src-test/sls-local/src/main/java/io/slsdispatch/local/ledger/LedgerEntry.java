package io.slsdispatch.local.ledger;

import java.util.List;

/**
 * A ledger entry: one group as it was written.
 *
 * @param shard the shard that it was written to
 * @param position its position in the shard: the number that its cursor encodes; increases by one from group to group
 * @param receivedMillis unix milliseconds of its receipt, never decreases inside a shard
 * @param rawBytes size of the serialized group
 * @param digest of its bytes
 * @param topic its topic, empty when it has none; bytes that are not UTF-8 are represented as lone surrogates (PEP 383)
 * @param parts digests of the parts, in order, into which it is split for logstores that do not accept it as it is;
 *     empty for a group that every logstore accepts, and for one that cannot be split
 */
public record LedgerEntry(
        int shard,
        long position,
        long receivedMillis,
        int rawBytes,
        GroupDigest digest,
        String topic,
        List<GroupDigest> parts) {

    public LedgerEntry {
        parts = List.copyOf(parts);
    }

    /** A group that is forwarded whole. */
    public LedgerEntry(int shard, long position, long receivedMillis, int rawBytes, GroupDigest digest, String topic) {
        this(shard, position, receivedMillis, rawBytes, digest, topic, List.of());
    }
}
