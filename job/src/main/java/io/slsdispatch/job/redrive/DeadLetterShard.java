package io.slsdispatch.job.redrive;

import io.slsdispatch.connector.client.CursorOrigin;
import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.PullRequest;
import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.client.SlsFutures;
import io.slsdispatch.connector.model.Cursor;
import io.slsdispatch.connector.model.PulledBatch;
import io.slsdispatch.connector.wire.LogGroupListWalker;
import io.slsdispatch.connector.wire.MalformedLogGroupException;
import io.slsdispatch.job.redrive.Retrier.StoppedException;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/** A shard of a dead-letter logstore, read from a cursor to its end at the start of the run. */
final class DeadLetterShard {

    /** Number of empty pulls after which a range counts as empty: a server of the service may lag behind. */
    private static final int EMPTY_CHECKS = 3;

    private final DeadLetterLogstore store;
    private final SlsClient client;
    private final Retrier retrier;
    private final int shard;
    private final Cursor end;
    private final Consumer<String> gaps;
    private Cursor cursor;
    private long receivedAtSeconds;
    private boolean done;

    /** Whether dead letters between the cursor and the last response have expired. */
    private boolean leftOut;

    /** @param gaps receives a message for each gap: dead letters that expired before they were read */
    DeadLetterShard(
            DeadLetterLogstore store,
            SlsClient client,
            Retrier retrier,
            int shard,
            String cursor,
            String end,
            Consumer<String> gaps) {
        this.store = store;
        this.client = client;
        this.retrier = retrier;
        this.shard = shard;
        this.cursor = Cursor.of(cursor);
        this.end = Cursor.of(end);
        this.gaps = gaps;
        this.done = this.cursor.isAtOrAfter(this.end);
    }

    /** The name of the shard in the state file. */
    String name() {
        return store.name() + " " + shard;
    }

    String cursor() {
        return cursor.text();
    }

    boolean isDone() {
        return done;
    }

    /** The receive time of the last group read, in unix seconds; 0 before the first. */
    long receivedAtSeconds() {
        return receivedAtSeconds;
    }

    /** Reads the next batch and moves the cursor; empty when there was nothing at the cursor. */
    Optional<PulledBatch> next() throws SlsException, StoppedException, InterruptedException {
        PulledBatch batch;
        try {
            batch = retrier.call(this::pull);
        } catch (SlsException e) {
            if (e.kind() != ErrorKind.CURSOR_EXPIRED && e.kind() != ErrorKind.SHARD_NOT_FOUND) {
                throw e;
            }
            expired(e);
            return Optional.empty();
        }
        if (leftOut) {
            gaps.accept(gap());
        }
        if (batch.groups() == 0) {
            Cursor next = batch.next();
            done = next.isEmpty() || next.equals(cursor) || next.isAtOrAfter(end);
            cursor = next.isEmpty() ? cursor : next;
            return Optional.empty();
        }
        if (batch.receivedAtSeconds() > 0) {
            receivedAtSeconds = batch.receivedAtSeconds();
        }
        cursor = batch.next();
        done = cursor.isAtOrAfter(end);
        return Optional.of(batch);
    }

    /**
     * Pulls a batch that is safe to continue from: it contains all the groups that it claims to, and skips none before
     * them.
     *
     * <p>The cursors of a response may suggest a gap although nothing is missing: no source says that the numbers in
     * cursors are contiguous, and a jump may be between two groups of one response. So this pulls one group alone, and
     * then the range before it. When that range is empty in each of several pulls, and the shard begins no later, the
     * numbers jump there and nothing is missing.
     */
    private PulledBatch pull() throws SlsException, InterruptedException {
        leftOut = false;
        PulledBatch batch = pull(PullRequest.MAX_GROUPS, end);
        if (leavesNothingOut(batch)) {
            return batch;
        }
        PulledBatch single = pull(1, end);
        Cursor from = single.begin(cursor);
        leftOut = !from.equals(cursor) && begin().isAfter(cursor);
        if (from.equals(cursor) || leftOut) {
            return single;
        }
        for (int check = 0; check < EMPTY_CHECKS; check++) {
            if (pull(PullRequest.MAX_GROUPS, from).groups() > 0) {
                throw badAnswer("the pull at cursor " + cursor + " continued at " + from
                        + ", although there are log groups between them");
            }
        }
        leftOut = begin().isAfter(cursor);
        return single;
    }

    private boolean leavesNothingOut(PulledBatch batch) {
        return batch.begin(cursor).equals(cursor);
    }

    private PulledBatch pull(int groups, Cursor upTo) throws SlsException, InterruptedException {
        PulledBatch batch = SlsFutures.await(
                client.pull(new PullRequest(store.logstore(), shard, cursor.text(), groups, upTo.text())));
        Cursor next = batch.next();
        if (batch.groups() > 0 && (next.isEmpty() || next.equals(cursor))) {
            throw badAnswer("the cursor does not advance past " + batch.groups() + " log groups");
        }
        checkGroups(batch);
        return batch;
    }

    private void checkGroups(PulledBatch batch) throws SlsException {
        LogGroupListWalker groups = new LogGroupListWalker();
        groups.reset(batch.data(), batch.length());
        int count = 0;
        try {
            while (groups.next()) {
                count++;
            }
        } catch (MalformedLogGroupException e) {
            throw badAnswer("malformed response: " + e.getMessage());
        }
        if (count != batch.groups()) {
            throw badAnswer("the response header says " + batch.groups() + " log groups, but the body has " + count);
        }
    }

    /** A retryable error for an invalid response. */
    private SlsException badAnswer(String problem) {
        return new SlsException(
                ErrorKind.UNAVAILABLE,
                "PullLogs",
                store.logstore() + " shard " + shard,
                -1,
                "BadAnswer",
                "",
                problem,
                null);
    }

    private void expired(SlsException error) throws SlsException, StoppedException, InterruptedException {
        gaps.accept(gap() + ": " + error.getMessage());
        if (error.kind() == ErrorKind.SHARD_NOT_FOUND) {
            done = true;
            return;
        }
        Cursor begin = retrier.call(this::begin);
        // Pulling the same cursor again would never end.
        done = begin.equals(cursor) || begin.isAtOrAfter(end);
        cursor = begin;
    }

    private Cursor begin() throws SlsException {
        return Cursor.of(client.cursor(store.logstore(), shard, new CursorOrigin.Begin()));
    }

    private String gap() {
        return "shard " + shard + " of " + store.logstore() + ": data received after "
                + (receivedAtSeconds > 0 ? Instant.ofEpochSecond(receivedAtSeconds) : "cursor " + cursor)
                + " expired before it was read";
    }
}
