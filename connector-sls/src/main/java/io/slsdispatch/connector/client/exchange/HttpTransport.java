package io.slsdispatch.connector.client.exchange;

import io.slsdispatch.connector.client.ErrorCodes;
import io.slsdispatch.connector.client.credentials.RequestCredentials;
import io.slsdispatch.connector.client.exchange.ApiRequest.CallType;
import io.slsdispatch.connector.client.exchange.EventLoops.IoThread;
import io.slsdispatch.connector.config.ConnectionConfig;
import io.slsdispatch.connector.config.Signature;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.apache.flink.annotation.Internal;

/**
 * Sends all requests of all clients that share a connection's configuration, over pooled connections, on one of the I/O
 * threads of the process. Every call has a time limit; the number of concurrent pulls and puts is limited, too. Safe
 * for use from many threads.
 *
 * <p>Every call ends: with its answer, at its deadline, with {@link #close}, or with any error on the way, including
 * the end of the I/O thread.
 *
 * <p>The calling thread creates a body and computes its digest, so that this work is spread over the callers. The I/O
 * thread signs and sends.
 */
@Internal
public final class HttpTransport implements AutoCloseable {

    private final EventLoops loops;
    private final IoThread thread;
    private final SigningClock clock;
    private final Exchange.Shared shared;
    private final Set<Exchange<?>> pending = ConcurrentHashMap.newKeySet();
    private final Runnable threadHasEnded = this::endPending;
    private volatile boolean threadEnded;
    private volatile boolean closed;

    private HttpTransport(
            ConnectionConfig config,
            RequestCredentials credentials,
            Executor background,
            Clock local,
            Signer signer,
            EventLoops loops) {
        ConnectionConfig.Network network = config.network();
        Addressing addressing = new Addressing(config);
        credentials.alsoHide(addressing.secrets());
        this.loops = loops;
        this.clock = new SigningClock(config.endpoint().toString(), local, System::nanoTime);
        this.thread = loops.thread(threadHasEnded);
        Connector connector = new Connector(config, addressing.proxyLogin(), thread, loops.memory(), background);
        this.shared = new Exchange.Shared(
                network.requestTimeout(),
                thread,
                // Each action handles its own failures.
                new FairSemaphore(network.maxConcurrentRequests(), call -> thread.later(call::run, failure -> {})),
                new ConnectionPool(connector, thread),
                addressing,
                credentials,
                signer,
                clock,
                this::refusal);
    }

    /**
     * Opens the transport. Makes no request.
     *
     * @param background runs tasks that may take long: name look-ups and fetches of credentials
     * @throws IllegalArgumentException when the CA file cannot be read
     * @throws IllegalStateException when an environment variable with the proxy's user name or password is missing
     */
    public static HttpTransport open(ConnectionConfig config, RequestCredentials credentials, Executor background) {
        return open(config, credentials, background, Clock.systemUTC(), true);
    }

    /**
     * Opens a transport that may sign requests differently from the job, to find out what the service does then.
     *
     * @param local the clock to sign with
     * @param repeatsDate whether signature version 1 also sends the date as {@code x-log-date}, as the job does
     */
    public static HttpTransport open(
            ConnectionConfig config,
            RequestCredentials credentials,
            Executor background,
            Clock local,
            boolean repeatsDate) {
        EventLoops loops = EventLoops.acquire();
        try {
            Signer signer = repeatsDate ? signer(config.signature()) : new SignerV1(false);
            return new HttpTransport(config, credentials, background, local, signer, loops);
        } catch (Throwable e) {
            loops.release();
            throw e;
        }
    }

    static Signer signer(Signature signature) {
        return signature instanceof Signature.V4 v4 ? new SignerV4(v4.region()) : new SignerV1(true);
    }

    /**
     * By how much requests are signed ahead of the local clock, because the service has refused a request for its time;
     * zero while the local clock is used.
     */
    public Duration clockOffset() {
        return clock.offset();
    }

    /** Allocates memory for the body of a request. */
    public ApiRequest.Body allocate(int capacity) throws ApiRequest.Body.NoMemoryException {
        return ApiRequest.Body.allocate(loops.memory(), capacity);
    }

    /** The arrays for the content of answers, shared by the whole process. */
    public ArrayPool arrays() {
        return loops.arrays();
    }

    /**
     * Computes the digest of a request, sends it, and releases it.
     *
     * @param failures of this call
     * @param reader parses the result from the answer, on the I/O thread
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

    /** Ends the pending calls when the I/O thread has ended: no answer and no timer can end them any longer. */
    private void endPending() {
        threadEnded = true;
        for (Exchange<?> exchange : pending) {
            exchange.broke(refusal(exchange.failures()));
        }
    }

    /** The reason why requests are no longer sent. */
    private Exception refusal(Failures failures) {
        return closed
                ? failures.noAnswer(ErrorCodes.CLOSED, "the client is closed", null)
                : new IllegalStateException(failures.operation() + " on " + failures.target()
                        + " cannot be sent: an error has stopped the I/O thread of the SLS client in this process;"
                        + " see the log of this process. The next client that is opened gets a new thread");
    }

    /** The thread on which all exchanges run. */
    IoThread thread() {
        return thread;
    }

    /** Whether calls can be made: the transport is not closed, and its thread has not ended. */
    public boolean isUsable() {
        return !closed && !threadEnded && !thread.loop().isShuttingDown();
    }

    /**
     * Closes all connections and ends all pending calls. When no other client is left in this process, ends its I/O
     * threads and waits for them.
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
