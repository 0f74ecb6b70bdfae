package io.slsdispatch.connector.put;

import io.slsdispatch.connector.model.RawLogGroup;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apache.flink.annotation.Internal;

/**
 * The key within which groups stay in order: one source shard and one bucket of topics. It depends on nothing but shard
 * and topic, so it is always the same for a group.
 */
@Internal
public record OrderingKey(int shard, int topicBucket) {

    /** Enough buckets that topics rarely wait for each other, few enough that small groups still share requests. */
    private static final int TOPIC_BUCKET_BITS = 7;

    static final int TOPIC_BUCKETS = 1 << TOPIC_BUCKET_BITS;

    public static OrderingKey of(RawLogGroup group) {
        // Separates topics that differ only in their last characters. The hash of a string is fixed by its
        // documentation.
        int hash = group.topic().hashCode() * 0x9E3779B9;
        return new OrderingKey(group.shard(), hash >>> (Integer.SIZE - TOPIC_BUCKET_BITS));
    }

    /**
     * The position of the key's groups on the ring of hash keys. It is always the same, so that they stay in order
     * within the target's shards. Different keys get distant positions.
     */
    String hashKey() {
        try {
            byte[] name = (shard + "/" + topicBucket).getBytes(StandardCharsets.US_ASCII);
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(name));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has MD5", e);
        }
    }
}
