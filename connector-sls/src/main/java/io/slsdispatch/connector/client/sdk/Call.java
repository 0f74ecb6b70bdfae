package io.slsdispatch.connector.client.sdk;

import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.SlsException;
import java.util.concurrent.CompletableFuture;
import org.apache.hc.core5.concurrent.Cancellable;
import org.jspecify.annotations.Nullable;

/**
 * One request through the SDK, from being asked for until it ends: by its answer, its failure, its deadline, by being
 * cancelled or by the client being closed, whichever comes first. When it ends early, its HTTP exchange is aborted.
 */
final class Call<T> implements Runnable {

    /** What happens on a thread of the client. */
    @FunctionalInterface
    interface Work<T> {
        @Nullable
        T run() throws SlsException;
    }

    /** The SDK has no place to carry it in, from the thread that runs a call to the HTTP exchange it makes. */
    private static final ThreadLocal<Call<?>> CURRENT = new ThreadLocal<>();

    private final String operation;
    private final String target;
    private final Work<T> work;
    private final CompletableFuture<T> result = new CompletableFuture<>();

    private @Nullable Cancellable exchange;

    Call(String operation, String target, Work<T> work) {
        this.operation = operation;
        this.target = target;
        this.work = work;
        whenEnded(this::abort);
    }

    /** Does something when the call ends, in whatever way; at once when it has. */
    @SuppressWarnings("FutureReturnValueIgnored") // how it ended is the business of whoever holds the result
    void whenEnded(Runnable action) {
        result.whenComplete((value, failure) -> action.run());
    }

    /** Completes when the call ends; whoever completes it otherwise, or cancels it, ends the call. */
    CompletableFuture<T> result() {
        return result;
    }

    @Override
    public void run() {
        if (result.isDone()) {
            return;
        }
        CURRENT.set(this);
        try {
            T value = work.run();
            leave();
            result.complete(value);
        } catch (SlsException | RuntimeException | Error e) {
            leave();
            result.completeExceptionally(e);
        } finally {
            CURRENT.remove();
        }
    }

    /** Ends the call without an answer. */
    void fail(String errorCode, String message) {
        result.completeExceptionally(
                new SlsException(ErrorKind.UNAVAILABLE, operation, target, -1, errorCode, "", message, null));
    }

    /** Ties the exchange that is about to begin on this thread to its call: it is aborted when the call ends. */
    static void entersExchange(Cancellable exchange) {
        Call<?> call = CURRENT.get();
        if (call == null) {
            throw new IllegalStateException("an exchange outside of any call");
        }
        call.enter(exchange);
    }

    private synchronized void enter(Cancellable exchange) {
        this.exchange = exchange;
        if (result.isDone()) {
            exchange.cancel();
        }
    }

    private synchronized void leave() {
        exchange = null;
    }

    private void abort() {
        Cancellable abandoned;
        synchronized (this) {
            abandoned = exchange;
            exchange = null;
        }
        if (abandoned != null) {
            abandoned.cancel();
        }
    }
}
