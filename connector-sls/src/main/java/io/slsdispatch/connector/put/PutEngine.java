package io.slsdispatch.connector.put;

import io.slsdispatch.connector.client.FeatureSupport;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.connector.put.PutPolicy.Limits;
import io.slsdispatch.connector.put.PutPolicy.Linger;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.apache.flink.annotation.Internal;
import org.jspecify.annotations.Nullable;

/**
 * Writes items to one logstore. An item waits until there is a free slot and the rate limit allows a request. It stays
 * in the engine until it is settled: acknowledged, rejected, or given back, see {@link PutListener}. A request keeps
 * its slot and its ordering key during retries. While the target accepts nothing, see {@link CircuitBreaker}, items do
 * not wait for it.
 *
 * <p>Owner's thread only. No method blocks: the owner checks the buffer before it adds an item, and waits for tasks on
 * its thread. It calls {@link #check} periodically while items are unsettled.
 *
 * @param <I> an item
 */
@Internal
public final class PutEngine<I> {

    private final Limits limits;
    private final PutContext context;
    private final PutThread thread;
    private final PutMetrics metrics;
    private final PutItems<I> items;
    private final PutListener<I> listener;
    private final WaitingItems<I> waiting;
    private final PendingBatches<I> pending;
    private final InFlightRequests<I> inFlight;
    private final RateLimiter rate;
    private final ConcurrencyLimit concurrency;
    private final BatchLinger linger;
    private final FeatureSupport lists;
    private final TargetCompression<I> compression;
    private final CircuitBreaker<I> circuit;
    private final PutErrors errors;
    private final FailureHandler<I> failures;

    private boolean flushes;
    private boolean hurries;
    private boolean wakes;
    private long wakesAt;
    private boolean givenUp;
    private boolean closed;

    /**
     * Creates an engine.
     *
     * @param policy the options that differ between the users of the engine
     * @param items the properties of items
     * @param listener receives the results
     * @param context the resources that the engine uses and does not own
     */
    public PutEngine(
            LogstoreId logstore, PutPolicy policy, PutItems<I> items, PutListener<I> listener, PutContext context) {
        this(logstore, policy, items, listener, context, null);
    }

    /**
     * Creates an engine that continues where an earlier one of the same target has ended.
     *
     * @param memory what that engine has learnt; null for nothing
     */
    public PutEngine(
            LogstoreId logstore,
            PutPolicy policy,
            PutItems<I> items,
            PutListener<I> listener,
            PutContext context,
            @Nullable PutMemory memory) {
        this.limits = policy.limits();
        this.context = context;
        this.thread = context.thread();
        this.metrics = context.metrics();
        this.items = items;
        this.listener = listener;
        this.waiting = new WaitingItems<>(items, policy.ordered(), limits.batch());
        this.pending = new PendingBatches<>(waiting);
        this.inFlight = new InFlightRequests<>(logstore, items, context, policy.deadline(), new Answers());
        this.linger = limits.linger() == Linger.FOR_TIME ? new BatchLinger(limits.lingerTime()) : new BatchLinger();
        this.rate = memory == null ? new RateLimiter(thread.now()) : memory.rate();
        this.concurrency = memory == null ? new ConcurrencyLimit(limits.requests()) : memory.concurrency();
        this.lists = memory == null ? FeatureSupport.ofLists() : memory.lists();
        this.compression = new TargetCompression<>(
                policy.compression(), memory == null ? FeatureSupport.ofZstd() : memory.zstd(), metrics, listener);
        this.circuit = new CircuitBreaker<>(policy, context, items, listener);
        if (memory != null) {
            circuit.restore(memory.circuit());
        }
        this.errors = new PutErrors(policy.retry());
        this.failures = new FailureHandler<>(
                policy,
                context,
                items,
                listener,
                new FailureHandler.State<>(errors, pending, circuit, rate, concurrency),
                (wait, batch) -> later(wait, () -> pending.due(batch)));
    }

    /** Adds an item to the buffer, and sends it as soon as there is a slot. */
    public void add(I item) {
        if (accept(item)) {
            pump();
        }
    }

    /** Adds several items that may share a request, as {@link #add}. */
    public void addAll(List<I> all) {
        all.forEach(this::accept);
        pump();
    }

    private boolean accept(I item) {
        long now = thread.now();
        context.buffer().take(items.bytes(item), now);
        if (givenUp || !circuit.admits(now)) {
            circuit.giveBack(item);
            return false;
        }
        waiting.add(item);
        return true;
    }

    /** Sends the items that wait for more items to fill their request. */
    public void flush() {
        flushes = true;
        pump();
    }

    /** Whether everything is settled. */
    public boolean isIdle() {
        return pending.isEmpty() && inFlight.count() == 0 && !waiting.hasNext();
    }

    /**
     * What the engine has learnt of its target, for the next engine of that target; null when there is nothing to
     * remember. Only when everything is settled.
     */
    public @Nullable PutMemory memory() {
        long now = thread.now();
        boolean isUsual = !rate.limits(now)
                && concurrency.isFull()
                && lists.isUsual(now)
                && compression.zstd().isUsual(now)
                && circuit.isClosed();
        return isUsual ? null : new PutMemory(rate, concurrency, lists, compression.zstd(), circuit.memory());
    }

    /** Describes the pending requests in words. */
    public String describe() {
        return pending.describe(inFlight.count(), thread.now());
    }

    /**
     * The owner waits until everything is settled. The engine then waits for a probe, too, but only until the next
     * check.
     */
    public void hurry() {
        hurries = true;
    }

    /** Stops waiting for a target whose circuit is open. */
    public void waitForNoProbe() {
        if (circuit.isClosed() || inFlight.hasAnswer()) {
            return;
        }
        if (inFlight.count() > 0) {
            circuit.probeIsLate();
        } else {
            circuit.probeFailed(thread.now());
        }
        giveBackAll();
    }

    /** Ends overdue requests, and opens the circuit if the target has been silent for too long. */
    public void check() throws IOException {
        if (closed) {
            return;
        }
        inFlight.endOverdue();
        if (hurries) {
            hurries = false;
            waitForNoProbe();
        }
        // An answer that has arrived and is not handled yet may show that the target works.
        if (!inFlight.hasAnswer() && circuit.opens(thread.now())) {
            pending.all().forEach(inFlight::abandon);
            giveBackAll();
        }
        pump();
    }

    /**
     * Drops the waiting items that match a condition, and does not notify the listener. Only for an engine that does
     * not keep an order.
     */
    public void withdraw(Predicate<I> condition) {
        waiting.removeIf(condition).forEach(item -> context.buffer().remove(items.bytes(item)));
    }

    /** Stops sending. Items that are not in flight are given back now; items in flight are given back if they fail. */
    public void giveUp() {
        givenUp = true;
        circuit.giveBack(pending.takeAll(inFlight::contains));
    }

    /** Stops sending, and ignores all answers from now on. */
    public void close() {
        closed = true;
        inFlight.close();
    }

    /** Gives back all unsettled items. A probe in flight will still show whether the target works again. */
    private void giveBackAll() {
        circuit.giveBack(pending.takeAll(any -> false));
        circuit.idle();
        showMetrics();
    }

    /** Sends all items that may be sent now. */
    private void pump() {
        if (closed || givenUp) {
            return;
        }
        boolean limited = false;
        waiting.sendLists(lists.isOn(thread.now()));
        while (mayStart()) {
            long now = thread.now();
            Duration wait = Duration.ofNanos(rate.toWait(now));
            if (wait.toMillis() > 0) {
                limited = true;
                wakeAfter(wait);
                break;
            }
            send(pending.next(), now);
        }
        flushes &= waiting.hasNext();
        metrics.rateLimited(limited, thread.now());
        showMetrics();
    }

    private boolean mayStart() {
        boolean oneAtATime = !circuit.isClosed() || errors.isUnconfirmed();
        int slots = oneAtATime ? 1 : limits.requests();
        int used = limits.retriesCount() ? pending.size() : inFlight.count();
        return inFlight.count() < Math.min(slots, concurrency.size())
                && (pending.hasDue() || (used < slots && waiting.hasNext() && !lingers()));
    }

    /** Whether items that could be sent wait for more items to fill their request. */
    private boolean lingers() {
        if (!waiting.mayGrow()) {
            return false;
        }
        return switch (limits.linger()) {
            case NONE -> false;
            case UNTIL_FLUSH -> !flushes && waiting.fitsOneRequest();
            case WHILE_IN_FLIGHT, FOR_TIME -> !flushes && lingersInTime();
        };
    }

    private boolean lingersInTime() {
        long wait = linger.toWait(pending.size(), waiting.unorderedBytes(), thread.now());
        if (wait > 0) {
            wakeAfter(Duration.ofNanos(wait));
        }
        return wait > 0;
    }

    /** Updates the metrics of the current state. */
    public void showMetrics() {
        InFlightBuffer buffer = context.buffer();
        metrics.holds(buffer.bytes(), pending.size(), buffer.limit(thread.now()));
        if (pending.isEmpty()) {
            metrics.nothingSent();
        } else {
            metrics.oldestSince(pending.oldest().firstSentAt());
        }
    }

    private void wakeAfter(Duration wait) {
        long at = thread.now() + wait.toNanos();
        if (!wakes || at - wakesAt < 0) {
            wakes = true;
            wakesAt = at;
            later(wait, () -> wakes &= wakesAt != at);
        }
    }

    private void later(Duration wait, Runnable action) {
        thread.after(wait, () -> {
            if (!closed) {
                action.run();
                pump();
            }
        });
    }

    private void send(PutBatch<I> batch, long now) {
        boolean retry = !pending.sent(batch);
        if (!lists.isOn(now)) {
            batch.single();
        }
        if (!retry) {
            linger.sent();
        }
        batch.judgedBy(errors);
        rate.sent(batch.bytes(items), now);
        metrics.requestSent(retry);
        circuit.busy(now);
        inFlight.send(batch, compression.of(batch.compression(), now));
    }

    private void succeeded(PutBatch<I> batch) {
        long now = thread.now();
        errors.accepted(batch.ticket());
        concurrency.succeeded();
        failures.succeeded(now);
        circuit.answered(now);
        if (batch.isList()) {
            lists.accepted();
        }
        if (batch.compression().isZstd()) {
            compression.zstdAccepted();
        }
        // A probe may have been given back before its answer arrived.
        if (pending.contains(batch)) {
            List<I> accepted = batch.items();
            metrics.acknowledged(accepted.size(), batch.bytes(items), now - batch.sentAt());
            for (I item : accepted) {
                context.buffer().leave(items.bytes(item), now);
            }
            compression.accepted(batch.compression(), now);
            if (batch.accepted() && items.areGroups() && lists.contrast(batch.listSentAt(), now)) {
                metrics.listsSwitchedOff();
                listener.listsSwitchedOff();
            }
            progressed(batch);
            listener.acknowledged(accepted);
        }
        pump();
    }

    /** Some items of a batch are settled. */
    private void progressed(PutBatch<I> batch) {
        if (givenUp) {
            circuit.giveBack(pending.takeAll(inFlight::contains));
            return;
        }
        pending.progressed(batch);
        if (pending.isEmpty()) {
            circuit.idle();
        }
    }

    private void failed(PutBatch<I> batch, SlsException error) throws IOException {
        if (givenUp) {
            circuit.giveBack(pending.takeAll(inFlight::contains));
            return;
        }
        failures.failed(batch, error);
        pump();
    }

    /** Handles the results of requests. */
    private final class Answers implements InFlightRequests.Receiver<I> {

        @Override
        public void succeeded(PutBatch<I> batch) {
            PutEngine.this.succeeded(batch);
        }

        @Override
        public void failed(PutBatch<I> batch, SlsException error) throws IOException {
            PutEngine.this.failed(batch, error);
        }

        @Override
        public void broke(Throwable error) throws IOException {
            listener.broke(error);
        }
    }
}
