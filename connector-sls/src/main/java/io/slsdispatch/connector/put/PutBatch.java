package io.slsdispatch.connector.put;

import io.slsdispatch.connector.put.PutErrors.UnknownRefusals;
import io.slsdispatch.connector.put.TargetCompression.BatchCompression;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Items that are sent to one logstore together, until all of them are settled: as one request, or, after the target
 * refused the whole, in parts from the front. Only one request of a batch is in flight at a time, and its retries carry
 * the same items in the same order. One thread; times are those of {@link System#nanoTime}.
 */
final class PutBatch<I> {

    private final @Nullable OrderingKey key;
    private final @Nullable String hashKey;
    private final ListSearch search;
    private final BatchCompression compression = new BatchCompression();
    private UnknownRefusals unknown = new UnknownRefusals();

    /** The items that are not settled. */
    private List<I> all;

    /** When the list was sent that was refused, or failed, for an unknown reason. */
    private long listSentAt;

    private boolean listFailed;
    private boolean probed;
    private boolean recompressed;
    private long ticket;

    private int failures;
    private long failingSince;
    private long lastFailureAt;
    private long failingNanos;
    private long deniedNanos;

    private int attempts;
    private long firstSentAt;
    private long sentAt;
    private @Nullable CompletableFuture<Void> answer;

    /**
     * Creates a batch.
     *
     * @param key the ordering key of all items; null when they have no order
     * @param hashKey the position on the ring of hash keys; null lets the service choose
     */
    PutBatch(@Nullable OrderingKey key, @Nullable String hashKey, List<I> items) {
        this.key = key;
        this.hashKey = hashKey;
        this.all = items;
        this.search = new ListSearch(items.size());
    }

    /** The ordering key; null when the items have no order. */
    @Nullable
    OrderingKey key() {
        return key;
    }

    @Nullable
    String hashKey() {
        return hashKey;
    }

    /** All unsettled items; the next request may carry only the first of them. */
    List<I> all() {
        return all;
    }

    /** The items of the next request; at least one. */
    List<I> items() {
        return all.subList(0, search.part());
    }

    /** The oldest item. */
    I first() {
        return all.get(0);
    }

    /** The number of unsettled items. */
    int remaining() {
        return search.remaining();
    }

    /** How the requests are compressed. */
    BatchCompression compression() {
        return compression;
    }

    /** Whether the next request carries several items. */
    boolean isList() {
        return search.part() > 1;
    }

    /** The number of bytes of the next request. */
    long bytes(PutItems<I> sizes) {
        long sum = 0;
        int part = search.part();
        for (int i = 0; i < part; i++) {
            sum += sizes.bytes(all.get(i));
        }
        return sum;
    }

    /** A single item failed: if it is accepted later, that proves nothing about a list that failed before. */
    void singleFailed() {
        listFailed = false;
    }

    /** The next request carries one item only. */
    void single() {
        search.single();
    }

    /** A list was refused because of one of its items: the next request carries half of it. */
    void halve() {
        listFailed();
        probed = false;
        search.halve();
    }

    /** A list failed, possibly because it is a list: the next request carries a single item. */
    void probe() {
        listFailed();
        probed = true;
        search.probe();
    }

    private void listFailed() {
        listFailed = true;
        listSentAt = sentAt;
    }

    /**
     * A list was refused with an unknown code: the next request carries a single item, later ones half of the suspects.
     */
    void searchForUnknown(PutErrors errors) {
        errors.listRefused(unknown);
        if (search.suspects()) {
            halve();
        } else {
            probe();
            probed = false;
        }
    }

    /**
     * The request was accepted; its items are settled.
     *
     * @return whether a list that was sent at {@link #listSentAt} has failed although each of its items is accepted
     *     alone
     */
    boolean accepted() {
        boolean list = isList();
        int settled = search.part();
        search.accepted();
        remove(settled);
        boolean contrast = listFailed && !list && (probed || !search.suspects());
        if (list || contrast) {
            listFailed = false;
        }
        progressed();
        return contrast;
    }

    /** When the failed list was sent. */
    long listSentAt() {
        return listSentAt;
    }

    /** The first item, which was sent alone, was settled in another way. */
    void removedFirst() {
        search.removedFirst();
        remove(1);
        listFailed = false;
        progressed();
    }

    private void remove(int items) {
        // A copy: settled items may be large and must not stay in memory.
        all = List.copyOf(all.subList(items, all.size()));
        recompressed = false;
        compression.progressed();
    }

    private void progressed() {
        failures = 0;
        failingNanos = 0;
        deniedNanos = 0;
        if (search.suspects()) {
            unknown.nextGroup();
        } else {
            unknown = new UnknownRefusals();
        }
    }

    /** How often the first item was refused with an unknown code, and what happened meanwhile. */
    UnknownRefusals unknown() {
        return unknown;
    }

    /**
     * Makes the items of the next request be compressed again, once, instead of being sent as they were pulled.
     *
     * @return the number of items that this changes; 0 when it was done before
     */
    int recompress(PutItems<I> with) {
        if (recompressed) {
            return 0;
        }
        recompressed = true;
        List<I> items = new ArrayList<>(all);
        int changed = 0;
        for (int i = 0; i < search.part(); i++) {
            I again = with.recompressed(items.get(i));
            if (again != items.get(i)) {
                items.set(i, again);
                changed++;
            }
        }
        all = items;
        return changed;
    }

    /** The same items in two requests. */
    List<PutBatch<I>> halves() {
        int middle = all.size() / 2;
        List<PutBatch<I>> halves = List.of(withSame(all.subList(0, middle)), withSame(all.subList(middle, all.size())));
        halves.forEach(half -> half.inherit(this));
        return halves;
    }

    /** Replaces the first item with other items, each in a batch of its own; the remaining items follow. */
    List<PutBatch<I>> withFirstReplacedBy(List<I> others) {
        List<PutBatch<I>> batches = new ArrayList<>(others.size() + 1);
        others.forEach(item -> batches.add(withSame(List.of(item))));
        if (all.size() > 1) {
            batches.add(withSame(all.subList(1, all.size())));
        }
        return batches;
    }

    /**
     * Keeps the first item and returns a batch of the others. If they are accepted, the first item caused the failure.
     */
    PutBatch<I> splitAfterFirst() {
        PutBatch<I> others = withSame(all.subList(1, all.size()));
        others.inherit(this);
        others.single();
        search.keepFirst();
        listFailed = false;
        all = List.of(all.get(0));
        return others;
    }

    private PutBatch<I> withSame(List<I> items) {
        return new PutBatch<>(key, hashKey, List.copyOf(items));
    }

    /** Copies the failure history of another batch, of which this batch is a part. */
    private void inherit(PutBatch<I> whole) {
        failures = whole.failures;
        failingSince = whole.failingSince;
        lastFailureAt = whole.lastFailureAt;
        failingNanos = whole.failingNanos;
        deniedNanos = whole.deniedNanos;
        firstSentAt = whole.firstSentAt;
        attempts = whole.attempts;
        compression.inherit(whole.compression);
    }

    /** The batch is about to be sent: this marks which events come before and after. */
    void judgedBy(PutErrors errors) {
        ticket = errors.sent();
        unknown.sent(errors);
    }

    /** Orders the requests by the time they were sent, see {@link PutErrors#sent}. */
    long ticket() {
        return ticket;
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

    /** Stores the future of the attempt's answer. */
    void awaits(CompletableFuture<Void> answer) {
        this.answer = answer;
    }

    /** The future of the last attempt's answer; null when no answer is expected. */
    @Nullable
    CompletableFuture<Void> answer() {
        return answer;
    }

    /** Whether the answer has arrived, whether or not it is handled yet. */
    boolean isAnswered() {
        return answer != null && answer.isDone();
    }

    /** From now on the answers to earlier attempts are ignored; the client releases their resources. */
    void abandon() {
        CompletableFuture<Void> abandoned = answer;
        answer = null;
        attempts++;
        if (abandoned != null) {
            abandoned.cancel(true);
        }
    }

    /** The number of the last attempt. */
    int attempts() {
        return attempts;
    }

    long firstSentAt() {
        return firstSentAt;
    }

    /** When the batch was sent last. */
    long sentAt() {
        return sentAt;
    }

    /** Records a transient failure. */
    void failed(long now) {
        failingNanos += sinceLastFailure(now);
    }

    /** Records a failure that an operator has to fix: credentials, a logstore, or the request itself. */
    void denied(long now) {
        deniedNanos += sinceLastFailure(now);
    }

    /** Records that the logstore does not exist at present; others limit how long. */
    void absent(long now) {
        sinceLastFailure(now);
    }

    /**
     * The time between two failures counts for the kind of the second, so that alternating kinds reach their limits,
     * too.
     */
    private long sinceLastFailure(long now) {
        long time = failures == 0 ? 0 : now - lastFailureAt;
        if (failures == 0) {
            failingSince = now;
        }
        failures++;
        lastFailureAt = now;
        return time;
    }

    /** The number of consecutive failures. */
    int failures() {
        return failures;
    }

    /** When the batch failed for the first time since one of its items was settled. */
    long failingSince() {
        return failingSince;
    }

    /** How many nanoseconds the batch has had transient failures; 0 when it has had none. */
    long failingFor() {
        return failingNanos;
    }

    /** How many nanoseconds the batch has been denied; 0 when it has not been denied. */
    long deniedFor() {
        return deniedNanos;
    }
}
