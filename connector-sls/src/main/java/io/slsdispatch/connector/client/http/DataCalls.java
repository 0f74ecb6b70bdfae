package io.slsdispatch.connector.client.http;

import io.slsdispatch.connector.client.Credentials;
import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.PackedBatch;
import io.slsdispatch.connector.client.PullRequest;
import io.slsdispatch.connector.client.PutRequest;
import io.slsdispatch.connector.client.access.Addressing;
import io.slsdispatch.connector.client.access.Failures;
import io.slsdispatch.connector.client.access.PendingCall;
import io.slsdispatch.connector.client.access.ProxyLogin;
import io.slsdispatch.connector.client.access.RequestCredentials;
import io.slsdispatch.connector.config.ConnectionConfig;
import io.slsdispatch.connector.config.Endpoint;
import io.slsdispatch.connector.model.PulledBatch;
import java.time.Duration;
import java.time.Instant;
import java.util.SortedMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Pulls and puts of all clients that share a connection's configuration: bounded in number and time, over kept
 * connections, on one of the I/O threads of the process. Safe for use from many threads.
 *
 * <p>A put is compressed and digested by the thread that asks for it, so that this work is spread as the callers are;
 * so is the work of restoring what is pulled, where the caller takes it over. The I/O thread signs and sends.
 */
public final class DataCalls implements AutoCloseable {

    private static final String USER_AGENT = "sls-dispatch";
    private static final int HTTP_PORT = 80;

    /** The service takes no group above this, counted before compression ("PutLogs": PostBodyTooLarge). */
    private static final int MAX_GROUP_BYTES = 10 * 1024 * 1024;

    private final Endpoint endpoint;
    private final Addressing addressing;
    private final boolean throughPlainProxy;
    private final @Nullable ProxyLogin proxyLogin;
    private final Duration timeLimit;
    private final RequestCredentials credentials;
    private final Signer signer;
    private final ApiRequests requests;
    private final PulledBatches batches;
    private final EventLoops loops;
    private final IoThread thread;
    private final Turns turns;
    private final ConnectionPool pool;

    private DataCalls(ConnectionConfig config, RequestCredentials credentials, Executor background, EventLoops loops) {
        ConnectionConfig.Network network = config.network();
        this.endpoint = config.endpoint();
        this.addressing = new Addressing(endpoint);
        this.throughPlainProxy = network.proxy() != null && !endpoint.tls();
        this.proxyLogin = ProxyLogin.of(network.proxy());
        this.timeLimit = network.requestTimeout();
        this.credentials = credentials;
        this.signer = Signer.of(config.signature());
        this.requests = new ApiRequests(loops.memory(), signer);
        this.batches = new PulledBatches(loops.arrays());
        this.loops = loops;
        this.thread = new IoThread(loops.next());
        this.turns = new Turns(network.maxConcurrentRequests(), thread::later);
        this.pool = new ConnectionPool(new Connector(config, thread, loops.memory(), background), thread);
    }

    /**
     * Begins. Makes no request.
     *
     * @param background runs what may take long: looking up names, fetching credentials
     * @throws IllegalArgumentException when the CA file cannot be read
     * @throws IllegalStateException when an environment variable of the proxy's log-in is missing
     */
    public static DataCalls open(ConnectionConfig config, RequestCredentials credentials, Executor background) {
        EventLoops loops = EventLoops.acquire();
        try {
            return new DataCalls(config, credentials, background, loops);
        } catch (RuntimeException e) {
            loops.release();
            throw e;
        }
    }

    /** Starts to read log groups. */
    public PendingCall<PulledBatch> pull(PullRequest request) {
        return pull(request, failuresOf(request), batches::of);
    }

    /** Starts to read log groups, which the caller restores. */
    public PendingCall<PackedBatch> pullPacked(PullRequest request) {
        Failures failures = failuresOf(request);
        return pull(request, failures, answer -> {
            PulledBatches.Packed packed = batches.packed(answer);
            return () -> {
                try {
                    return packed.unpack();
                } catch (UnreadableAnswerException e) {
                    throw failures.unreadable(e.getMessage(), e);
                }
            };
        });
    }

    private <T> PendingCall<T> pull(PullRequest request, Failures failures, Exchange.Reader<T> reader) {
        return start(new Exchange<>(this, failures, ApiRequests.pull(request), reader));
    }

    private Failures failuresOf(PullRequest request) {
        return new Failures("PullLogs", request.logstore() + " shard " + request.shard(), credentials);
    }

    /** Compresses log groups, and starts to write them. */
    public PendingCall<Void> put(PutRequest request) {
        Failures failures = new Failures("PutLogs", request.logstore().toString(), credentials);
        if (request.groups().size() == 1 && request.rawBytes() > MAX_GROUP_BYTES) {
            return PendingCall.failed(failures.invalid(
                    ErrorKind.TOO_LARGE,
                    "PostBodyTooLarge",
                    "the log group has " + request.rawBytes() + " bytes; the service takes " + MAX_GROUP_BYTES,
                    null));
        }
        ApiRequest compressed;
        try {
            compressed = requests.put(request);
        } catch (NoBufferException e) {
            return PendingCall.failed(failures.noAnswer("NoBuffer", e.getMessage(), e));
        }
        return start(new Exchange<>(this, failures, compressed, DataCalls::acknowledged));
    }

    /** Somebody in between who says 200 to everything must not be taken for the service. */
    private static @Nullable Void acknowledged(Answer answer) throws UnreadableAnswerException {
        if (answer.requestId().isEmpty()) {
            throw new UnreadableAnswerException("the answer has no request id, so it is not the service's");
        }
        return null;
    }

    private static <T> Exchange<T> start(Exchange<T> exchange) {
        exchange.start();
        return exchange;
    }

    Duration timeLimit() {
        return timeLimit;
    }

    /** The thread that all exchanges live on. */
    IoThread thread() {
        return thread;
    }

    Turns turns() {
        return turns;
    }

    RequestCredentials credentials() {
        return credentials;
    }

    ConnectionPool pool() {
        return pool;
    }

    String connectHost(ApiRequest request) {
        return addressing.connectHost(addressing.hostHeader(request.project()));
    }

    /** What stands in the request line: for a proxy, the whole address. */
    String requestTarget(ApiRequest request) {
        if (!throughPlainProxy) {
            return request.target();
        }
        String port = endpoint.port() == HTTP_PORT ? "" : ":" + endpoint.port();
        return "http://" + addressing.hostHeader(request.project()) + port + request.target();
    }

    /** All headers but the length. I/O thread. */
    SortedMap<String, String> signedHeaders(ApiRequest request, Credentials key) {
        SortedMap<String, String> headers =
                signer.sign(request, addressing.hostHeader(request.project()), key, Instant.now());
        headers.put("user-agent", USER_AGENT);
        if (throughPlainProxy && proxyLogin != null) {
            headers.put("proxy-authorization", proxyLogin.basic());
        }
        return headers;
    }

    /** Closes all connections, and with them ends whatever is under way; waits for nothing. */
    @Override
    public void close() {
        thread.run(pool::close);
        loops.release();
    }
}
