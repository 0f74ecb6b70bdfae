package io.slsdispatch.job.rules;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Cache of a value for each recently seen topic. Bounded in entries and characters: when the young generation is full
 * it becomes the old one, and the former old one is discarded; a topic that is looked up again moves to the young one.
 * So a topic in use stays, and any number of topics that are seen once uses no additional memory and no search for an
 * entry to evict.
 *
 * <p>Not thread-safe.
 */
public final class TopicCache<V> {

    private final int maxTopics;
    private final int maxTopicLength;
    private Map<String, V> young = new HashMap<>();
    private Map<String, V> old = new HashMap<>();

    /**
     * @param maxTopics maximum number of topics in each of the two generations
     * @param maxTopicLength topics with more characters are not cached
     */
    public TopicCache(int maxTopics, int maxTopicLength) {
        this.maxTopics = maxTopics;
        this.maxTopicLength = maxTopicLength;
    }

    /** The value of a topic; null when it is not cached. */
    public @Nullable V get(String topic) {
        V value = young.get(topic);
        if (value == null) {
            value = old.get(topic);
            if (value != null) {
                put(topic, value);
            }
        }
        return value;
    }

    /** Caches the value of a topic. */
    public void put(String topic, V value) {
        if (topic.length() > maxTopicLength) {
            return;
        }
        if (young.size() >= maxTopics) {
            Map<String, V> forgotten = old;
            old = young;
            forgotten.clear();
            young = forgotten;
        }
        young.put(topic, value);
    }

    /** The number of cached topics; those in both generations count twice. */
    int size() {
        return young.size() + old.size();
    }
}
