package io.slsdispatch.connector.client.data;

import io.slsdispatch.connector.client.ErrorCodes;
import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.PackedBatch;
import io.slsdispatch.connector.client.PullRequest;
import io.slsdispatch.connector.client.PutRequest;
import io.slsdispatch.connector.client.credentials.RequestCredentials;
import io.slsdispatch.connector.client.exchange.Answer;
import io.slsdispatch.connector.client.exchange.ApiRequest;
import io.slsdispatch.connector.client.exchange.ApiRequest.CallType;
import io.slsdispatch.connector.client.exchange.Failures;
import io.slsdispatch.connector.client.exchange.HttpTransport;
import io.slsdispatch.connector.client.exchange.PendingCall;
import io.slsdispatch.connector.model.PulledBatch;
import org.apache.flink.annotation.Internal;

/**
 * The calls that carry log groups. The calling thread compresses a put, so that this work is spread over the callers. A
 * pull is decompressed by the caller, too, where the caller requests that. Safe for use from many threads.
 */
@Internal
public final class DataCalls {

    /** The maximum size of a group that the service accepts, before compression ("PutLogs": PostBodyTooLarge). */
    private static final int MAX_GROUP_BYTES = 10 * 1024 * 1024;

    private final HttpTransport transport;
    private final RequestCredentials credentials;
    private final DataRequests requests;
    private final PulledBatches batches;

    public DataCalls(HttpTransport transport, RequestCredentials credentials) {
        this.transport = transport;
        this.credentials = credentials;
        this.requests = new DataRequests(transport::allocate);
        this.batches = new PulledBatches(transport.arrays());
    }

    /** Starts to read log groups. */
    public PendingCall<PulledBatch> pull(PullRequest request) {
        return pull(request, failuresOf(request), answer -> batches.packed(answer, request.cursor())
                .unpack());
    }

    /** Starts to read log groups, which the caller decompresses. */
    public PendingCall<PackedBatch> pullPacked(PullRequest request) {
        Failures failures = failuresOf(request);
        return pull(request, failures, answer -> {
            PulledBatches.Packed packed = batches.packed(answer, request.cursor());
            int status = answer.status();
            String requestId = answer.requestId();
            return () -> {
                try {
                    return packed.unpack();
                } catch (Answer.UnreadableException e) {
                    throw failures.unreadable(status, requestId, e.getMessage(), e);
                }
            };
        });
    }

    private <T> PendingCall<T> pull(PullRequest request, Failures failures, Answer.Reader<T> reader) {
        return transport.send(CallType.PULL, DataRequests.pull(request), failures, reader);
    }

    private Failures failuresOf(PullRequest request) {
        return new Failures("PullLogs", request.logstore() + " shard " + request.shard(), credentials);
    }

    /** Compresses log groups and starts to write them. */
    public PendingCall<Void> put(PutRequest request) {
        Failures failures = new Failures("PutLogs", request.logstore().toString(), credentials);
        if (request.groups().size() == 1 && request.rawBytes() > MAX_GROUP_BYTES) {
            return PendingCall.failed(failures.invalid(
                    ErrorKind.TOO_LARGE,
                    "PostBodyTooLarge",
                    "the log group has " + request.rawBytes() + " bytes; the service accepts at most "
                            + MAX_GROUP_BYTES,
                    null));
        }
        ApiRequest compressed;
        try {
            compressed = requests.put(request);
        } catch (ApiRequest.Body.NoMemoryException e) {
            return PendingCall.failed(failures.noAnswer(ErrorCodes.NO_BUFFER, e.getMessage(), e));
        }
        // Any answer of the service confirms the put.
        return transport.send(CallType.PUT, compressed, failures, answer -> null);
    }
}
