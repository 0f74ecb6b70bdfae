package io.slsdispatch.connector.client.exchange;

import io.slsdispatch.connector.client.credentials.RequestCredentials;
import io.slsdispatch.connector.client.exchange.ApiRequest.CallType;
import io.slsdispatch.connector.client.exchange.EventLoops.IoThread;
import io.slsdispatch.connector.config.ConnectionConfig;
import io.slsdispatch.connector.config.Signature;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.apache.flink.annotation.Internal;

/**
 * Sends all requests of all clients that share a connection's configuration: bounded in time, pulls and puts in number, too,
 * over kept connections, on one of the I/O threads of the process. Safe for use from many threads.
 *
 * <p>Every call ends: by its answer, its deadline, {@link #close}, or with whatever breaks on the way, the end of the I/O
 * thread included.
 *
 * <p>A body is made and digested by the thread that asks for the call, so that this work is spread as the callers are. The
 * I/O thread signs and sends.
 */
@Internal
public final class HttpTransport implements AutoCloseable {

    private final EventLoops loops;
    private final IoThread thread;
    private final Exchange.Shared shared;
    private final Set<Exchange<?>> pending = ConcurrentHashMap.newKeySet();
    private final Runnable threadHasEnded = this::endPending;
    private volatile boolean threadEnded;
    private volatile boolean closed;

    private HttpTransport(
            ConnectionConfig config, RequestCredentials credentials, Executor background, EventLoops loops) {
        ConnectionConfig.Network network = config.network();
        Addressing addressing = new Addressing(config.endpoint(), network.proxy());
        this.loops = loops;
        this.thread = loops.thread(threadHasEnded);
        Connector connector = new Connector(config, addressing.proxyLogin(), thread, loops.memory(), background);
        this.shared = new Exchange.Shared(
                network.requestTimeout(),
                thread,
                // What it runs has its own way to fail.
                new FairSemaphore(network.maxConcurrentRequests(), call -> thread.later(call::run, failure -> {})),
                new ConnectionPool(connector, thread),
                addressing,
                credentials,
                signer(config.signature()),
                this::refusal);
    }

    /**
     * Begins. Makes no request.
     *
     * @param background runs what may take long: looking up names, fetching credentials
     * @throws IllegalArgumentException when the CA file cannot be read
     * @throws IllegalStateException when an environment variable of the proxy's log-in is missing
     */
    public static HttpTransport open(ConnectionConfig config, RequestCredentials credentials, Executor background) {
        EventLoops loops = EventLoops.acquire();
        try {
            return new HttpTransport(config, credentials, background, loops);
        } catch (Throwable e) {
            loops.release();
            throw e;
        }
    }

    static Signer signer(Signature signature) {
        return signature instanceof Signature.V4 v4 ? new SignerV4(v4.region()) : new SignerV1();
    }

    /** Gives memory for bodies of requests. */
    public ApiRequest.Body allocate(int capacity) throws ApiRequest.Body.NoMemoryException {
        return ApiRequest.Body.allocate(loops.memory(), capacity);
    }

    /** Arrays for what answers hold, shared by the whole process. */
    public ArrayPool arrays() {
        return loops.arrays();
    }

    /**
     * Digests and sends a request, which is released.
     *
     * @param failures of this call
     * @param reader makes the result of the answer, on the I/O thread
     */
    public <T> PendingCall<T> send(CallType type, ApiRequest request, Failures failures, Answer.Reader<T> reader) {
        ApiRequest.Body body = request.body();
        if (body != null) {
            digest(body);
        }
        Exchange<T> exchange = new Exchange<>(shared, failures, type, request, reader);
        pending.add(exchange);
        exchange.whenEnded(() -> pending.remove(exchange));
        exchange.start();
        if (threadEnded) {
            exchange.broke(refusal(exchange.failures()));
        }
        return exchange;
    }

    private void digest(ApiRequest.Body body) {
        try {
            body.digest(shared.signer()::digest);
        } catch (Throwable e) {
            body.release();
            throw e;
        }
    }

    /** Runs when the I/O thread has ended: nothing answers to these calls any more, and no timer ends them. */
    private void endPending() {
        threadEnded = true;
        for (Exchange<?> exchange : pending) {
            exchange.broke(refusal(exchange.failures()));
        }
    }

    /** Why nothing is sent any more. */
    private Exception refusal(Failures failures) {
        return closed
                ? failures.noAnswer("Closed", "the client is closed", null)
                : new IllegalStateException(failures.operation() + " on " + failures.target()
                        + " cannot be sent: the I/O thread of the SLS client in this process has ended by an error,"
                        + " which the log of this process shows. The next client that is opened gets a new thread");
    }

    /** The thread that all exchanges live on. */
    IoThread thread() {
        return thread;
    }

    /** Whether calls can be made: it is not closed, and its thread has not ended. */
    public boolean isUsable() {
        return !closed && !threadEnded && !thread.loop().isShuttingDown();
    }

    /**
     * Closes all connections, and ends whatever is pending. When no other client is left in this process, its I/O threads
     * are ended, and waited for.
     */
    @Override
    public void close() {
        closed = true;
        thread.run(shared.pool()::close, failure -> {});
        pending.forEach(exchange -> exchange.broke(refusal(exchange.failures())));
        loops.forget(threadHasEnded);
        loops.release();
    }
}
