package io.slsdispatch.connector.client.sdk;

import com.aliyun.openservices.log.common.Consts.CursorMode;
import com.aliyun.openservices.log.common.ConsumerGroup;
import com.aliyun.openservices.log.request.GetCursorRequest;
import io.slsdispatch.connector.client.CursorOrigin;
import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.PackedBatch;
import io.slsdispatch.connector.client.PullRequest;
import io.slsdispatch.connector.client.PutRequest;
import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.client.access.Failures;
import io.slsdispatch.connector.client.access.PendingCall;
import io.slsdispatch.connector.client.access.ServiceClock;
import io.slsdispatch.connector.client.http.ControlRequest;
import io.slsdispatch.connector.client.http.JsonBody;
import io.slsdispatch.connector.model.LogstoreId;
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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The service: requests that administer and look things up are made by the official SDK, pulls and puts here; all go the
 * same way. Its own calls end with it; what it shares with others does not.
 */
final class SdkSlsClient implements SlsClient {

    /** Only counts for consumers that send heartbeats, which we do not; the service wants some value. */
    private static final int CONSUMER_TIMEOUT_SECONDS = 60;

    /** How much longer than its deadline a caller waits for a call, should the thread that ends it be held up. */
    private static final Duration LAST_RESORT = Duration.ofSeconds(10);

    private final SharedConnection connection;
    private final Duration timeLimit;
    private final ServiceClock clock = new ServiceClock(System::nanoTime);
    private final Set<PendingCall<?>> underWay = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean closed = new AtomicBoolean();

    /** @param timeLimit of each call */
    SdkSlsClient(SharedConnection connection, Duration timeLimit) {
        this.connection = connection;
        this.timeLimit = timeLimit;
    }

    @Override
    public List<Shard> listShards(LogstoreId logstore) throws SlsException {
        Failures failures = new Failures("ListShards", logstore.toString(), connection.credentials());
        ControlRequest request = request(sdk -> sdk.ListShard(logstore.project(), logstore.logstore()), failures);
        return await(connection.calls().lookUp(request, failures, ControlAnswers::shards, clock::observe), failures);
    }

    @Override
    public Optional<Instant> serviceTime() {
        return clock.now();
    }

    @Override
    public String cursor(LogstoreId logstore, int shard, CursorOrigin origin) throws SlsException {
        return lookUp(
                "GetCursor",
                target(logstore, shard),
                sdk -> sdk.GetCursor(cursorRequest(logstore, shard, origin)),
                ControlAnswers::cursor);
    }

    private static GetCursorRequest cursorRequest(LogstoreId logstore, int shard, CursorOrigin origin) {
        String project = logstore.project();
        String name = logstore.logstore();
        if (origin instanceof CursorOrigin.At at) {
            return new GetCursorRequest(project, name, shard, at.receiveTime().getEpochSecond());
        }
        return new GetCursorRequest(
                project, name, shard, origin instanceof CursorOrigin.Begin ? CursorMode.BEGIN : CursorMode.END);
    }

    @Override
    public Instant cursorTime(LogstoreId logstore, int shard, String cursor) throws SlsException {
        return lookUp(
                "GetCursorTime",
                target(logstore, shard),
                sdk -> sdk.GetCursorTime(logstore.project(), logstore.logstore(), shard, cursor),
                ControlAnswers::cursorTime);
    }

    @Override
    public CompletableFuture<PulledBatch> pull(PullRequest request) {
        return watch(connection.calls().pull(request)).result();
    }

    @Override
    public CompletableFuture<PackedBatch> pullPacked(PullRequest request) {
        return watch(connection.calls().pullPacked(request)).result();
    }

    @Override
    public CompletableFuture<Void> put(PutRequest request) {
        return watch(connection.calls().put(request)).result();
    }

    @Override
    public void createConsumerGroup(LogstoreId logstore, String consumerGroup) throws SlsException {
        try {
            change(
                    "CreateConsumerGroup",
                    target(logstore, consumerGroup),
                    sdk -> sdk.CreateConsumerGroup(
                            logstore.project(),
                            logstore.logstore(),
                            new ConsumerGroup(consumerGroup, CONSUMER_TIMEOUT_SECONDS, false)));
        } catch (SlsException e) {
            if (e.kind() != ErrorKind.ALREADY_EXISTS) {
                throw e;
            }
        }
    }

    @Override
    public List<String> consumerGroups(LogstoreId logstore) throws SlsException {
        return lookUp(
                "ListConsumerGroup",
                logstore.toString(),
                sdk -> sdk.ListConsumerGroup(logstore.project(), logstore.logstore()),
                ControlAnswers::consumerGroups);
    }

    @Override
    public Map<Integer, String> consumerGroupCursors(LogstoreId logstore, String consumerGroup) throws SlsException {
        return lookUp(
                "GetCheckPoint",
                target(logstore, consumerGroup),
                sdk -> sdk.GetCheckPoint(logstore.project(), logstore.logstore(), consumerGroup),
                ControlAnswers::checkpoints);
    }

    @Override
    public void commitCursor(LogstoreId logstore, String consumerGroup, int shard, String cursor) throws SlsException {
        // Without a consumer the SDK sends forceSuccess=true: whoever holds the shard is not asked.
        change(
                "UpdateCheckPoint",
                target(logstore, consumerGroup) + " shard " + shard,
                sdk -> sdk.UpdateCheckPoint(logstore.project(), logstore.logstore(), consumerGroup, shard, cursor));
    }

    @Override
    public void checkLogstore(LogstoreId logstore) throws SlsException {
        Duration unused = retention(logstore);
    }

    @Override
    public Duration retention(LogstoreId logstore) throws SlsException {
        return lookUp(
                "GetLogStore",
                logstore.toString(),
                sdk -> sdk.GetLogStore(logstore.project(), logstore.logstore()),
                ControlAnswers::retention);
    }

    @Override
    public Optional<Instant> credentialsExpiration() {
        return connection.credentials().expiration();
    }

    @Override
    public long credentialsFailures() {
        return connection.credentials().failures();
    }

    private static String target(LogstoreId logstore, int shard) {
        return logstore + " shard " + shard;
    }

    private static String target(LogstoreId logstore, String consumerGroup) {
        return logstore + " consumer group " + consumerGroup;
    }

    private <T> T lookUp(String operation, String target, SdkRequests.Call request, JsonBody<T> body)
            throws SlsException {
        Failures failures = new Failures(operation, target, connection.credentials());
        return await(connection.calls().lookUp(request(request, failures), failures, body), failures);
    }

    private void change(String operation, String target, SdkRequests.Call request) throws SlsException {
        Failures failures = new Failures(operation, target, connection.credentials());
        await(connection.calls().change(request(request, failures), failures), failures);
    }

    private ControlRequest request(SdkRequests.Call request, Failures failures) throws SlsException {
        try {
            return connection.requests().of(request);
        } catch (IllegalArgumentException e) {
            throw failures.invalid(ErrorKind.INVALID_REQUEST, "InvalidArgument", e.getMessage(), e);
        }
    }

    private <T> T await(PendingCall<T> call, Failures failures) throws SlsException {
        watch(call);
        try {
            return call.result().get(timeLimit.plus(LAST_RESORT).toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            call.fail("Interrupted", "the thread that waits was interrupted");
            throw failures.noAnswer("Interrupted", "interrupted while waiting", e);
        } catch (TimeoutException e) {
            call.fail("TimedOut", "not ended by its deadline");
            throw failures.noAnswer("TimedOut", "not ended by its deadline", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SlsException failure) {
                throw failure;
            }
            throw new IllegalStateException(
                    failures.operation() + " on " + failures.target() + " failed", e.getCause());
        }
    }

    /** Sees to it that a call ends with this client. */
    private <C extends PendingCall<?>> C watch(C call) {
        underWay.add(call);
        call.whenEnded(() -> underWay.remove(call));
        if (closed.get()) {
            call.fail("Closed", "the client is closed");
        }
        return call;
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            underWay.forEach(call -> call.fail("Closed", "the client was closed"));
            connection.release();
        }
    }
}
