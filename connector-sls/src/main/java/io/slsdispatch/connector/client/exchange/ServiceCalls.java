package io.slsdispatch.connector.client.exchange;

import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.PackedBatch;
import io.slsdispatch.connector.client.PullRequest;
import io.slsdispatch.connector.client.PutRequest;
import io.slsdispatch.connector.client.credentials.Credentials;
import io.slsdispatch.connector.client.credentials.RequestCredentials;
import io.slsdispatch.connector.config.ConnectionConfig;
import io.slsdispatch.connector.config.Endpoint;
import io.slsdispatch.connector.model.PulledBatch;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All calls of all clients that share a connection's configuration: bounded in time, pulls and puts in number, too, over
 * kept connections, on one of the I/O threads of the process. Safe for use from many threads.
 *
 * <p>Every call ends: by its answer, its deadline, {@link #close}, or with whatever breaks on the way, the end of the I/O
 * thread included.
 *
 * <p>A put is compressed and digested by the thread that asks for it, so that this work is spread as the callers are;
 * so is the work of restoring what is pulled, where the caller takes it over. The I/O thread signs and sends.
 */
public final class ServiceCalls implements AutoCloseable {

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
    private final FairSemaphore turns;
    private final ConnectionPool pool;
    private final Set<Exchange<?>> pending = ConcurrentHashMap.newKeySet();
    private final Runnable threadHasEnded = this::endPending;
    private volatile boolean threadEnded;
    private volatile boolean closed;

    private ServiceCalls(
            ConnectionConfig config, RequestCredentials credentials, Executor background, EventLoops loops) {
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
        this.thread = loops.thread(threadHasEnded);
        // Whose turn it is has its own way to fail.
        this.turns = new FairSemaphore(network.maxConcurrentRequests(), turn -> thread.later(turn::run, failure -> {}));
        this.pool = new ConnectionPool(new Connector(config, thread, loops.memory(), background), thread);
    }

    /**
     * Begins. Makes no request.
     *
     * @param background runs what may take long: looking up names, fetching credentials
     * @throws IllegalArgumentException when the CA file cannot be read
     * @throws IllegalStateException when an environment variable of the proxy's log-in is missing
     */
    public static ServiceCalls open(ConnectionConfig config, RequestCredentials credentials, Executor background) {
        EventLoops loops = EventLoops.acquire();
        try {
            return new ServiceCalls(config, credentials, background, loops);
        } catch (Throwable e) {
            loops.release();
            throw e;
        }
    }

    /** Starts to read log groups. */
    public PendingCall<PulledBatch> pull(PullRequest request) {
        return pull(request, failuresOf(request), answer -> batches.packed(answer, request.cursor())
                .unpack());
    }

    /** Starts to read log groups, which the caller restores. */
    public PendingCall<PackedBatch> pullPacked(PullRequest request) {
        Failures failures = failuresOf(request);
        return pull(request, failures, answer -> {
            PulledBatches.Packed packed = batches.packed(answer, request.cursor());
            int status = answer.status();
            String requestId = answer.requestId();
            return () -> {
                try {
                    return packed.unpack();
                } catch (UnreadableAnswerException e) {
                    throw failures.unreadable(status, requestId, e.getMessage(), e);
                }
            };
        });
    }

    private <T> PendingCall<T> pull(PullRequest request, Failures failures, Exchange.Reader<T> reader) {
        return start(new Exchange<>(this, failures, CallType.PULL, ApiRequests.pull(request), reader));
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
        // An answer of the service is all that is needed.
        return start(new Exchange<>(this, failures, CallType.PUT, compressed, answer -> null));
    }

    /**
     * Starts to look something up.
     *
     * @param failures of this call
     * @param body reads the answer
     */
    public <T> PendingCall<T> lookUp(ControlRequest request, Failures failures, JsonBody<T> body) {
        return lookUp(request, failures, body, headers -> {});
    }

    /**
     * Starts to look something up.
     *
     * @param failures of this call
     * @param body reads the answer
     * @param headers gets the headers of an answer that could be read
     */
    public <T> PendingCall<T> lookUp(
            ControlRequest request, Failures failures, JsonBody<T> body, Consumer<Map<String, String>> headers) {
        return start(new Exchange<>(this, failures, CallType.CONTROL, requests.control(request), answer -> {
            T value = JsonText.read(answer.text(), body);
            Map<String, String> byName = new HashMap<>();
            answer.headers().forEach(header -> byName.put(header.getKey(), header.getValue()));
            headers.accept(byName);
            return value;
        }));
    }

    /**
     * Starts to change something, which is answered without a word.
     *
     * @param failures of this call
     */
    public PendingCall<Void> change(ControlRequest request, Failures failures) {
        return start(new Exchange<>(this, failures, CallType.CONTROL, requests.control(request), answer -> null));
    }

    private <T> Exchange<T> start(Exchange<T> exchange) {
        pending.add(exchange);
        exchange.whenEnded(() -> pending.remove(exchange));
        exchange.start();
        if (threadEnded) {
            exchange.broke(refusal(exchange.failures()));
        }
        return exchange;
    }

    /** Runs when the I/O thread has ended: nothing answers to these calls any more, and no timer ends them. */
    private void endPending() {
        threadEnded = true;
        for (Exchange<?> exchange : pending) {
            exchange.broke(refusal(exchange.failures()));
        }
    }

    /** Why nothing is sent any more. */
    Exception refusal(Failures failures) {
        return closed
                ? failures.noAnswer("Closed", "the client is closed", null)
                : new IllegalStateException(failures.operation() + " on " + failures.target()
                        + " cannot be sent: the I/O thread of the SLS client in this process has ended by an error,"
                        + " which the log of this process shows. The next client that is opened gets a new thread");
    }

    /** Whether calls can be made: it is not closed, and its thread has not ended. */
    public boolean isUsable() {
        return !closed && !threadEnded && !thread.loop().isShuttingDown();
    }

    Duration timeLimit() {
        return timeLimit;
    }

    /** The thread that all exchanges live on. */
    IoThread thread() {
        return thread;
    }

    FairSemaphore turns() {
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

    /**
     * Closes all connections, and ends whatever is pending. When no other client is left in this process, its I/O threads
     * are ended, and waited for.
     */
    @Override
    public void close() {
        closed = true;
        thread.run(pool::close, failure -> {});
        pending.forEach(exchange -> exchange.broke(refusal(exchange.failures())));
        loops.forget(threadHasEnded);
        loops.release();
    }
}
