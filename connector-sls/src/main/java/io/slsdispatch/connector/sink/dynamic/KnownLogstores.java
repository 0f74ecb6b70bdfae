package io.slsdispatch.connector.sink.dynamic;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The allowed logstores of the newest listing, and those that this writer has created since. Task thread only. */
final class KnownLogstores {

    /**
     * A listing.
     *
     * @param number orders listings and what waits for one; 0 for none
     * @param nanos when it began, as {@link System#nanoTime}
     * @param time when it began, by the clock of the service
     */
    record Start(long number, long nanos, Instant time) {}

    /** How long a logstore that this writer has created, or has perhaps created, counts although it is not listed. */
    private static final Duration UNLISTED = Duration.ofMinutes(1);

    private final Map<String, Long> unlisted = new HashMap<>();
    private Set<String> listed = Set.of();
    private Start start = new Start(0, 0, Instant.EPOCH);

    /** The newest listing. */
    Start listing() {
        return start;
    }

    void listed(Start began, Set<String> names) {
        start = began;
        listed = names;
        unlisted.keySet().removeAll(names);
    }

    /** The names of the newest listing. */
    Set<String> names() {
        return listed;
    }

    boolean isListed(String name) {
        return listed.contains(name);
    }

    /** The number of logstores that exist, or perhaps exist. */
    int count(long now) {
        unlisted.values().removeIf(since -> now - since >= UNLISTED.toNanos());
        return listed.size() + unlisted.size();
    }

    /** A creation begins. */
    void creates(String name, long now) {
        unlisted.put(name, now);
    }

    /** A creation had no effect. */
    void notCreated(String name) {
        unlisted.remove(name);
    }

    /** Whether a creation has begun that may have had an effect. */
    boolean isPerhapsCreated(String name) {
        return unlisted.containsKey(name);
    }
}
