package io.slsdispatch.connector.client;

import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.PulledBatch;
import io.slsdispatch.connector.model.Shard;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.annotation.Internal;

/**
 * The service as the connector sees it. Safe for use from many threads.
 *
 * <p><b>No call repeats a request by itself</b>: each method makes one request, so that whoever calls knows what may
 * have taken effect, and decides on retries.
 *
 * <p><b>Every call ends.</b> The configured request time-out bounds each from the moment it is made, waiting for a free
 * connection included; a call that the service does not answer ends as {@link ErrorKind#UNAVAILABLE}. Closing the client
 * ends all calls under way in the same manner, at once.
 *
 * <p>The calls that return a value block and throw {@link SlsException}. The two that carry data return a future, which
 * completes on a thread of the client: what is chained to it must be short and must not block. Such a future fails with
 * a {@link SlsException} as the exception itself, not wrapped; cancelling it releases what it holds as soon as possible.
 */
@Internal
public interface SlsClient extends AutoCloseable {

    /** All shards of a logstore, those that can only be read included, in no certain order. */
    List<Shard> listShards(LogstoreId logstore) throws SlsException;

    /**
     * What the service's clock shows now: by its newest answer to {@link #listShards} (header {@code Date}, which the help
     * page "Common response headers" documents, or {@code x-log-time}) and the time that has passed since. Never ahead of
     * the service's clock; behind it by less than a second and the answer's way. Empty before the first such answer, and
     * when answers do not say the time. Does not block.
     */
    default Optional<Instant> serviceTime() {
        return Optional.empty();
    }

    /** The cursor for a place in a shard. Cursors are opaque: compare them for equality only. */
    String cursor(LogstoreId logstore, int shard, CursorOrigin origin) throws SlsException;

    /** When the service received the group that a cursor points to; "now" for the end of the shard. */
    Instant cursorTime(LogstoreId logstore, int shard, String cursor) throws SlsException;

    /** Reads log groups, for whoever waits for them. */
    CompletableFuture<PulledBatch> pull(PullRequest request);

    /** Reads log groups, and leaves it to the reader to restore them. */
    CompletableFuture<PackedBatch> pullPacked(PullRequest request);

    /**
     * Writes log groups. The thread that asks compresses them. When the future completes normally, the service has
     * acknowledged all of them; when it fails as {@link ErrorKind#UNAVAILABLE}, they may have been written or not.
     */
    CompletableFuture<Void> put(PutRequest request);

    /**
     * For how long a logstore keeps what it receives; zero when for ever.
     *
     * @throws SlsException also when the credentials may read the data but not the settings
     */
    Duration retention(LogstoreId logstore) throws SlsException;

    /**
     * When the credentials that signed the last request stop to work; empty when they last, when that is not known, and
     * before the first request. Does not block.
     */
    Optional<Instant> credentialsExpiration();

    /** How often a file or an address that was asked gave no credentials, since the first client. Does not block. */
    default long credentialsFailures() {
        return 0;
    }

    /**
     * Makes the consumer group where it is missing; leaves one that exists as it is.
     *
     * @throws SlsException of kind {@link ErrorKind#QUOTA_EXCEEDED} when the logstore has as many as it may have
     */
    void createConsumerGroup(LogstoreId logstore, String consumerGroup) throws SlsException;

    /** The names of all consumer groups of a logstore, in no certain order. */
    List<String> consumerGroups(LogstoreId logstore) throws SlsException;

    /**
     * The cursors stored in a consumer group, by shard id. Shards without one are absent.
     *
     * @throws SlsException of kind {@link ErrorKind#NOT_FOUND} when there is no such group
     */
    Map<Integer, String> consumerGroupCursors(LogstoreId logstore, String consumerGroup) throws SlsException;

    /** Stores a shard's cursor in a consumer group, whoever holds the shard there. */
    void commitCursor(LogstoreId logstore, String consumerGroup, int shard, String cursor) throws SlsException;

    /** Checks that a logstore exists and that the credentials may see it. */
    void checkLogstore(LogstoreId logstore) throws SlsException;

    /** Ends all calls under way and frees what is held. Does not throw; a second call does nothing. */
    @Override
    void close();
}
