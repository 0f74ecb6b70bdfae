package io.slsdispatch.connector.put;

import io.slsdispatch.connector.model.RawLogGroup;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apache.flink.annotation.Internal;

/**
 * What is kept in order: what one source shard brings of one bucket of topics. The same for a group whenever and wherever it
 * is computed, since it depends on nothing but shard and topic.
 */
@Internal
public record OrderingKey(int shard, int topicBucket) {

    /** Enough that topics seldom wait for each other, few enough that small groups still meet in one request. */
    private static final int TOPIC_BUCKET_BITS = 7;

    static final int TOPIC_BUCKETS = 1 << TOPIC_BUCKET_BITS;

    public static OrderingKey of(RawLogGroup group) {
        // Spreads topics that differ only in their last characters; the hash of a string is fixed by its documentation.
        int hash = group.topic().hashCode() * 0x9E3779B9;
        return new OrderingKey(group.shard(), hash >>> (Integer.SIZE - TOPIC_BUCKET_BITS));
    }

    /**
     * Where the key's groups go on the ring of hash keys: always to the same place, so that they stay in order within
     * the target's shards, and different keys to places far apart.
     */
    String hashKey() {
        try {
            byte[] name = (shard + "/" + topicBucket).getBytes(StandardCharsets.US_ASCII);
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(name));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has MD5", e);
        }
    }
}
