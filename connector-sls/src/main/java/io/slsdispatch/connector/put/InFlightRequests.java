package io.slsdispatch.connector.put;

import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.PutRequest;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.config.CompressionConfig;
import io.slsdispatch.connector.config.Durations;
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
 * The requests to one logstore that are in flight. Each of them ends: with its answer, or at its deadline, whatever the
 * client does. Owner's thread only; answers arrive there as tasks.
 */
final class InFlightRequests<I> {

    /** Receives the result of a request. */
    interface Receiver<I> {

        void succeeded(PutBatch<I> batch) throws IOException;

        void failed(PutBatch<I> batch, SlsException error) throws IOException;

        /** The request ended with an error that does not come from the service. */
        void broke(Throwable error) throws IOException;
    }

    private final LogstoreId logstore;
    private final PutItems<I> items;
    private final PutContext context;
    private final Duration deadline;
    private final Receiver<I> receiver;
    private final Set<PutBatch<I>> inFlight = new LinkedHashSet<>();
    private boolean closed;

    /** @param deadline longer than the client's time-out, by which the client should end its calls itself */
    InFlightRequests(
            LogstoreId logstore, PutItems<I> items, PutContext context, Duration deadline, Receiver<I> receiver) {
        this.logstore = logstore;
        this.items = items;
        this.context = context;
        this.deadline = deadline;
        this.receiver = receiver;
    }

    /** The number of requests in flight. */
    int count() {
        return inFlight.size();
    }

    boolean contains(PutBatch<I> batch) {
        return inFlight.contains(batch);
    }

    /** @param compression how its groups are sent */
    void send(PutBatch<I> batch, CompressionConfig compression) {
        PutThread thread = context.thread();
        int attempt = batch.sent(thread.now());
        batch.compression().sent(compression.kind(), batch.items().size(), batch.sentAt());
        inFlight.add(batch);
        var answer = context.client()
                .put(new PutRequest(logstore, items.groups(batch.items()), batch.hashKey(), compression));
        batch.awaits(answer);
        GuardedTasks.whenDone(
                answer,
                (nothing, error) -> thread.execute(() -> answered(batch, attempt, error), "response to a put"),
                failure -> thread.execute(() -> lost(failure), "lost response to a put"));
    }

    /** Without memory to schedule an answer, its request would wait for it forever: the owner fails. */
    private static void lost(Throwable failure) throws IOException {
        throw new IOException("The response to a put was lost", failure);
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

    /** Ends overdue requests. */
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
                // The task of the answer still has to run, or an error on the client's thread prevented it.
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
                "the client returned no response within " + Durations.text(deadline),
                null);
    }

    private static @Nullable Throwable failureOf(CompletableFuture<Void> answer) {
        return answer.handle((nothing, error) -> error).join();
    }

    /** Whether an answer has arrived that is not handled yet. */
    boolean hasAnswer() {
        return inFlight.stream().anyMatch(PutBatch::isAnswered);
    }

    /** Ends a request; its receiver gets no result. */
    void abandon(PutBatch<I> batch) {
        inFlight.remove(batch);
        batch.abandon();
    }

    /** From now on all answers are ignored. */
    void close() {
        closed = true;
    }
}
