package io.slsdispatch.connector.client.connection;

import io.slsdispatch.connector.client.CursorOrigin;
import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.PackedBatch;
import io.slsdispatch.connector.client.PullRequest;
import io.slsdispatch.connector.client.PutRequest;
import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.client.control.ServiceClock;
import io.slsdispatch.connector.client.credentials.Credentials;
import io.slsdispatch.connector.client.credentials.NoCredentialsException;
import io.slsdispatch.connector.client.exchange.Failures;
import io.slsdispatch.connector.client.exchange.PendingCall;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.LogstoreSettings;
import io.slsdispatch.connector.model.PulledBatch;
import io.slsdispatch.connector.model.Shard;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The client of the service: sends pulls, puts and control calls over a shared connection. Closing it ends its own
 * calls, not those of other clients of the connection.
 */
final class DefaultSlsClient implements SlsClient {

    /**
     * How much longer than its deadline a caller waits for a call, in case the thread that ends the call is blocked.
     */
    private static final Duration LAST_RESORT = Duration.ofSeconds(10);

    private final SharedConnection connection;
    private final Duration waitLimit;
    private final ServiceClock clock = new ServiceClock(System::nanoTime);
    private final Set<PendingCall<?>> pending = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean closed = new AtomicBoolean();

    /** @param timeLimit of each call */
    DefaultSlsClient(SharedConnection connection, Duration timeLimit) {
        this.connection = connection;
        this.waitLimit = timeLimit.plus(LAST_RESORT);
    }

    @Override
    public CompletableFuture<PulledBatch> pull(PullRequest request) {
        return watch(connection.data().pull(request)).result();
    }

    @Override
    public CompletableFuture<PackedBatch> pullPacked(PullRequest request) {
        return watch(connection.data().pullPacked(request)).result();
    }

    @Override
    public CompletableFuture<Void> put(PutRequest request) {
        return watch(connection.data().put(request)).result();
    }

    @Override
    public List<Shard> listShards(LogstoreId logstore) throws SlsException {
        return await(connection.control().listShards(logstore, clock));
    }

    @Override
    public Optional<Instant> serviceTime() {
        return clock.now();
    }

    @Override
    public Duration clockOffset() {
        return connection.clockOffset();
    }

    @Override
    public String cursor(LogstoreId logstore, int shard, CursorOrigin origin) throws SlsException {
        return await(connection.control().cursor(logstore, shard, origin));
    }

    @Override
    public Instant cursorTime(LogstoreId logstore, int shard, String cursor) throws SlsException {
        return await(connection.control().cursorTime(logstore, shard, cursor));
    }

    @Override
    public void checkLogstore(LogstoreId logstore) throws SlsException {
        Duration unused = retention(logstore);
    }

    @Override
    public Duration retention(LogstoreId logstore) throws SlsException {
        return await(connection.control().retention(logstore));
    }

    @Override
    public void createConsumerGroup(LogstoreId logstore, String consumerGroup) throws SlsException {
        try {
            await(connection.control().createConsumerGroup(logstore, consumerGroup));
        } catch (SlsException e) {
            if (e.kind() != ErrorKind.ALREADY_EXISTS) {
                throw e;
            }
        }
    }

    @Override
    public List<String> consumerGroups(LogstoreId logstore) throws SlsException {
        return await(connection.control().consumerGroups(logstore));
    }

    @Override
    public Map<Integer, String> consumerGroupCursors(LogstoreId logstore, String consumerGroup) throws SlsException {
        return await(connection.control().consumerGroupCursors(logstore, consumerGroup));
    }

    @Override
    public void commitCursor(LogstoreId logstore, String consumerGroup, int shard, String cursor) throws SlsException {
        await(connection.control().commitCursor(logstore, consumerGroup, shard, cursor));
    }

    @Override
    public LogstorePage listLogstores(String project, int offset, int size) throws SlsException {
        return await(connection.control().listLogstores(project, offset, size));
    }

    @Override
    public LogstoreSettings logstoreSettings(LogstoreId logstore) throws SlsException {
        return await(connection.control().logstoreSettings(logstore));
    }

    @Override
    public void createLogstore(LogstoreId logstore, LogstoreSettings settings) throws SlsException {
        await(connection.control().createLogstore(logstore, settings));
    }

    @Override
    public void deleteLogstore(LogstoreId logstore) throws SlsException {
        await(connection.control().deleteLogstore(logstore));
    }

    @Override
    public Optional<Instant> credentialsExpiration() {
        return connection.credentials().expiration();
    }

    @Override
    public long credentialsFailures() {
        return connection.credentials().failures();
    }

    @Override
    public String credentialsInUse() throws SlsException {
        try {
            Credentials credentials = connection.credentials().await();
            return credentials.origin() + ": " + credentials;
        } catch (NoCredentialsException e) {
            throw new Failures("Getting credentials", "this process", connection.credentials())
                    .unsigned(e.getMessage());
        }
    }

    private <T> T await(PendingCall<T> call) throws SlsException {
        return watch(call).await(waitLimit);
    }

    /** Registers a call, so that closing this client ends it. */
    private <C extends PendingCall<?>> C watch(C call) {
        pending.add(call);
        call.whenEnded(() -> pending.remove(call));
        if (closed.get()) {
            call.fail("Closed", "the client is closed");
        }
        return call;
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            pending.forEach(call -> call.fail("Closed", "the client was closed"));
            connection.release();
        }
    }
}
