package io.slsdispatch.connector.client.http;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.slsdispatch.connector.client.Credentials;
import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.client.access.ErrorCodes;
import io.slsdispatch.connector.client.access.Failures;
import io.slsdispatch.connector.client.access.PendingCall;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One call with its HTTP exchange, in the order of the methods: it gets a deadline, takes its turn, gets credentials and
 * a connection, is sent, and answered. When it ends before, what it holds is given back, and its connection is closed.
 * All on one I/O thread, which {@link #start} leads it to.
 */
final class Exchange<T> extends PendingCall<T> implements Connection.Listener {

    /** Makes the result of an answer that is no error; the answer's body is lent. */
    @FunctionalInterface
    interface Reader<T> {
        @Nullable
        T read(Answer answer) throws UnreadableAnswerException;
    }

    private final DataCalls calls;
    private final IoThread thread;
    private final Failures failures;
    private final ApiRequest request;
    private final Reader<T> reader;
    private final long deadline;
    private final Runnable turn = this::authorize;

    private boolean hasTurn;
    private boolean bodyIsSent;
    private @Nullable Connection connection;

    Exchange(DataCalls calls, Failures failures, ApiRequest request, Reader<T> reader) {
        super(failures.operation(), failures.target());
        this.calls = calls;
        this.thread = calls.thread();
        this.failures = failures;
        this.request = request;
        this.reader = reader;
        this.deadline = System.nanoTime() + calls.timeLimit().toNanos();
    }

    /** From the thread that asks for it. */
    void start() {
        try {
            thread.loop().execute(this::takeTurn);
        } catch (RejectedExecutionException e) {
            releaseBody();
            fail("Closed", "the client is closed");
        }
    }

    private void takeTurn() {
        var timer = thread.loop().schedule(this::expire, deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        whenEnded(() -> {
            timer.cancel(false);
            thread.run(this::end);
        });
        if (!result().isDone()) {
            hasTurn = true;
            calls.turns().take(turn, failures.target());
        }
    }

    private void expire() {
        fail("TimedOut", "no whole answer within " + calls.timeLimit().toMillis() + " ms");
    }

    private void authorize() {
        var unused = calls.credentials()
                .current()
                .whenComplete((credentials, missing) -> thread.run(() -> connect(credentials, missing)));
    }

    private void connect(@Nullable Credentials credentials, @Nullable Throwable missing) {
        if (credentials == null) {
            Throwable reason = missing instanceof CompletionException ? missing.getCause() : missing;
            end(failures.unsigned(reason == null ? "no credentials" : reason.getMessage()));
        } else if (!result().isDone()) {
            calls.pool().take(calls.connectHost(request), (taken, failure) -> send(credentials, taken, failure));
        }
    }

    private void send(Credentials credentials, @Nullable Connection taken, @Nullable Throwable failure) {
        if (taken == null) {
            end(failures.noAnswer(ErrorCodes.NO_ANSWER, "cannot connect: " + failure, failure));
        } else if (result().isDone()) {
            calls.pool().giveBack(taken);
        } else {
            send(credentials, taken);
        }
    }

    private void send(Credentials credentials, Connection taken) {
        FullHttpRequest http;
        try {
            http = http(credentials);
        } catch (IllegalArgumentException e) {
            // Such as an access key id that cannot stand in a header.
            calls.pool().giveBack(taken);
            end(failures.invalid(ErrorKind.INVALID_REQUEST, "InvalidArgument", e.getMessage(), e));
            return;
        }
        connection = taken;
        bodyIsSent = true;
        taken.send(http, this);
    }

    private FullHttpRequest http(Credentials credentials) {
        ApiRequest.Body body = request.body();
        FullHttpRequest http = new DefaultFullHttpRequest(
                HttpVersion.HTTP_1_1,
                request.method(),
                calls.requestTarget(request),
                body == null ? Unpooled.EMPTY_BUFFER : body.content());
        calls.signedHeaders(request, credentials)
                .forEach((name, value) -> http.headers().set(name, value));
        if (body != null) {
            http.headers().set("content-length", body.content().readableBytes());
        }
        return http;
    }

    @Override
    public void answered(Answer answer) {
        connection = null;
        if (answer.isError()) {
            end(answer.failure(failures));
            return;
        }
        try {
            result().complete(reader.read(answer));
        } catch (UnreadableAnswerException e) {
            end(failures.unreadable(e.getMessage(), e));
        } catch (RuntimeException | Error e) {
            result().completeExceptionally(e);
        }
    }

    @Override
    public void failed(Throwable reason) {
        connection = null;
        end(failures.noAnswer(ErrorCodes.NO_ANSWER, reason.toString(), reason));
    }

    private void end(SlsException failure) {
        result().completeExceptionally(failure);
    }

    private void end() {
        Connection used = connection;
        connection = null;
        if (used != null) {
            used.abandon();
        }
        releaseBody();
        if (hasTurn) {
            hasTurn = false;
            calls.turns().giveBack(turn);
        }
    }

    private void releaseBody() {
        ApiRequest.Body body = request.body();
        if (body != null && !bodyIsSent) {
            bodyIsSent = true;
            body.content().release();
        }
    }
}
