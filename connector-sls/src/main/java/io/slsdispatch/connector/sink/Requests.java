package io.slsdispatch.connector.sink;

import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.PutRequest;
import io.slsdispatch.connector.client.SlsClient;
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
 * Requests to one logstore that are under way. Each ends: by its answer, or when the deadline has passed, whatever the
 * client does. Task thread only; answers come back as mails.
 */
final class Requests<R extends Request> {

    /** The code of a request that the client never answered. */
    static final String OVERDUE = "NoAnswer";

    /** Learns how a request ended. */
    interface Receiver<R> {

        void succeeded(R request) throws IOException;

        void failed(R request, SlsException error) throws IOException;

        /** An error that is none of the service's. */
        void broke(Throwable error) throws IOException;
    }

    private final LogstoreId logstore;
    private final SlsClient client;
    private final TaskThread thread;
    private final Duration deadline;
    private final Receiver<R> receiver;
    private final Set<R> underWay = new LinkedHashSet<>();
    private boolean closed;

    /** @param deadline above that of the client, which should end its calls itself */
    Requests(LogstoreId logstore, SlsClient client, TaskThread thread, Duration deadline, Receiver<R> receiver) {
        this.logstore = logstore;
        this.client = client;
        this.thread = thread;
        this.deadline = deadline;
        this.receiver = receiver;
    }

    /** How many are under way. */
    int count() {
        return underWay.size();
    }

    void send(R request) {
        int attempt = request.sent(thread.now());
        underWay.add(request);
        var answer = client.put(new PutRequest(logstore, request.groups(), request.hashKey()));
        request.awaits(answer);
        GuardedTasks.whenDone(
                answer,
                (nothing, error) -> thread.execute(() -> answered(request, attempt, error), "answer to a put"),
                failure -> thread.execute(() -> lost(failure), "lost answer to a put"));
    }

    /** Without memory for an answer its request would wait for it without an end: the task fails. */
    private static void lost(Throwable failure) throws IOException {
        throw new IOException("The answer to a put was lost", failure);
    }

    private void answered(R request, int attempt, @Nullable Throwable error) throws IOException {
        if (closed || request.attempts() != attempt || !underWay.remove(request)) {
            return;
        }
        if (error == null) {
            receiver.succeeded(request);
        } else if (error instanceof SlsException exception) {
            receiver.failed(request, exception);
        } else {
            receiver.broke(error);
        }
    }

    /** Ends those that are overdue. */
    void endOverdue() throws IOException {
        long now = thread.now();
        List<R> overdue = underWay.stream()
                .filter(request -> now - request.sentAt() >= deadline.toNanos())
                .toList();
        for (R request : overdue) {
            CompletableFuture<Void> answer = request.answer();
            if (answer != null && answer.isDone()) {
                // Its mail is still to be read, or was lost with an error on the thread of the client.
                answered(request, request.attempts(), failureOf(answer));
                continue;
            }
            abandon(request);
            receiver.failed(
                    request,
                    new SlsException(
                            ErrorKind.UNAVAILABLE,
                            "PutLogs",
                            logstore.toString(),
                            -1,
                            OVERDUE,
                            "",
                            "the client has given no answer within " + deadline.toMillis() + " ms",
                            null));
        }
    }

    private static @Nullable Throwable failureOf(CompletableFuture<Void> answer) {
        return answer.handle((nothing, error) -> error).join();
    }

    /** Whether the answer to one of them is there and will be told soon. */
    boolean hasAnswer() {
        return underWay.stream().anyMatch(Request::isAnswered);
    }

    /** Ends one; its receiver hears no more of it. */
    void abandon(R request) {
        underWay.remove(request);
        request.abandon();
    }

    /** From now on no answer is looked at. */
    void close() {
        closed = true;
    }
}
