package io.slsdispatch.connector.put;

import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.put.PutErrors.Meaning;
import io.slsdispatch.connector.put.PutListener.Exhausted;
import io.slsdispatch.connector.put.PutPolicy.Adaptation;
import io.slsdispatch.connector.put.PutPolicy.Patience;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Handles a failed put: this is the only class that acts on the meaning of an error. It retries a batch, sends it in
 * parts, rejects an item, or ends the retries. One thread.
 */
final class FailureHandler<I> {

    /** A list above {@code HALVED_ABOVE} bytes that had no answer for this long may be too large for a slow network. */
    private static final long LONG_WITHOUT_ANSWER = TimeUnit.SECONDS.toNanos(5);

    private static final long HALVED_ABOVE = 500_000;

    /**
     * After this many failures, an item that failed alone may be the cause: the items behind it need not wait for it.
     */
    private static final int FAILURES_OF_ONE = 3;

    /** A group whose error code is unknown is tried a few times; these tries take seconds, whatever the back-off is. */
    private static final Duration LONGEST_FOR_UNKNOWN = Duration.ofSeconds(1);

    /** The state that the engine and its failure handler share. */
    record State<I>(
            PutErrors errors,
            PendingBatches<I> pending,
            CircuitBreaker<I> circuit,
            RateLimiter rate,
            ConcurrencyLimit concurrency) {}

    /** Schedules retries of batches. */
    @FunctionalInterface
    interface Retry<I> {
        void after(Duration wait, PutBatch<I> batch);
    }

    private final PutPolicy policy;
    private final PutContext context;
    private final PutItems<I> items;
    private final PutListener<I> listener;
    private final PutErrors errors;
    private final PendingBatches<I> pending;
    private final CircuitBreaker<I> circuit;
    private final RateLimiter rate;
    private final ConcurrencyLimit concurrency;
    private final Retry<I> retry;

    private boolean hasSucceeded;
    private long lastSuccess;

    FailureHandler(
            PutPolicy policy,
            PutContext context,
            PutItems<I> items,
            PutListener<I> listener,
            State<I> state,
            Retry<I> retry) {
        this.policy = policy;
        this.context = context;
        this.items = items;
        this.listener = listener;
        this.errors = state.errors();
        this.pending = state.pending();
        this.circuit = state.circuit();
        this.rate = state.rate();
        this.concurrency = state.concurrency();
        this.retry = retry;
    }

    /** A put was accepted. */
    void succeeded(long now) {
        hasSucceeded = true;
        lastSuccess = now;
    }

    /** A put failed. */
    void failed(PutBatch<I> batch, SlsException error) throws IOException {
        context.metrics().failed(error);
        if (!batch.isList()) {
            batch.singleFailed();
        }
        Meaning meaning = errors.meaning(error);
        if (isSentAgainAsLz4(batch, error, meaning)) {
            return;
        }
        switch (meaning) {
            case THROTTLED -> throttled(batch, error);
            case UNAVAILABLE -> unavailable(batch, error);
            case UNCONFIRMED -> unconfirmed(batch, error);
            case DENIED -> denied(batch, error);
            case ABOUT_REQUEST -> aboutRequest(batch, error);
            case UNKNOWN -> unknown(batch, error);
            case TOO_LARGE -> tooLarge(batch, error);
            case ABOUT_GROUP -> refused(batch, error);
        }
    }

    private void throttled(PutBatch<I> batch, SlsException error) throws IOException {
        context.metrics().throttled();
        if (policy.limits().adaptation() == Adaptation.RATE) {
            rate.throttled(batch.sentAt(), now());
        } else if (policy.limits().adaptation() == Adaptation.CONCURRENCY) {
            concurrency.throttled();
        }
        retry(batch, Exhausted.RETRIES, error);
    }

    private void unavailable(PutBatch<I> batch, SlsException error) throws IOException {
        slowDown();
        // A gateway that does not support lists may answer like this, too; most such errors pass with the first retry.
        if (batch.isList()) {
            if (items.areGroups() && batch.failures() > 0 && error.httpStatus() > 0) {
                batch.probe();
            }
        } else if (batch.failures() >= FAILURES_OF_ONE && !policy.ordered()) {
            pending.letOthersGoBefore(batch);
        }
        retry(batch, Exhausted.RETRIES, error);
    }

    private void unconfirmed(PutBatch<I> batch, SlsException error) throws IOException {
        if (errors.unconfirmed(batch.ticket())) {
            exhausted(batch, Exhausted.UNCONFIRMED, error);
        } else {
            retry(batch, Exhausted.RETRIES, error);
        }
    }

    private void denied(PutBatch<I> batch, SlsException error) throws IOException {
        Duration most = PutErrors.isLogstoreAbsent(error) ? listener.absent(error) : null;
        if (most != null) {
            absent(batch, error, most);
        } else if (policy.patience() == Patience.PER_TARGET) {
            exhausted(batch, Exhausted.DENIED, error);
        } else {
            slowDown();
            retry(batch, Exhausted.DENIED, error);
        }
    }

    private void absent(PutBatch<I> batch, SlsException error, Duration most) {
        long now = now();
        circuit.absent(error);
        if (!pending.contains(batch)) {
            // A late probe, whose items were given back.
            return;
        }
        slowDown();
        batch.absent(now);
        Duration delay = policy.retry().backoff().delay(batch.failures(), context.random());
        Duration pause = delay.compareTo(most) > 0 ? most : delay;
        context.metrics().retries(Exhausted.DENIED, error, pause, null);
        retry.after(pause, batch);
    }

    private void aboutRequest(PutBatch<I> batch, SlsException error) throws IOException {
        if (recompress(batch, error)) {
            return;
        }
        slowDown();
        if (batch.isList() && items.areGroups()) {
            batch.probe();
        }
        retry(batch, Exhausted.BAD_REQUEST, error);
    }

    private void unknown(PutBatch<I> batch, SlsException error) throws IOException {
        if (batch.isList()) {
            batch.searchForUnknown(errors);
        } else if (errors.isAboutGroup(batch.unknown())) {
            refused(batch, error);
            return;
        } else if (!policy.ordered()) {
            pending.letOthersGoBefore(batch);
        }
        retry(batch, Exhausted.UNKNOWN_CODE, error);
    }

    private void tooLarge(PutBatch<I> batch, SlsException error) throws IOException {
        if (batch.isList()) {
            if (!items.areGroups()) {
                refused(batch, error);
            } else if (answered(batch)) {
                pending.replace(batch, batch.halves());
            }
            return;
        }
        List<I> parts = items.split(batch.first());
        if (parts.isEmpty() && !PutErrors.rejectsForSize(error)) {
            slowDown();
            retry(batch, Exhausted.TOO_LARGE, error);
        } else if (answered(batch)) {
            split(batch, parts, error);
        }
    }

    private void split(PutBatch<I> batch, List<I> parts, SlsException error) throws IOException {
        if (parts.isEmpty()) {
            reject(batch, error);
            return;
        }
        long now = now();
        I whole = batch.first();
        context.buffer().remove(items.bytes(whole));
        parts.forEach(part -> context.buffer().take(items.bytes(part), now));
        listener.split(whole, parts);
        pending.replace(batch, batch.withFirstReplacedBy(parts));
    }

    private void refused(PutBatch<I> batch, SlsException error) throws IOException {
        if (!answered(batch) || recompress(batch, error)) {
            return;
        }
        if (batch.isList()) {
            batch.halve();
            pending.due(batch);
        } else {
            reject(batch, error);
        }
    }

    private void reject(PutBatch<I> batch, SlsException reason) throws IOException {
        I item = batch.first();
        batch.removedFirst();
        pending.progressed(batch);
        if (pending.isEmpty()) {
            circuit.idle();
        }
        listener.rejected(item, reason);
    }

    /** Retries the request with its groups compressed again, if their compressed form may be the cause of the error. */
    private boolean recompress(PutBatch<I> batch, SlsException error) {
        if (!PutErrors.mayBeAboutCompression(error, batch.isList()) || !pending.contains(batch)) {
            return false;
        }
        int changed = batch.recompress(items);
        if (changed > 0) {
            context.metrics().recompressed(changed);
            pending.due(batch);
        }
        return changed > 0;
    }

    /**
     * Sends a request again as LZ4, if zstd may be the cause of the error. A gateway may answer zstd as if it were not
     * available: after a second such failure, the retry is LZ4, too.
     */
    private boolean isSentAgainAsLz4(PutBatch<I> batch, SlsException error, Meaning meaning) {
        if (!batch.compression().isZstd() || !pending.contains(batch)) {
            return false;
        }
        boolean refused = PutErrors.mayBeAboutZstd(error, meaning);
        boolean fails = meaning == Meaning.UNAVAILABLE && batch.failures() > 0 && error.httpStatus() > 0;
        if (refused || fails) {
            batch.compression().fallBackToLz4(error);
            context.metrics().recompressed(batch.items().size());
        }
        if (refused) {
            pending.due(batch);
        }
        return refused;
    }

    /** Records that the target works; false when the batch has been given back in the meantime. */
    private boolean answered(PutBatch<I> batch) {
        circuit.answered(now());
        return pending.contains(batch);
    }

    private void slowDown() {
        if (policy.limits().adaptation() == Adaptation.RATE) {
            concurrency.failed();
        }
    }

    /** Ends the retries of a batch. A batch that stayed would hold its slot, its key and its bytes forever. */
    private void exhausted(PutBatch<I> batch, Exhausted reason, SlsException error) throws IOException {
        listener.exhausted(reason, error);
        if (pending.contains(batch)) {
            throw new IllegalStateException(
                    "retries have ended, but the listener neither failed nor gave up the target");
        }
    }

    /** @param reason why the retries end, if they last too long */
    private void retry(PutBatch<I> batch, Exhausted reason, SlsException error) throws IOException {
        long now = now();
        circuit.failed(error, PutErrors.isLocal(error), now);
        if (circuit.isClosed() && !pending.contains(batch)) {
            // A late probe, whose items were given back, has failed for a local reason.
            return;
        }
        if (!circuit.isClosed()) {
            circuit.probeFailed(now);
            circuit.giveBack(pending.takeAll(any -> false));
            circuit.idle();
            return;
        }
        boolean mayPass = reason == Exhausted.RETRIES;
        if (mayPass) {
            batch.failed(now);
        } else {
            batch.denied(now);
        }
        Duration left = left(batch, mayPass, now);
        if (left != null && left.compareTo(Duration.ZERO) <= 0) {
            exhausted(batch, reason, error);
            return;
        }
        listener.retries(batch.failures(), mayPass, error, left);
        boolean unanswered = error.httpStatus() < 0 && now - batch.sentAt() > LONG_WITHOUT_ANSWER;
        if (unanswered && batch.isList() && batch.bytes(items) > HALVED_ABOVE) {
            // An unchanged retry might never succeed.
            pending.replace(batch, batch.halves());
        } else {
            Duration pause = delay(batch, reason);
            context.metrics().retries(reason, error, pause, left);
            retry.after(pause, batch);
        }
    }

    /** How long a batch is still retried; null for without a limit. */
    private @Nullable Duration left(PutBatch<I> batch, boolean mayPass, long now) {
        Duration giveUpAfter = policy.retry().giveUpAfter();
        if (policy.patience() == Patience.PER_TARGET) {
            long since = batch.failingSince();
            long quietSince = hasSucceeded && lastSuccess - since > 0 ? lastSuccess : since;
            return left(giveUpAfter, now - quietSince);
        }
        return mayPass
                ? left(giveUpAfter, batch.failingFor())
                : left(policy.retry().grace(), batch.deniedFor());
    }

    private static @Nullable Duration left(@Nullable Duration limit, long nanos) {
        return limit == null ? null : limit.minusNanos(nanos);
    }

    private Duration delay(PutBatch<I> batch, Exhausted reason) {
        Duration delay = policy.retry().backoff().delay(batch.failures(), context.random());
        boolean decidesSoon =
                reason == Exhausted.UNKNOWN_CODE && batch.unknown().tries() < PutErrors.TRIES_OF_UNKNOWN;
        return decidesSoon && delay.compareTo(LONGEST_FOR_UNKNOWN) > 0 ? LONGEST_FOR_UNKNOWN : delay;
    }

    private long now() {
        return context.thread().now();
    }
}
