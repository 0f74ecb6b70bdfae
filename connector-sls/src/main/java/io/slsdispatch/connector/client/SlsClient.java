package io.slsdispatch.connector.client;

import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.LogstoreSettings;
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
 * A client of the service, with the calls that the connector needs. Safe for use from many threads.
 *
 * <p><b>No call retries by itself</b>: each method makes one request, so that the caller knows what may have taken
 * effect, and decides on retries. The only exception is a request that the service refused for its time, which had no
 * effect: it is signed with the service's time and sent once more. A put is not; it fails as {@link
 * ErrorKind#UNAVAILABLE}, and the caller's retry is signed with the service's time.
 *
 * <p><b>Every call ends.</b> The configured request time-out bounds each call from its start, including the wait for a
 * free connection. A call that the service does not answer ends as {@link ErrorKind#UNAVAILABLE}. Closing the client
 * ends all calls in flight in the same way, at once.
 *
 * <p>Most calls block, return a value and throw {@link SlsException}. The calls that carry data return a future, which
 * completes on a thread of the client: actions chained to it must be short and must not block. Such a future fails with
 * the {@link SlsException} itself, not wrapped. Cancelling it releases its resources as soon as possible.
 */
@Internal
public interface SlsClient extends AutoCloseable {

    /** The most names that the service returns in one answer (page "ListLogStores"). */
    int MAX_LOGSTORES_OF_A_PAGE = 500;

    /**
     * A part of the names of a project's logstores.
     *
     * @param total the number of logstores in the project
     * @param names in this part
     */
    record LogstorePage(int total, List<String> names) {}

    /** All shards of a logstore, including read-only ones, in no defined order. */
    List<Shard> listShards(LogstoreId logstore) throws SlsException;

    /**
     * The current time of the service's clock: the time in its newest answer to {@link #listShards} ({@link
     * AnswerTime}) plus the time elapsed since then. Never ahead of the service's clock; behind it by less than a second plus the transmission time of the
     * answer. Empty before the first such answer, and when answers do not contain the time. Does not block.
     */
    default Optional<Instant> serviceTime() {
        return Optional.empty();
    }

    /**
     * By how much requests are signed ahead of the local clock, because the service has refused a request for its time;
     * zero while the local clock is used. At most two days, negative when the local clock is ahead. The local clock plus
     * this is within 15 min of the service's when a request was accepted. Does not block.
     */
    default Duration clockOffset() {
        return Duration.ZERO;
    }

    /** The cursor of a place in a shard. Cursors are opaque: compare them for equality only. */
    String cursor(LogstoreId logstore, int shard, CursorOrigin origin) throws SlsException;

    /** When the service received the group that a cursor points to; the current time for the end of the shard. */
    Instant cursorTime(LogstoreId logstore, int shard, String cursor) throws SlsException;

    /** Reads log groups and decompresses them. */
    CompletableFuture<PulledBatch> pull(PullRequest request);

    /** Reads log groups, which the caller decompresses. */
    CompletableFuture<PackedBatch> pullPacked(PullRequest request);

    /**
     * Writes log groups. The calling thread compresses them. When the future completes normally, the service has
     * acknowledged all groups. When it fails as {@link ErrorKind#UNAVAILABLE}, the groups may or may not have been
     * written.
     */
    CompletableFuture<Void> put(PutRequest request);

    /**
     * The retention time of a logstore; zero when data is kept forever.
     *
     * @throws SlsException also when the credentials may read the data but not the settings
     */
    Duration retention(LogstoreId logstore) throws SlsException;

    /**
     * When the credentials that signed the last request expire. Empty when they do not expire, when the expiration is
     * unknown, and before the first request. Does not block.
     */
    Optional<Instant> credentialsExpiration();

    /**
     * The number of failed attempts to get credentials from a file, an address, the metadata service or STS, since the
     * first client was created. Does not block.
     */
    default long credentialsFailures() {
        return 0;
    }

    /**
     * Where the current credentials come from, for which role they are and until when they are valid; no secrets. Gets
     * credentials if there are none yet. Makes no request to the service.
     *
     * @throws SlsException of kind {@link ErrorKind#UNAUTHORIZED} when there are no credentials
     */
    default String credentialsInUse() throws SlsException {
        return "unknown";
    }

    /**
     * Creates the consumer group if it does not exist; leaves an existing one unchanged.
     *
     * @throws SlsException of kind {@link ErrorKind#QUOTA_EXCEEDED} when the logstore has its maximum number of groups
     */
    void createConsumerGroup(LogstoreId logstore, String consumerGroup) throws SlsException;

    /** The names of all consumer groups of a logstore, in no defined order. */
    List<String> consumerGroups(LogstoreId logstore) throws SlsException;

    /**
     * The cursors stored in a consumer group, by shard id. Shards without one are absent.
     *
     * @throws SlsException of kind {@link ErrorKind#NOT_FOUND} when there is no such group
     */
    Map<Integer, String> consumerGroupCursors(LogstoreId logstore, String consumerGroup) throws SlsException;

    /** Stores a shard's cursor in a consumer group, regardless of which consumer holds the shard there. */
    void commitCursor(LogstoreId logstore, String consumerGroup, int shard, String cursor) throws SlsException;

    /** Checks that a logstore exists and that the credentials may see it. */
    void checkLogstore(LogstoreId logstore) throws SlsException;

    /**
     * A part of the names of a project's logstores, in the order of the service.
     *
     * @param offset how many logstores to skip
     * @param size up to how many names to return, at most {@link #MAX_LOGSTORES_OF_A_PAGE}
     */
    LogstorePage listLogstores(String project, int offset, int size) throws SlsException;

    /**
     * The settings of a logstore.
     *
     * @throws SlsException of kind {@link ErrorKind#NOT_FOUND} when there is no such logstore, or no such project
     */
    LogstoreSettings logstoreSettings(LogstoreId logstore) throws SlsException;

    /**
     * Creates a logstore in an existing project. It may take up to a minute until the new logstore accepts puts.
     *
     * @throws SlsException of kind {@link ErrorKind#ALREADY_EXISTS} when it exists, with whatever settings; of kind
     *     {@link ErrorKind#QUOTA_EXCEEDED} when the project has its maximum number of logstores; of kind
     *     {@link ErrorKind#UNAVAILABLE} when it may or may not have been created
     */
    void createLogstore(LogstoreId logstore, LogstoreSettings settings) throws SlsException;

    /**
     * Deletes a logstore with all of its data.
     *
     * @throws SlsException of kind {@link ErrorKind#NOT_FOUND} when there is no such logstore
     */
    void deleteLogstore(LogstoreId logstore) throws SlsException;

    /** Ends all calls in flight and releases all resources. Does not throw; a second call does nothing. */
    @Override
    void close();
}
