package io.slsdispatch.connector.put;

import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.PutRequest;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.task.GuardedTasks;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Requests to one logstore that are in flight. Each ends: by its answer, or when the deadline has passed, whatever the client
 * does. Owner's thread only; answers come back to it as tasks.
 */
final class InFlightRequests<I> {

    /** Learns how a request ended. */
    interface Receiver<I> {

        void succeeded(PutBatch<I> batch) throws IOException;

        void failed(PutBatch<I> batch, SlsException error) throws IOException;

        /** An error that is none of the service's. */
        void broke(Throwable error) throws IOException;
    }

    private final LogstoreId logstore;
    private final PutItems<I> items;
    private final PutContext context;
    private final Duration deadline;
    private final Receiver<I> receiver;
    private final Set<PutBatch<I>> inFlight = new LinkedHashSet<>();
    private boolean closed;

    /** @param deadline above that of the client, which should end its calls itself */
    InFlightRequests(
            LogstoreId logstore, PutItems<I> items, PutContext context, Duration deadline, Receiver<I> receiver) {
        this.logstore = logstore;
        this.items = items;
        this.context = context;
        this.deadline = deadline;
        this.receiver = receiver;
    }

    /** How many are in flight. */
    int count() {
        return inFlight.size();
    }

    boolean contains(PutBatch<I> batch) {
        return inFlight.contains(batch);
    }

    void send(PutBatch<I> batch) {
        PutThread thread = context.thread();
        int attempt = batch.sent(thread.now());
        inFlight.add(batch);
        var answer = context.client().put(new PutRequest(logstore, items.groups(batch.items()), batch.hashKey()));
        batch.awaits(answer);
        GuardedTasks.whenDone(
                answer,
                (nothing, error) -> thread.execute(() -> answered(batch, attempt, error), "answer to a put"),
                failure -> thread.execute(() -> lost(failure), "lost answer to a put"));
    }

    /** Without memory for an answer its request would wait for it without an end: the owner fails. */
    private static void lost(Throwable failure) throws IOException {
        throw new IOException("The answer to a put was lost", failure);
    }

    private void answered(PutBatch<I> batch, int attempt, @Nullable Throwable error) throws IOException {
        if (closed || batch.attempts() != attempt || !inFlight.remove(batch)) {
            return;
        }
        if (error == null) {
            receiver.succeeded(batch);
        } else if (error instanceof SlsException exception) {
            receiver.failed(batch, exception);
        } else {
            receiver.broke(error);
        }
    }

    /** Ends those that are overdue. */
    void endOverdue() throws IOException {
        if (closed) {
            return;
        }
        long now = context.thread().now();
        List<PutBatch<I>> overdue = inFlight.stream()
                .filter(batch -> now - batch.sentAt() >= deadline.toNanos())
                .toList();
        for (PutBatch<I> batch : overdue) {
            CompletableFuture<Void> answer = batch.answer();
            if (answer != null && answer.isDone()) {
                // Its task is still to be run, or was lost with an error on the thread of the client.
                answered(batch, batch.attempts(), failureOf(answer));
                continue;
            }
            abandon(batch);
            receiver.failed(batch, overdue());
        }
    }

    private SlsException overdue() {
        return new SlsException(
                ErrorKind.UNAVAILABLE,
                "PutLogs",
                logstore.toString(),
                -1,
                PutErrors.NO_ANSWER,
                "",
                "the client has given no answer within " + deadline.toMillis() + " ms",
                null);
    }

    private static @Nullable Throwable failureOf(CompletableFuture<Void> answer) {
        return answer.handle((nothing, error) -> error).join();
    }

    /** Whether the answer to one of them is there and will be seen soon. */
    boolean hasAnswer() {
        return inFlight.stream().anyMatch(PutBatch::isAnswered);
    }

    /** Ends one; its receiver hears no more of it. */
    void abandon(PutBatch<I> batch) {
        inFlight.remove(batch);
        batch.abandon();
    }

    /** From now on no answer is looked at. */
    void close() {
        closed = true;
    }
}
