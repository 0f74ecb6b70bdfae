package io.slsdispatch.local.ledger;

import java.util.List;

/**
 * One group as it was written.
 *
 * @param shard the shard that it was written to
 * @param position its place in the shard: the number that its cursor encodes; grows by one from group to group
 * @param receivedMillis unix milliseconds of its receipt, never going back inside a shard
 * @param rawBytes size of the serialized group
 * @param digest of its bytes
 * @param topic its topic, empty when it has none; bytes that are not UTF-8 stand as lone surrogates (PEP 383)
 * @param parts digests of the parts, in order, in which it is forwarded to logstores that do not take it as it is; empty
 *     for a group that every logstore takes, and for one that cannot be split
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
