package io.slsdispatch.connector.client.sdk;

import com.aliyun.openservices.log.Client;
import com.aliyun.openservices.log.common.Consts.CursorMode;
import com.aliyun.openservices.log.common.ConsumerGroup;
import com.aliyun.openservices.log.common.ConsumerGroupShardCheckPoint;
import com.aliyun.openservices.log.exception.LogException;
import com.aliyun.openservices.log.request.GetCursorRequest;
import com.aliyun.openservices.log.response.ListShardResponse;
import io.slsdispatch.connector.client.CursorOrigin;
import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.PackedBatch;
import io.slsdispatch.connector.client.PullRequest;
import io.slsdispatch.connector.client.PutRequest;
import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.client.access.ErrorCodes;
import io.slsdispatch.connector.client.access.Failures;
import io.slsdispatch.connector.client.access.PendingCall;
import io.slsdispatch.connector.client.access.ServiceClock;
import io.slsdispatch.connector.model.KeyRange;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.PulledBatch;
import io.slsdispatch.connector.model.Shard;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The service: what administers and looks things up goes through the official SDK, what carries data does not. Its own
 * calls end with it; what it shares with others does not.
 */
final class SdkSlsClient implements SlsClient {

    /** Only counts for consumers that send heartbeats, which we do not; the service wants some value. */
    private static final int CONSUMER_TIMEOUT_SECONDS = 60;

    /** The service's way to say that a logstore keeps its groups for ever. */
    private static final int DAYS_FOR_EVER = 3650;

    /** What the SDK's HTTP layer hangs on a message when there was no answer that could have told them. */
    private static final Pattern WITHOUT_ANSWER =
            Pattern.compile("\\s*\\[ErrorCode]: Unknown\\s*\\[RequestId]: Unknown\\s*$");

    private final SharedConnection connection;
    private final Client sdk;
    private final ServiceClock clock = new ServiceClock(System::nanoTime);
    private final Set<PendingCall<?>> underWay = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean closed = new AtomicBoolean();

    SdkSlsClient(SharedConnection connection) {
        this.connection = connection;
        this.sdk = connection.sdk();
    }

    @FunctionalInterface
    private interface Request<T> {
        @Nullable
        T send() throws LogException;
    }

    @Override
    public List<Shard> listShards(LogstoreId logstore) throws SlsException {
        return await("ListShards", logstore.toString(), () -> {
            ListShardResponse answer = sdk.ListShard(logstore.project(), logstore.logstore());
            clock.observe(answer.GetAllHeaders());
            List<Shard> shards = new ArrayList<>();
            for (var shard : answer.GetShards()) {
                shards.add(shard(shard));
            }
            return List.copyOf(shards);
        });
    }

    @Override
    public Optional<Instant> serviceTime() {
        return clock.now();
    }

    private static Shard shard(com.aliyun.openservices.log.common.Shard shard) {
        return new Shard(
                shard.getShardId(),
                KeyRange.ofHex(shard.getInclusiveBeginKey(), shard.getExclusiveEndKey()),
                shard.getStatus().equalsIgnoreCase("readwrite"),
                shard.getCreateTime());
    }

    @Override
    public String cursor(LogstoreId logstore, int shard, CursorOrigin origin) throws SlsException {
        return await("GetCursor", target(logstore, shard), () -> sdk.GetCursor(cursorRequest(logstore, shard, origin))
                .GetCursor());
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
        return await(
                "GetCursorTime",
                target(logstore, shard),
                () -> Instant.ofEpochSecond(sdk.GetCursorTime(logstore.project(), logstore.logstore(), shard, cursor)
                        .GetCursorTime()));
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
    public void createConsumerGroup(LogstoreId logstore, String consumerGroup) throws SlsException {
        try {
            await(
                    "CreateConsumerGroup",
                    target(logstore, consumerGroup),
                    () -> sdk.CreateConsumerGroup(
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
        return await(
                "ListConsumerGroup",
                logstore.toString(),
                () -> sdk.ListConsumerGroup(logstore.project(), logstore.logstore()).GetConsumerGroups().stream()
                        .map(ConsumerGroup::getConsumerGroupName)
                        .toList());
    }

    @Override
    public Map<Integer, String> consumerGroupCursors(LogstoreId logstore, String consumerGroup) throws SlsException {
        return await("GetCheckPoint", target(logstore, consumerGroup), () -> {
            Map<Integer, String> cursors = new HashMap<>();
            List<ConsumerGroupShardCheckPoint> checkpoints = sdk.GetCheckPoint(
                            logstore.project(), logstore.logstore(), consumerGroup)
                    .getCheckPoints();
            for (ConsumerGroupShardCheckPoint checkpoint : checkpoints) {
                String cursor = checkpoint.getCheckPoint();
                if (cursor != null && !cursor.isEmpty()) {
                    cursors.put(checkpoint.getShard(), cursor);
                }
            }
            return Map.copyOf(cursors);
        });
    }

    @Override
    public void commitCursor(LogstoreId logstore, String consumerGroup, int shard, String cursor) throws SlsException {
        // Without a consumer the SDK sends forceSuccess=true: whoever holds the shard is not asked.
        await(
                "UpdateCheckPoint",
                target(logstore, consumerGroup) + " shard " + shard,
                () -> sdk.UpdateCheckPoint(logstore.project(), logstore.logstore(), consumerGroup, shard, cursor));
    }

    @Override
    public void checkLogstore(LogstoreId logstore) throws SlsException {
        await("GetLogStore", logstore.toString(), () -> sdk.GetLogStore(logstore.project(), logstore.logstore()));
    }

    @Override
    public Duration retention(LogstoreId logstore) throws SlsException {
        int days =
                await("GetLogStore", logstore.toString(), () -> sdk.GetLogStore(logstore.project(), logstore.logstore())
                        .GetLogStore()
                        .GetTtl());
        return days >= DAYS_FOR_EVER ? Duration.ZERO : Duration.ofDays(days);
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

    private <T> T await(String operation, String target, Request<T> request) throws SlsException {
        Failures failures = new Failures(operation, target, connection.credentials());
        Call<T> call = new Call<>(operation, target, () -> send(request, failures));
        connection.threads().run(call);
        watch(call);
        try {
            return call.result().get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            call.fail("Interrupted", "the thread that waits was interrupted");
            throw new SlsException(
                    ErrorKind.UNAVAILABLE, operation, target, -1, "Interrupted", "", "interrupted while waiting", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SlsException failure) {
                throw failure;
            }
            throw new IllegalStateException(operation + " on " + target + " failed", e.getCause());
        }
    }

    private static SlsException failure(LogException e, Failures failures) {
        String code = e.getErrorCode() == null ? ErrorCodes.NO_ANSWER : e.getErrorCode();
        return e.getHttpCode() > 0
                ? failures.refused(e.getHttpCode(), code, e.getRequestId(), e.GetErrorMessage())
                : failures.noAnswer(code, words(e.GetErrorMessage()), e.getCause());
    }

    private static @Nullable String words(@Nullable String message) {
        return message == null ? null : WITHOUT_ANSWER.matcher(message).replaceFirst("");
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

    private static <T> @Nullable T send(Request<T> request, Failures failures) throws SlsException {
        try {
            return request.send();
        } catch (LogException e) {
            throw failure(e, failures);
        } catch (IllegalArgumentException e) {
            throw failures.invalid(ErrorKind.INVALID_REQUEST, "InvalidArgument", e.getMessage(), e);
        } catch (RuntimeException e) {
            throw failures.unreadable("the SDK cannot read the answer: " + e, e);
        }
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            underWay.forEach(call -> call.fail("Closed", "the client was closed"));
            connection.release();
        }
    }
}
