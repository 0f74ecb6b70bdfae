package io.slsdispatch.connector.client.sdk;

import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.client.access.PendingCall;
import org.apache.hc.core5.concurrent.Cancellable;
import org.jspecify.annotations.Nullable;

/** One request through the SDK. When it ends early, its HTTP exchange is aborted. */
final class Call<T> extends PendingCall<T> implements Runnable {

    /** What happens on a thread of the client. */
    @FunctionalInterface
    interface Work<T> {
        @Nullable
        T run() throws SlsException;
    }

    /** The SDK has no place to carry it in, from the thread that runs a call to the HTTP exchange it makes. */
    private static final ThreadLocal<Call<?>> CURRENT = new ThreadLocal<>();

    private final Work<T> work;

    private @Nullable Cancellable exchange;

    Call(String operation, String target, Work<T> work) {
        super(operation, target);
        this.work = work;
        whenEnded(this::abort);
    }

    @Override
    public void run() {
        if (result().isDone()) {
            return;
        }
        CURRENT.set(this);
        try {
            T value = work.run();
            leave();
            result().complete(value);
        } catch (SlsException | RuntimeException | Error e) {
            leave();
            result().completeExceptionally(e);
        } finally {
            CURRENT.remove();
        }
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
        if (result().isDone()) {
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
