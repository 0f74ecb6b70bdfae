package io.slsdispatch.e2e.dispatch;

import io.slsdispatch.connector.client.PutRequest;
import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.local.ledger.GroupDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes groups to the source over HTTP, one after the other, on a thread of its own until it is told to stop. Each hash
 * key has a topic of its own, {@code key-0} and so on, so that its order can be followed into the targets.
 */
final class Feeder implements AutoCloseable {

    private static final int KEYS = 16;
    private static final int PATIENCE_SECONDS = 120;

    private final SlsClient client;
    private final CompletableFuture<Void> end;
    private final Map<GroupDigest, Long> numbers = new ConcurrentHashMap<>();
    private final AtomicLong written = new AtomicLong();
    private volatile boolean stopped;

    private Feeder(Rig rig) {
        this.client = rig.client();
        this.end = CompletableFuture.runAsync(this::feed);
    }

    static Feeder start(Rig rig) {
        return new Feeder(rig);
    }

    private void feed() {
        while (!stopped) {
            write((int) (written.get() % KEYS));
        }
    }

    private void write(int key) {
        long number = written.get();
        String topic = "key-" + key;
        byte[] group = TestGroups.group(topic, "number " + number);
        numbers.put(GroupDigest.of(group), number);
        RawLogGroup raw = RawLogGroup.of(topic, group);
        client.put(new PutRequest(Rig.SOURCE, List.of(raw), hashKey(key)))
                .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .join();
        written.incrementAndGet();
    }

    /** The keys are spread evenly over the ring. */
    private static String hashKey(int key) {
        return String.format(Locale.ROOT, "%x8%030x", key, 0);
    }

    /** How many groups it has written so far. */
    long written() {
        return written.get();
    }

    /** The groups that came behind a later one of the same hash key, in words. */
    List<String> outOfOrder(List<GroupDigest> arrivals) {
        Map<Long, Long> furthest = new HashMap<>();
        List<String> late = new ArrayList<>();
        for (GroupDigest arrival : arrivals) {
            long number = numbers.getOrDefault(arrival, -1L);
            long before = furthest.merge(number % KEYS, number, Math::max);
            if (before > number) {
                late.add("number " + number + " after " + before);
            }
        }
        return late;
    }

    /** Stops writing. */
    void finish() {
        stopped = true;
        end.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    }

    @Override
    public void close() {
        stopped = true;
        client.close();
    }
}
