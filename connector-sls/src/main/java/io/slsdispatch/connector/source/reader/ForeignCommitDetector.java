package io.slsdispatch.connector.source.reader;

import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.metrics.ReaderMetrics;
import io.slsdispatch.connector.model.Cursor;
import io.slsdispatch.connector.model.LogstoreId;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Detects that another consumer commits to the job's consumer group: another job, or consumers of the service's
 * libraries. Delivery does not depend on the group, but its lag is then wrong for both, and a consumer that starts from
 * the group may skip or repeat groups. A group has no owner that could be queried, so this class regularly checks
 * whether the group still contains the last commits of the job. One thread.
 */
final class ForeignCommitDetector {

    private static final Logger LOG = LoggerFactory.getLogger(ForeignCommitDetector.class);

    /** Infrequent, because each check costs a request. */
    private static final Duration BETWEEN_LOOKS = Duration.ofMinutes(1);

    private final SlsClient client;
    private final LogstoreId logstore;
    private final String consumerGroup;
    private final ReaderMetrics metrics;
    private final LongSupplier nanoTime;

    /**
     * Cursors of this job that the group may contain, by shard: the last acknowledged one and later unacknowledged
     * ones.
     */
    private final Map<Integer, Set<Cursor>> ours = new HashMap<>();

    private long lastLook;
    private boolean seen;

    /**
     * @param nanoTime as {@link System#nanoTime()}
     */
    ForeignCommitDetector(
            SlsClient client, LogstoreId logstore, String consumerGroup, ReaderMetrics metrics, LongSupplier nanoTime) {
        this.client = client;
        this.logstore = logstore;
        this.consumerGroup = consumerGroup;
        this.metrics = metrics;
        this.nanoTime = nanoTime;
        this.lastLook = nanoTime.getAsLong();
    }

    /** Records that a cursor is about to be committed. */
    void committing(int shard, Cursor cursor) {
        ours.computeIfAbsent(shard, id -> new HashSet<>()).add(cursor);
    }

    /** Records that the group acknowledged a cursor. */
    void committed(int shard, Cursor cursor) {
        ours.put(shard, new HashSet<>(Set.of(cursor)));
    }

    /** Removes shards that this reader no longer has. */
    void retain(Set<Integer> shards) {
        ours.keySet().retainAll(shards);
    }

    /**
     * Checks whether the group still contains the last commits, if a check is due. Blocks.
     *
     * @return whether the group is gone or lacks a shard, so that all cursors must be committed again
     */
    boolean groupLacksCommits() {
        if (ours.isEmpty() || nanoTime.getAsLong() - lastLook < BETWEEN_LOOKS.toNanos()) {
            return false;
        }
        lastLook = nanoTime.getAsLong();
        try {
            Map<Integer, String> stored = client.consumerGroupCursors(logstore, consumerGroup);
            List<Integer> foreign = ours.entrySet().stream()
                    .filter(entry -> stored.containsKey(entry.getKey())
                            && !entry.getValue().contains(Cursor.of(stored.get(entry.getKey()))))
                    .map(Map.Entry::getKey)
                    .sorted()
                    .toList();
            metrics.foreignCommits(foreign.size());
            if (!foreign.isEmpty() && !seen) {
                LOG.warn(
                        "Another consumer commits to consumer group '{}' of {}: the group does not contain the cursors"
                                + " that this job committed for shards {}. No data is lost, but the group's lag is"
                                + " wrong, and a job or consumer that starts from the group may skip log groups. Use a"
                                + " separate consumer group for each job and each set of consumers",
                        consumerGroup,
                        logstore,
                        foreign);
            }
            seen = !foreign.isEmpty();
            return !stored.keySet().containsAll(ours.keySet());
        } catch (SlsException e) {
            LOG.debug("Consumer group '{}' of {} cannot be read", consumerGroup, logstore, e);
            return e.kind() == ErrorKind.NOT_FOUND;
        }
    }
}
