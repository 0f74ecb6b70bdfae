package io.slsdispatch.connector.model;

import java.io.Serializable;
import org.apache.flink.annotation.PublicEvolving;

/**
 * The settings of a logstore that is created, or that exists. The ranges for creation are those of the service's pages
 * "CreateLogStore" and "ALIYUN::SLS::Logstore", see {@link #requireCreatable}; splits may lead to more shards.
 *
 * @param shards the number of shards, 1 to 100
 * @param ttlDays how many days groups are kept, 1 to 3650; 3650 keeps them until the logstore is deleted
 * @param autoSplit whether the service splits shards that get too much data
 * @param maxSplitShards up to how many shards it splits, at least {@code shards} and at most 256; ignored without
 *     {@code autoSplit}
 */
@PublicEvolving
public record LogstoreSettings(int shards, int ttlDays, boolean autoSplit, int maxSplitShards) implements Serializable {

    public static final int MAX_SHARDS = 100;
    public static final int MAX_TTL_DAYS = 3650;
    public static final int MAX_SPLIT_SHARDS = 256;

    /** @throws IllegalArgumentException when the service accepts no logstore with these settings */
    public void requireCreatable() {
        within("shards", shards, 1, MAX_SHARDS);
        within("ttl in days", ttlDays, 1, MAX_TTL_DAYS);
        if (autoSplit) {
            within("max split shards", maxSplitShards, shards, MAX_SPLIT_SHARDS);
        }
    }

    private static void within(String what, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(what + " " + value + " is not between " + least + " and " + most);
        }
    }
}
