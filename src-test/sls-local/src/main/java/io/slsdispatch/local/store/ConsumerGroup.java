package io.slsdispatch.local.store;

import java.util.Map;

/**
 * A consumer group's settings.
 *
 * @param name unique in its logstore
 * @param timeoutSeconds how long a consumer stays alive without a heartbeat, in seconds
 * @param order whether the children of a split or merge are assigned only after their parents are consumed
 */
public record ConsumerGroup(String name, int timeoutSeconds, boolean order) {

    long timeoutMillis() {
        return timeoutSeconds * 1000L;
    }

    /** An element of the answer to ListConsumerGroup. */
    public Map<String, Object> toJson() {
        return Map.of("name", name, "timeout", timeoutSeconds, "order", order);
    }
}
