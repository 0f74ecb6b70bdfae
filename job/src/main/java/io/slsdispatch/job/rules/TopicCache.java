package io.slsdispatch.job.rules;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Remembers something for the topics seen last. Bounded in entries and characters: when the young generation is full it
 * becomes the old one, and the old one is forgotten; a topic that is asked for again moves to the young. So a topic in
 * use stays, and any number of topics that are seen once costs no memory and no search for what to evict.
 *
 * <p>One thread at a time.
 */
final class TopicCache<V> {

    private final int maxTopics;
    private final int maxTopicLength;
    private Map<String, V> young = new HashMap<>();
    private Map<String, V> old = new HashMap<>();

    /**
     * @param maxTopics how many topics each of the two generations holds
     * @param maxTopicLength topics with more characters are not remembered
     */
    TopicCache(int maxTopics, int maxTopicLength) {
        this.maxTopics = maxTopics;
        this.maxTopicLength = maxTopicLength;
    }

    @Nullable
    V get(String topic) {
        V value = young.get(topic);
        if (value == null) {
            value = old.get(topic);
            if (value != null) {
                put(topic, value);
            }
        }
        return value;
    }

    void put(String topic, V value) {
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

    /** How many topics are remembered; those in both generations count twice. */
    int size() {
        return young.size() + old.size();
    }
}
