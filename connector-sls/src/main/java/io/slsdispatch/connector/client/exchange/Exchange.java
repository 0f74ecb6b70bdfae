package io.slsdispatch.connector.client.exchange;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.slsdispatch.connector.client.ErrorCodes;
import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.client.credentials.Credentials;
import io.slsdispatch.connector.client.credentials.RequestCredentials;
import io.slsdispatch.connector.client.exchange.ApiRequest.CallType;
import io.slsdispatch.connector.client.exchange.EventLoops.IoThread;
import io.slsdispatch.connector.config.Durations;
import io.slsdispatch.connector.task.GuardedTasks;
import io.slsdispatch.connector.task.GuardedTasks.Scheduled;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One call with its HTTP exchange. It gets a deadline, acquires a permit, gets credentials and a connection, is sent,
 * and is answered; the methods are in this order. When the call ends early, its resources are released, and its
 * connection is closed. All steps run on one I/O thread, to which {@link #start} hands over.
 *
 * <p>A call sends one request. Only when the service refused it for its time alone, and has thus done nothing, it is
 * signed with another time ({@link SigningClock}) and sent once more, within the same deadline.
 *
 * <p>Every call ends: an exception in any step, an {@link Error} included, ends the call with that exception, and so
 * does the end of the I/O thread.
 */
final class Exchange<T> extends PendingCall<T> implements Connection.Listener {

    private static final String USER_AGENT = "sls-dispatch";

    private final Shared shared;
    private final IoThread thread;
    private final Failures failures;
    private final CallType type;
    private final ApiRequest request;
    private final Answer.Reader<T> reader;
    private final long deadline;
    private final Runnable permitted = GuardedTasks.guarded(this::authorize, this::broke);
    private final AtomicBoolean bodyIsGiven = new AtomicBoolean();

    private @Nullable Scheduled timer;
    private boolean hasPermit;
    private @Nullable Connection connection;
    private SigningClock.@Nullable Reading signedAt;
    private boolean repeated;

    /** What the call waits for in this process before it gets to the network; null after that. */
    private @Nullable String waitsFor;

    /**
     * The state that all exchanges of a connection's configuration share.
     *
     * @param timeLimit of each call, from {@link #start} on
     * @param thread on which they run
     * @param clock the time to sign with
     * @param refusal creates the error of a call when the transport is closed or its thread has ended
     */
    record Shared(
            Duration timeLimit,
            IoThread thread,
            FairSemaphore semaphore,
            ConnectionPool pool,
            Addressing addressing,
            RequestCredentials credentials,
            Signer signer,
            SigningClock clock,
            Function<Failures, Exception> refusal) {}

    Exchange(Shared shared, Failures failures, CallType type, ApiRequest request, Answer.Reader<T> reader) {
        super(failures.operation(), failures.target());
        this.shared = shared;
        this.thread = shared.thread();
        this.failures = failures;
        this.type = type;
        this.request = request;
        this.reader = reader;
        this.deadline = System.nanoTime() + shared.timeLimit().toNanos();
    }

    Failures failures() {
        return failures;
    }

    /** Starts the call. Runs on the calling thread. */
    void start() {
        // An I/O thread that has ended has closed its connections; only the body is left to release.
        whenEnded(() -> thread.run(this::end, failure -> releaseBody()));
        thread.later(this::begin, this::broke);
    }

    private void begin() {
        if (result().isDone()) {
            return;
        }
        timer = thread.schedule(Duration.ofNanos(deadline - System.nanoTime()), this::expire, this::broke);
        if (type.needsPermit()) {
            hasPermit = true;
            waitsFor = "its turn behind other requests of this process (max-concurrent-requests)";
            shared.semaphore().acquire(permitted, failures.target());
        } else {
            permitted.run();
        }
    }

    private void expire() {
        String limit = Durations.text(shared.timeLimit());
        if (waitsFor == null) {
            fail("TimedOut", "no complete response within " + limit);
        } else {
            fail(ErrorCodes.NOT_SENT, "not sent within " + limit + ", since it waited for " + waitsFor);
        }
    }

    private void authorize() {
        waitsFor = "credentials";
        GuardedTasks.whenDone(
                shared.credentials().current(),
                (credentials, missing) -> thread.run(() -> connect(credentials, missing), this::broke),
                this::broke);
    }

    private void connect(@Nullable Credentials credentials, @Nullable Throwable missing) {
        if (credentials == null) {
            Throwable reason = missing instanceof CompletionException ? missing.getCause() : missing;
            fail(failures.unsigned(reason == null ? "no credentials" : reason.getMessage()));
        } else if (!result().isDone()) {
            waitsFor = "the look-up of the host name";
            shared.pool()
                    .take(
                            shared.addressing().connectHost(request.project()),
                            () -> waitsFor = null,
                            (taken, failure) -> GuardedTasks.guarded(
                                            () -> send(credentials, taken, failure), this::broke)
                                    .run());
        }
    }

    private void send(Credentials credentials, @Nullable Connection taken, @Nullable Throwable failure) {
        waitsFor = null;
        if (taken == null) {
            noAnswer("cannot connect: ", failure);
        } else if (result().isDone()) {
            shared.pool().giveBack(taken);
        } else {
            send(credentials, taken);
        }
    }

    private void send(Credentials credentials, Connection taken) {
        // From here on the connection is closed when the call ends for any reason.
        connection = taken;
        FullHttpRequest http;
        try {
            http = http(credentials);
        } catch (IllegalArgumentException e) {
            // For example an access key id that a header cannot contain.
            connection = null;
            shared.pool().giveBack(taken);
            fail(failures.invalid(ErrorKind.INVALID_REQUEST, "InvalidArgument", e.getMessage(), e));
            return;
        }
        if (!type.keepsBody()) {
            bodyIsGiven.set(true);
        }
        taken.send(http, type.maxBody(), this);
    }

    private FullHttpRequest http(Credentials credentials) {
        ApiRequest.Body body = request.body();
        FullHttpRequest http = new DefaultFullHttpRequest(
                HttpVersion.HTTP_1_1,
                HttpMethod.valueOf(request.method()),
                shared.addressing().requestTarget(request),
                body == null
                        ? Unpooled.EMPTY_BUFFER
                        : type.keepsBody() ? body.content().retainedDuplicate() : body.content());
        SigningClock.Reading now = shared.clock().read();
        signedAt = now;
        shared.signer()
                .sign(
                        shared.addressing().addressed(request),
                        shared.addressing().hostHeader(request.project()),
                        credentials,
                        now.time())
                .forEach((name, value) -> http.headers().set(name, value));
        http.headers().set("user-agent", USER_AGENT);
        String proxyAuthorization = shared.addressing().proxyAuthorization();
        if (proxyAuthorization != null) {
            http.headers().set("proxy-authorization", proxyAuthorization);
        }
        if (body != null) {
            http.headers().set("content-length", body.length());
        }
        return http;
    }

    @Override
    public void answered(Answer answer) {
        connection = null;
        GuardedTasks.guarded(() -> read(answer), this::broke).run();
    }

    private void read(Answer answer) {
        if (answer.isError() || !answer.isOfTheService()) {
            refused(answer);
            return;
        }
        if (signedAt != null) {
            shared.clock().accepted(signedAt);
        }
        try {
            result().complete(reader.read(answer));
        } catch (Answer.UnreadableException e) {
            fail(failures.unreadable(answer.status(), answer.requestId(), e.getMessage(), e));
        } catch (Answer.TooLargeException e) {
            tooLarge(e);
        }
    }

    private void refused(Answer answer) {
        SlsException failure = answer.failure(failures);
        boolean otherTime = answer.isOfTheService()
                && ErrorCodes.isAboutClock(failure.errorCode())
                && signedAt != null
                && shared.clock().refused(signedAt, answer.time());
        if (!otherTime) {
            fail(failure);
        } else if (type.keepsBody() && !repeated) {
            repeated = true;
            authorize();
        } else {
            fail(failures.retryable(failure));
        }
    }

    @Override
    public void failed(Throwable reason) {
        connection = null;
        if (reason instanceof Answer.TooLargeException tooLarge) {
            tooLarge(tooLarge);
        } else {
            noAnswer("", reason);
        }
    }

    private void noAnswer(String what, @Nullable Throwable reason) {
        if (thread.loop().isShuttingDown()) {
            // When the thread ends, its connections end, and no new one can be opened.
            broke(shared.refusal().apply(failures));
        } else if (reason instanceof Error && !(reason instanceof OutOfMemoryError)) {
            // A class that is missing, for example, will be missing in a retry, too.
            broke(reason);
        } else {
            fail(failures.noAnswer(codeOf(reason), what + textOf(reason), reason));
        }
    }

    private static String textOf(@Nullable Throwable reason) {
        return reason instanceof LocalFailureException ? String.valueOf(reason.getMessage()) : String.valueOf(reason);
    }

    private static String codeOf(@Nullable Throwable reason) {
        if (reason instanceof LocalFailureException local) {
            return local.code();
        }
        return reason instanceof OutOfMemoryError ? ErrorCodes.NO_SOCKET : ErrorCodes.NO_ANSWER;
    }

    /**
     * Groups that are too large for this client will be too large in a retry; for other calls the size does not matter.
     */
    private void tooLarge(Answer.TooLargeException reason) {
        fail(
                type == CallType.PULL && reason.isOfTheService()
                        ? failures.invalid(ErrorKind.TOO_LARGE, "AnswerTooLarge", reason.getMessage(), reason)
                        : failures.noAnswer("AnswerTooLarge", reason.getMessage(), reason));
    }

    /** Ends the call with an error that does not come from the service: a bug, or the end of the thread. */
    void broke(Throwable reason) {
        result().completeExceptionally(
                        reason instanceof RejectedExecutionException
                                ? shared.refusal().apply(failures)
                                : reason);
    }

    private void end() {
        Connection used = connection;
        connection = null;
        try {
            if (timer != null) {
                timer.cancel();
            }
            if (used != null) {
                used.abandon();
            }
        } finally {
            releaseBody();
            if (hasPermit) {
                hasPermit = false;
                shared.semaphore().release(permitted);
            }
        }
    }

    private void releaseBody() {
        ApiRequest.Body body = request.body();
        if (body != null && bodyIsGiven.compareAndSet(false, true)) {
            body.release();
        }
    }
}
