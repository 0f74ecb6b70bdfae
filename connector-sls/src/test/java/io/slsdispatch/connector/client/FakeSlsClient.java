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
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;

/** A client of a {@link FakeSls}. Futures complete on threads of its own, as the contract says. */
public final class FakeSlsClient implements SlsClient {

    private final FakeSls service;
    private final int number;
    private final ExecutorService threads = Executors.newCachedThreadPool(runnable -> {
        Thread made = new Thread(runnable, "fake sls client");
        made.setDaemon(true);
        return made;
    });
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicBoolean listed = new AtomicBoolean();

    FakeSlsClient(FakeSls service, int number) {
        this.service = service;
        this.number = number;
    }

    boolean isClosed() {
        return closed.get();
    }

    private FakeSls.Call enter(String operation, int shard, String detail) throws SlsException {
        FakeSls.Call call = new FakeSls.Call(number, operation, shard, detail);
        service.enter(call, this);
        return call;
    }

    private static void check(FakeSls service, LogstoreId logstore) throws SlsException {
        if (!logstore.equals(service.logstore())) {
            throw new SlsException(
                    ErrorKind.NOT_FOUND, "any", logstore.toString(), 404, "LogStoreNotExist", "R1", "not here", null);
        }
    }

    @Override
    public List<Shard> listShards(LogstoreId logstore) throws SlsException {
        check(service, logstore);
        enter("ListShards", -1, "");
        listed.set(true);
        return service.list();
    }

    @Override
    public Optional<Instant> serviceTime() {
        return listed.get() && service.clockIsKnown() ? Optional.of(service.now()) : Optional.empty();
    }

    @Override
    public String cursor(LogstoreId logstore, int shard, CursorOrigin origin) throws SlsException {
        check(service, logstore);
        return service.cursor(enter("GetCursor", shard, origin.toString()), origin);
    }

    @Override
    public Instant cursorTime(LogstoreId logstore, int shard, String cursor) throws SlsException {
        check(service, logstore);
        return service.cursorTime(enter("GetCursorTime", shard, cursor), cursor);
    }

    @Override
    public CompletableFuture<PulledBatch> pull(PullRequest request) {
        return async(() -> answer(request));
    }

    @Override
    public CompletableFuture<PackedBatch> pullPacked(PullRequest request) {
        return async(() -> {
            PulledBatch batch = answer(request);
            return () -> {
                enter("Unpack", request.shard(), request.cursor());
                return batch;
            };
        });
    }

    private PulledBatch answer(PullRequest request) throws SlsException {
        check(service, request.logstore());
        return service.pull(enter("PullLogs", request.shard(), request.cursor()), request);
    }

    @Override
    public CompletableFuture<Void> put(PutRequest request) {
        throw new UnsupportedOperationException("nothing is put here: tests write through FakeSls");
    }

    private <T> CompletableFuture<T> async(Callable<T> answer) {
        CompletableFuture<T> future = new CompletableFuture<>();
        if (closed.get()) {
            future.completeExceptionally(
                    new SlsException(ErrorKind.UNAVAILABLE, "any", "", -1, "Closed", "", "the client is closed", null));
            return future;
        }
        threads.execute(() -> {
            try {
                future.complete(answer.call());
            } catch (Exception e) {
                future.completeExceptionally(e);
            }
        });
        return future;
    }

    @Override
    public void createConsumerGroup(LogstoreId logstore, String consumerGroup) throws SlsException {
        service.createConsumerGroup(enter("CreateConsumerGroup", -1, consumerGroup), consumerGroup);
    }

    @Override
    public List<String> consumerGroups(LogstoreId logstore) throws SlsException {
        enter("ListConsumerGroup", -1, "");
        return service.consumerGroups();
    }

    @Override
    public Map<Integer, String> consumerGroupCursors(LogstoreId logstore, String consumerGroup) throws SlsException {
        return service.cursors(enter("GetCheckPoint", -1, consumerGroup), consumerGroup);
    }

    @Override
    public void commitCursor(LogstoreId logstore, String consumerGroup, int shard, String cursor) throws SlsException {
        service.commit(enter("UpdateCheckPoint", shard, cursor), consumerGroup, cursor);
    }

    @Override
    public Duration retention(LogstoreId logstore) throws SlsException {
        enter("GetLogStore", -1, "");
        return service.retention();
    }

    @Override
    public Optional<Instant> credentialsExpiration() {
        return service.credentialsExpiration();
    }

    @Override
    public void checkLogstore(LogstoreId logstore) throws SlsException {
        check(service, logstore);
        enter("GetLogStore", -1, "");
    }

    @Override
    public LogstorePage listLogstores(String project, int offset, int size) {
        throw new UnsupportedOperationException("this fake has one logstore, and tests know its name");
    }

    @Override
    public LogstoreSettings logstoreSettings(LogstoreId logstore) {
        throw new UnsupportedOperationException("this fake has no settings of logstores");
    }

    @Override
    public void createLogstore(LogstoreId logstore, LogstoreSettings settings) {
        throw new UnsupportedOperationException("this fake creates no logstores");
    }

    @Override
    public void deleteLogstore(LogstoreId logstore) {
        throw new UnsupportedOperationException("this fake deletes no logstores");
    }

    @Override
    public void close() {
        if (!closed.getAndSet(true)) {
            service.clientClosed();
            threads.shutdown();
        }
    }
}
