package io.slsdispatch.job.redrive;

import io.slsdispatch.connector.client.CursorOrigin;
import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.PullRequest;
import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.model.PulledBatch;
import io.slsdispatch.job.redrive.Patience.StoppedException;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/** One shard of a logstore of dead letters, read from a cursor to what was its end when the run began. */
final class LetterShard {

    private final LetterStore store;
    private final SlsClient client;
    private final Patience patience;
    private final int shard;
    private final String end;
    private final Consumer<String> gaps;
    private String cursor;
    private long receivedAtSeconds;
    private boolean done;

    /** @param gaps told of letters that are gone before they were read */
    LetterShard(
            LetterStore store,
            SlsClient client,
            Patience patience,
            int shard,
            String cursor,
            String end,
            Consumer<String> gaps) {
        this.store = store;
        this.client = client;
        this.patience = patience;
        this.shard = shard;
        this.cursor = cursor;
        this.end = end;
        this.gaps = gaps;
        this.done = cursor.equals(end);
    }

    /** By this name the state knows it. */
    String name() {
        return store.name() + " " + shard;
    }

    String cursor() {
        return cursor;
    }

    boolean isDone() {
        return done;
    }

    /** When the last that was read was received, unix seconds; 0 when nothing is read. */
    long receivedAtSeconds() {
        return receivedAtSeconds;
    }

    /** Reads on, and moves. Empty when there was nothing at this place. */
    Optional<PulledBatch> next() throws SlsException, StoppedException, InterruptedException {
        PulledBatch batch;
        try {
            batch = patience.of(this::pull);
        } catch (SlsException e) {
            if (e.kind() != ErrorKind.CURSOR_EXPIRED && e.kind() != ErrorKind.SHARD_NOT_FOUND) {
                throw e;
            }
            expired(e);
            return Optional.empty();
        }
        if (batch.groups() == 0) {
            passOver(batch.nextCursor());
            return Optional.empty();
        }
        if (batch.receivedAtSeconds() > 0) {
            receivedAtSeconds = batch.receivedAtSeconds();
        }
        cursor = batch.nextCursor();
        done = cursor.equals(end);
        return Optional.of(batch);
    }

    private PulledBatch pull() throws SlsException, InterruptedException {
        try {
            PulledBatch batch = client.pull(
                            new PullRequest(store.logstore(), shard, cursor, PullRequest.MAX_GROUPS, end))
                    .get();
            if (batch.groups() > 0
                    && (batch.nextCursor().isEmpty() || batch.nextCursor().equals(cursor))) {
                throw new SlsException(
                        ErrorKind.UNAVAILABLE,
                        "PullLogs",
                        store.logstore() + " shard " + shard,
                        -1,
                        "BadAnswer",
                        "",
                        "the cursor does not move over " + batch.groups() + " log groups",
                        null);
            }
            return batch;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SlsException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    /** Nothing is here. When there is something behind it, what was here is gone. */
    private void passOver(String next) throws SlsException, StoppedException, InterruptedException {
        if (next.isEmpty() || next.equals(cursor)) {
            done = true;
            return;
        }
        if (!next.equals(end) && next.equals(begin())) {
            gaps.accept(gap());
        }
        cursor = next;
        done = cursor.equals(end);
    }

    private void expired(SlsException error) throws SlsException, StoppedException, InterruptedException {
        gaps.accept(gap() + ": " + error.getMessage());
        if (error.kind() == ErrorKind.SHARD_NOT_FOUND) {
            done = true;
            return;
        }
        String begin = begin();
        // The same again would never end.
        done = begin.equals(cursor) || begin.equals(end);
        cursor = begin;
    }

    private String begin() throws SlsException, StoppedException, InterruptedException {
        return patience.of(() -> client.cursor(store.logstore(), shard, new CursorOrigin.Begin()));
    }

    private String gap() {
        return "shard " + shard + " of " + store.logstore() + ": what was received after "
                + (receivedAtSeconds > 0 ? Instant.ofEpochSecond(receivedAtSeconds) : "the cursor " + cursor)
                + " is gone before it was read";
    }
}
