package io.slsdispatch.testing;

import io.slsdispatch.connector.client.CursorOrigin;
import io.slsdispatch.connector.client.PackedBatch;
import io.slsdispatch.connector.client.PullRequest;
import io.slsdispatch.connector.client.PutRequest;
import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.client.SlsException;
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

/** A client that supports no call: fakes override those that their test expects. */
public abstract class UnsupportedSlsClient implements SlsClient {

    private static UnsupportedOperationException unsupported(String call) {
        return new UnsupportedOperationException("not expected by this test: " + call);
    }

    @Override
    public List<Shard> listShards(LogstoreId logstore) throws SlsException {
        throw unsupported("listShards");
    }

    @Override
    public String cursor(LogstoreId logstore, int shard, CursorOrigin origin) throws SlsException {
        throw unsupported("cursor");
    }

    @Override
    public Instant cursorTime(LogstoreId logstore, int shard, String cursor) throws SlsException {
        throw unsupported("cursorTime");
    }

    @Override
    public CompletableFuture<PulledBatch> pull(PullRequest request) {
        throw unsupported("pull");
    }

    @Override
    public CompletableFuture<PackedBatch> pullPacked(PullRequest request) {
        throw unsupported("pullPacked");
    }

    @Override
    public CompletableFuture<Void> put(PutRequest request) {
        throw unsupported("put");
    }

    @Override
    public Duration retention(LogstoreId logstore) throws SlsException {
        throw unsupported("retention");
    }

    @Override
    public Optional<Instant> credentialsExpiration() {
        return Optional.empty();
    }

    @Override
    public void createConsumerGroup(LogstoreId logstore, String consumerGroup) throws SlsException {
        throw unsupported("createConsumerGroup");
    }

    @Override
    public List<String> consumerGroups(LogstoreId logstore) throws SlsException {
        throw unsupported("consumerGroups");
    }

    @Override
    public Map<Integer, String> consumerGroupCursors(LogstoreId logstore, String consumerGroup) throws SlsException {
        throw unsupported("consumerGroupCursors");
    }

    @Override
    public void commitCursor(LogstoreId logstore, String consumerGroup, int shard, String cursor) throws SlsException {
        throw unsupported("commitCursor");
    }

    @Override
    public void checkLogstore(LogstoreId logstore) throws SlsException {
        throw unsupported("checkLogstore");
    }

    @Override
    public LogstorePage listLogstores(String project, int offset, int size) throws SlsException {
        throw unsupported("listLogstores");
    }

    @Override
    public LogstoreSettings logstoreSettings(LogstoreId logstore) throws SlsException {
        throw unsupported("logstoreSettings");
    }

    @Override
    public void createLogstore(LogstoreId logstore, LogstoreSettings settings) throws SlsException {
        throw unsupported("createLogstore");
    }

    @Override
    public void deleteLogstore(LogstoreId logstore) throws SlsException {
        throw unsupported("deleteLogstore");
    }

    @Override
    public void close() {}
}
