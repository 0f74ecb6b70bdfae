package io.slsdispatch.connector.sink;

import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.put.PutBatch;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A batch and the answer that it waits for. Task thread only. */
abstract sealed class Request extends PutBatch permits Put, LetterPut {

    private int attempts;
    private long firstSentAt;
    private @Nullable CompletableFuture<Void> answer;

    /** @param size how many items it has to settle: groups, or logs of dead letters */
    Request(int size) {
        super(size);
    }

    /** What the next request writes; at least one. */
    abstract List<RawLogGroup> groups();

    /** Where on the ring of hash keys; null lets the service choose. */
    abstract @Nullable String hashKey();

    /** Takes over for how long another request has failed, of which this is a part. */
    void inherit(Request whole) {
        inheritFailures(whole);
        firstSentAt = whole.firstSentAt;
        attempts = whole.attempts;
    }

    /** @return the number of this attempt */
    int sent(long now) {
        if (attempts == 0) {
            firstSentAt = now;
        }
        sentAt(now);
        attempts++;
        return attempts;
    }

    /** Notes where the answer of the attempt will be. */
    void awaits(CompletableFuture<Void> answer) {
        this.answer = answer;
    }

    /** Where the answer of the last attempt is, or will be; null when none is awaited. */
    @Nullable
    CompletableFuture<Void> answer() {
        return answer;
    }

    /** Whether the answer is there, perhaps not yet seen. */
    boolean isAnswered() {
        return answer != null && answer.isDone();
    }

    /** From now on no answer to what was sent so far is looked at; what the client holds for it is released. */
    void abandon() {
        CompletableFuture<Void> abandoned = answer;
        answer = null;
        attempts++;
        if (abandoned != null) {
            abandoned.cancel(true);
        }
    }

    /** Number of the last attempt. */
    int attempts() {
        return attempts;
    }

    long firstSentAt() {
        return firstSentAt;
    }
}
