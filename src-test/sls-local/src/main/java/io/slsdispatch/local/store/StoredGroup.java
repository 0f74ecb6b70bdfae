package io.slsdispatch.local.store;

import io.slsdispatch.local.ledger.GroupDigest;
import io.slsdispatch.local.wire.GroupParts;
import java.util.List;

/**
 * A group to be written to a shard.
 *
 * @param bytes the serialized group, never modified
 * @param topic its topic as text
 * @param digest of the bytes
 * @param parts digests of the parts into which {@link GroupParts} splits it; empty for nearly all groups
 */
public record StoredGroup(byte[] bytes, String topic, GroupDigest digest, List<GroupDigest> parts) {

    public StoredGroup {
        parts = List.copyOf(parts);
    }

    /** @throws io.slsdispatch.local.wire.Refusal PostBodyInvalid when the bytes are not a message */
    public static StoredGroup of(byte[] bytes, String topic) {
        List<GroupDigest> parts =
                GroupParts.of(bytes).stream().map(GroupDigest::of).toList();
        return new StoredGroup(bytes, topic, GroupDigest.of(bytes), parts);
    }
}
