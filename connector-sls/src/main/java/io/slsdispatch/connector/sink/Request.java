package io.slsdispatch.connector.sink;

import io.slsdispatch.connector.model.RawLogGroup;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What one request carries, from when it is made up until it is settled, through all its repetitions: these carry the
 * same in the same order. Task thread only.
 */
abstract sealed class Request permits Put, LetterPut {

    private int attempts;
    private int failures;
    private long sentAt;
    private long firstSentAt;
    private @Nullable Long failingSince;
    private @Nullable Long deniedSince;
    private @Nullable CompletableFuture<Void> answer;

    /** What is written; at least one. */
    abstract List<RawLogGroup> groups();

    /** Where on the ring of hash keys; null lets the service choose. */
    abstract @Nullable String hashKey();

    /** Takes over for how long another request has failed, of which this is a part. */
    void inherit(Request whole) {
        failures = whole.failures;
        failingSince = whole.failingSince;
        deniedSince = whole.deniedSince;
        firstSentAt = whole.firstSentAt;
        attempts = whole.attempts;
    }

    /** @return the number of this attempt */
    int sent(long now) {
        if (attempts == 0) {
            firstSentAt = now;
        }
        sentAt = now;
        attempts++;
        return attempts;
    }

    /** Notes where the answer of the attempt will be. */
    void awaits(CompletableFuture<Void> answer) {
        this.answer = answer;
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

    long sentAt() {
        return sentAt;
    }

    long firstSentAt() {
        return firstSentAt;
    }

    /** Notes a failure that may pass by itself. */
    void failed(long now) {
        failures++;
        deniedSince = null;
        if (failingSince == null) {
            failingSince = now;
        }
    }

    /** Notes a failure that somebody has to put right: credentials, or a logstore. */
    void denied(long now) {
        failures++;
        failingSince = null;
        if (deniedSince == null) {
            deniedSince = now;
        }
    }

    /** How often in a row it failed. */
    int failures() {
        return failures;
    }

    /** For how many nanoseconds it has met nothing but failures that may pass; 0 when it has not. */
    long failingFor(long now) {
        return failingSince == null ? 0 : now - failingSince;
    }

    /** For how many nanoseconds it has been denied without a break; 0 when it has not. */
    long deniedFor(long now) {
        return deniedSince == null ? 0 : now - deniedSince;
    }
}
