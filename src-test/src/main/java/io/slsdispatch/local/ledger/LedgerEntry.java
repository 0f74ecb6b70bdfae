package io.slsdispatch.local.ledger;

/**
 * One group as it was written.
 *
 * @param shard the shard that it was written to
 * @param position its place in the shard: the number that its cursor encodes; grows by one from group to group
 * @param receivedMillis unix milliseconds of its receipt, never going back inside a shard
 * @param rawBytes size of the serialized group
 * @param digest of its bytes
 * @param topic its topic, empty when it has none; bytes that are not UTF-8 stand as lone surrogates (PEP 383)
 */
public record LedgerEntry(
        int shard, long position, long receivedMillis, int rawBytes, GroupDigest digest, String topic) {}
