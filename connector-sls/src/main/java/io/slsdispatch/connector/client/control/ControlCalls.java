package io.slsdispatch.connector.client.control;

import com.aliyun.openservices.log.common.Consts.CursorMode;
import com.aliyun.openservices.log.common.ConsumerGroup;
import com.aliyun.openservices.log.common.LogStore;
import com.aliyun.openservices.log.request.GetCursorRequest;
import com.aliyun.openservices.log.request.ListLogStoresRequest;
import io.slsdispatch.connector.client.CursorOrigin;
import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.SlsClient.LogstorePage;
import io.slsdispatch.connector.client.credentials.RequestCredentials;
import io.slsdispatch.connector.client.exchange.Answer;
import io.slsdispatch.connector.client.exchange.Answer.JsonBody;
import io.slsdispatch.connector.client.exchange.ApiRequest;
import io.slsdispatch.connector.client.exchange.ApiRequest.CallType;
import io.slsdispatch.connector.client.exchange.Failures;
import io.slsdispatch.connector.client.exchange.HttpTransport;
import io.slsdispatch.connector.client.exchange.PendingCall;
import io.slsdispatch.connector.config.Endpoint;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.model.LogstoreSettings;
import io.slsdispatch.connector.model.Shard;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.flink.annotation.Internal;

/**
 * The calls that read metadata or change settings. The official SDK creates the requests, the exchange of pulls and
 * puts sends them, and the answers are parsed here, field by field. Safe for use from many threads.
 */
@Internal
public final class ControlCalls {

    /** Matters only for consumers that send heartbeats, which this client does not; the service requires a value. */
    private static final int CONSUMER_TIMEOUT_SECONDS = 60;

    private final HttpTransport transport;
    private final RequestCredentials credentials;
    private final SdkRequests requests;

    public ControlCalls(Endpoint endpoint, HttpTransport transport, RequestCredentials credentials) {
        this.transport = transport;
        this.credentials = credentials;
        this.requests = new SdkRequests(endpoint);
    }

    /**
     * Lists the shards of a logstore.
     *
     * @param clock is set to the time in the answer
     */
    public PendingCall<List<Shard>> listShards(LogstoreId logstore, ServiceClock clock) {
        return send(
                failures("ListShards", logstore.toString()),
                sdk -> sdk.ListShard(logstore.project(), logstore.logstore()),
                answer -> {
                    List<Shard> shards = answer.json(ControlAnswers::shards);
                    clock.observe(answer);
                    return shards;
                });
    }

    /** The cursor of a place in a shard. */
    public PendingCall<String> cursor(LogstoreId logstore, int shard, CursorOrigin origin) {
        return lookUp(
                failures("GetCursor", logstore + " shard " + shard),
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

    /** When the service received the group that a cursor points to. */
    public PendingCall<Instant> cursorTime(LogstoreId logstore, int shard, String cursor) {
        return lookUp(
                failures("GetCursorTime", logstore + " shard " + shard),
                sdk -> sdk.GetCursorTime(logstore.project(), logstore.logstore(), shard, cursor),
                ControlAnswers::cursorTime);
    }

    /** The retention time of a logstore; zero for unlimited. */
    public PendingCall<Duration> retention(LogstoreId logstore) {
        return lookUp(
                failures("GetLogStore", logstore.toString()),
                sdk -> sdk.GetLogStore(logstore.project(), logstore.logstore()),
                ControlAnswers::retention);
    }

    /** A part of the names of a project's logstores. */
    public PendingCall<LogstorePage> listLogstores(String project, int offset, int size) {
        return lookUp(
                failures("ListLogStores", project),
                sdk -> sdk.ListLogStores(new ListLogStoresRequest(project, offset, size)),
                ControlAnswers::logstores);
    }

    /** The settings of a logstore. */
    public PendingCall<LogstoreSettings> logstoreSettings(LogstoreId logstore) {
        return lookUp(
                failures("GetLogStore", logstore.toString()),
                sdk -> sdk.GetLogStore(logstore.project(), logstore.logstore()),
                ControlAnswers::logstoreSettings);
    }

    /** Creates a logstore; fails as {@link ErrorKind#ALREADY_EXISTS} when it exists. */
    public PendingCall<Void> createLogstore(LogstoreId logstore, LogstoreSettings settings) {
        LogStore created = new LogStore(logstore.logstore(), settings.ttlDays(), settings.shards());
        created.setmAutoSplit(settings.autoSplit());
        if (settings.autoSplit()) {
            created.setmMaxSplitShard(settings.maxSplitShards());
        }
        return change(
                failures("CreateLogStore", logstore.toString()),
                sdk -> sdk.CreateLogStore(logstore.project(), created));
    }

    /** Deletes a logstore. */
    public PendingCall<Void> deleteLogstore(LogstoreId logstore) {
        return change(
                failures("DeleteLogStore", logstore.toString()),
                sdk -> sdk.DeleteLogStore(logstore.project(), logstore.logstore()));
    }

    /** Creates a consumer group; fails as {@link ErrorKind#ALREADY_EXISTS} when it exists. */
    public PendingCall<Void> createConsumerGroup(LogstoreId logstore, String consumerGroup) {
        return change(
                failures("CreateConsumerGroup", target(logstore, consumerGroup)),
                sdk -> sdk.CreateConsumerGroup(
                        logstore.project(),
                        logstore.logstore(),
                        new ConsumerGroup(consumerGroup, CONSUMER_TIMEOUT_SECONDS, false)));
    }

    /** The names of the consumer groups of a logstore. */
    public PendingCall<List<String>> consumerGroups(LogstoreId logstore) {
        return lookUp(
                failures("ListConsumerGroup", logstore.toString()),
                sdk -> sdk.ListConsumerGroup(logstore.project(), logstore.logstore()),
                ControlAnswers::consumerGroups);
    }

    /** The cursors in a consumer group, by shard. */
    public PendingCall<Map<Integer, String>> consumerGroupCursors(LogstoreId logstore, String consumerGroup) {
        return lookUp(
                failures("GetCheckPoint", target(logstore, consumerGroup)),
                sdk -> sdk.GetCheckPoint(logstore.project(), logstore.logstore(), consumerGroup),
                ControlAnswers::checkpoints);
    }

    /** Stores a shard's cursor in a consumer group. */
    public PendingCall<Void> commitCursor(LogstoreId logstore, String consumerGroup, int shard, String cursor) {
        // Without a consumer the SDK sends forceSuccess=true: the service does not check which consumer holds the
        // shard.
        return change(
                failures("UpdateCheckPoint", target(logstore, consumerGroup) + " shard " + shard),
                sdk -> sdk.UpdateCheckPoint(logstore.project(), logstore.logstore(), consumerGroup, shard, cursor));
    }

    private static String target(LogstoreId logstore, String consumerGroup) {
        return logstore + " consumer group " + consumerGroup;
    }

    private Failures failures(String operation, String target) {
        return new Failures(operation, target, credentials);
    }

    private <T> PendingCall<T> lookUp(Failures failures, SdkRequests.Call call, JsonBody<T> body) {
        return send(failures, call, answer -> answer.json(body));
    }

    private PendingCall<Void> change(Failures failures, SdkRequests.Call call) {
        // Any answer of the service confirms the call.
        return send(failures, call, answer -> null);
    }

    private <T> PendingCall<T> send(Failures failures, SdkRequests.Call call, Answer.Reader<T> reader) {
        ApiRequest request;
        try {
            request = requests.of(call);
        } catch (IllegalArgumentException e) {
            return PendingCall.failed(
                    failures.invalid(ErrorKind.INVALID_REQUEST, "InvalidArgument", e.getMessage(), e));
        }
        return transport.send(CallType.CONTROL, request, failures, reader);
    }
}
