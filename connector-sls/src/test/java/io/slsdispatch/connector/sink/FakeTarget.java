package io.slsdispatch.connector.sink;

import io.slsdispatch.connector.client.CursorOrigin;
import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.PullRequest;
import io.slsdispatch.connector.client.PutRequest;
import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.PulledBatch;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.model.Shard;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** A service that takes puts: answers each at once as told, or leaves it open until the test answers it. */
final class FakeTarget implements SlsClient {

    /** A put and its answer to be. */
    record Open(PutRequest request, CompletableFuture<Void> answer, List<RawLogGroup> stored) {

        void accept() {
            stored.addAll(request.groups());
            answer.complete(null);
        }

        void refuse(ErrorKind kind) {
            answer.completeExceptionally(refusal(kind, request.logstore()));
        }

        List<Integer> indexes() {
            return FakeTarget.indexes(request.groups());
        }
    }

    private final List<PutRequest> requests = new ArrayList<>();
    private final List<Open> open = new ArrayList<>();
    private final List<RawLogGroup> stored = new ArrayList<>();
    /** Null leaves requests open. */
    private Function<PutRequest, ErrorKind> refusals;

    private boolean closed;

    /** From now on accepts everything, except what {@code refusals} names a kind for. */
    FakeTarget answeringAtOnce(Function<PutRequest, ErrorKind> refusals) {
        this.refusals = refusals;
        return this;
    }

    FakeTarget acceptingAll() {
        return answeringAtOnce(request -> null);
    }

    static SlsException refusal(ErrorKind kind, LogstoreId logstore) {
        return new SlsException(
                kind, "PutLogs", logstore.toString(), 400, "Code" + kind, "REQUEST-1", "said the service", null);
    }

    static List<Integer> indexes(List<RawLogGroup> groups) {
        return groups.stream().map(RawLogGroup::index).toList();
    }

    @Override
    public CompletableFuture<Void> put(PutRequest request) {
        requests.add(request);
        Open put = new Open(request, new CompletableFuture<>(), stored);
        if (refusals == null) {
            open.add(put);
            return put.answer();
        }
        ErrorKind refused = refusals.apply(request);
        if (refused == null) {
            put.accept();
        } else {
            put.refuse(refused);
        }
        return put.answer();
    }

    /** Every request ever made. */
    List<PutRequest> requests() {
        return requests;
    }

    /** The groups of every request ever made. */
    List<List<Integer>> sent() {
        return requests.stream().map(request -> indexes(request.groups())).toList();
    }

    /** Groups of all accepted requests, in the order of their acceptance. */
    List<Integer> stored() {
        return indexes(stored);
    }

    List<RawLogGroup> storedGroups() {
        return stored;
    }

    /** The oldest put that is not answered; the test answers it. */
    Open takeOpen() {
        return open.remove(0);
    }

    int openCount() {
        return open.size();
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        closed = true;
        for (Open put : List.copyOf(open)) {
            put.refuse(ErrorKind.UNAVAILABLE);
        }
    }

    @Override
    public List<Shard> listShards(LogstoreId logstore) {
        throw new UnsupportedOperationException();
    }

    @Override
    public String cursor(LogstoreId logstore, int shard, CursorOrigin origin) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Instant cursorTime(LogstoreId logstore, int shard, String cursor) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<PulledBatch> pull(PullRequest request) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void createConsumerGroup(LogstoreId logstore, String consumerGroup) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<String> consumerGroups(LogstoreId logstore) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Map<Integer, String> consumerGroupCursors(LogstoreId logstore, String consumerGroup) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void commitCursor(LogstoreId logstore, String consumerGroup, int shard, String cursor) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Duration retention(LogstoreId logstore) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<Instant> credentialsExpiration() {
        return Optional.empty();
    }

    @Override
    public void checkLogstore(LogstoreId logstore) {
        throw new UnsupportedOperationException();
    }
}
