package io.slsdispatch.local.store;

import io.slsdispatch.local.ledger.GroupDigest;

/**
 * A group on its way into a shard.
 *
 * @param bytes the serialized group, never written to again
 * @param topic its topic as text
 * @param digest of the bytes
 */
public record StoredGroup(byte[] bytes, String topic, GroupDigest digest) {}
