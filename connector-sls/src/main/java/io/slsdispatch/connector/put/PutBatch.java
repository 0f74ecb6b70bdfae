package io.slsdispatch.connector.put;

import io.slsdispatch.connector.put.PutErrors.UnknownRefusals;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Items that go to one logstore one after the other, from when they are put together until all of them are settled: as one
 * request, or, after that was refused as a whole, in parts from the front. Of each only one request is in flight, and its
 * retries carry the same in the same order. One thread; times are those of {@link System#nanoTime}.
 */
final class PutBatch<I> {

    private final @Nullable OrderingKey key;
    private final @Nullable String hashKey;
    private final ListSearch search;
    private UnknownRefusals unknown = new UnknownRefusals();

    /** Those that are not settled. */
    private List<I> all;

    /** When a list was sent that was refused, or failed, and for which no reason is known. */
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
     * @param key that of all items; null when they have no order
     * @param hashKey where on the ring of hash keys; null lets the service choose
     */
    PutBatch(@Nullable OrderingKey key, @Nullable String hashKey, List<I> items) {
        this.key = key;
        this.hashKey = hashKey;
        this.all = items;
        this.search = new ListSearch(items.size());
    }

    /** Null when its items have no order. */
    @Nullable
    OrderingKey key() {
        return key;
    }

    @Nullable
    String hashKey() {
        return hashKey;
    }

    /** Every item that is not settled; the next request may carry only the first of them. */
    List<I> all() {
        return all;
    }

    /** What the next request carries; at least one. */
    List<I> items() {
        return all.subList(0, search.part());
    }

    /** The oldest item. */
    I first() {
        return all.get(0);
    }

    /** How many items are not settled. */
    int remaining() {
        return search.remaining();
    }

    /** Whether the next request carries several items. */
    boolean isList() {
        return search.part() > 1;
    }

    /** The size of the next request. */
    long bytes(PutItems<I> sizes) {
        long sum = 0;
        int part = search.part();
        for (int i = 0; i < part; i++) {
            sum += sizes.bytes(all.get(i));
        }
        return sum;
    }

    /** A single item failed: that it is accepted later says nothing about a list that failed before. */
    void singleFailed() {
        listFailed = false;
    }

    /** The next request carries one item only. */
    void single() {
        search.single();
    }

    /** A list was refused for one of its items: the next request carries half of it. */
    void halve() {
        listFailed();
        probed = false;
        search.halve();
    }

    /** A list failed, perhaps because it is one: the next request carries a single item. */
    void probe() {
        listFailed();
        probed = true;
        search.probe();
    }

    private void listFailed() {
        listFailed = true;
        listSentAt = sentAt;
    }

    /** A list was refused with an unknown code: first a single item is tried, then half of what is suspect. */
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
     * The request was accepted; what it carried is settled.
     *
     * @return whether a list that was sent at {@link #listSentAt} has failed although each of its items is accepted alone
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

    /** When the list was sent that failed. */
    long listSentAt() {
        return listSentAt;
    }

    /** The first item, which was sent alone, is settled otherwise. */
    void removedFirst() {
        search.removedFirst();
        remove(1);
        listFailed = false;
        progressed();
    }

    private void remove(int items) {
        // A copy: what is settled may be large, and is not to be kept.
        all = List.copyOf(all.subList(items, all.size()));
        recompressed = false;
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

    /** What is known of refusals of its first item with unknown codes. */
    UnknownRefusals unknown() {
        return unknown;
    }

    /**
     * Has the items of the next request compressed again, once, instead of sent as they were pulled.
     *
     * @return how many items that changes; 0 when it has been done before
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

    /** Other items, each on its own, in the place of the first, and then what comes after that. */
    List<PutBatch<I>> withFirstReplacedBy(List<I> others) {
        List<PutBatch<I>> batches = new ArrayList<>(others.size() + 1);
        others.forEach(item -> batches.add(withSame(List.of(item))));
        if (all.size() > 1) {
            batches.add(withSame(all.subList(1, all.size())));
        }
        return batches;
    }

    /** Keeps the first item; the others go with the batch that this gives, and can show whether this one is at fault. */
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

    /** Takes over for how long another batch has failed, of which this is a part. */
    private void inherit(PutBatch<I> whole) {
        failures = whole.failures;
        failingSince = whole.failingSince;
        lastFailureAt = whole.lastFailureAt;
        failingNanos = whole.failingNanos;
        deniedNanos = whole.deniedNanos;
        firstSentAt = whole.firstSentAt;
        attempts = whole.attempts;
    }

    /** It is about to be sent: what happened before can be told from what comes after. */
    void judgedBy(PutErrors errors) {
        ticket = errors.sent();
        unknown.sent(errors);
    }

    /** Tells what was sent before from what was sent later, see {@link PutErrors#sent}. */
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

    /** When it was sent last. */
    long sentAt() {
        return sentAt;
    }

    /** Notes a failure that may pass by itself. */
    void failed(long now) {
        failingNanos += sinceLastFailure(now);
    }

    /** Notes a failure that an operator has to fix: credentials, a logstore, or the request itself. */
    void denied(long now) {
        deniedNanos += sinceLastFailure(now);
    }

    /** The time between two failures counts for the kind of the second, so that kinds that alternate end, too. */
    private long sinceLastFailure(long now) {
        long time = failures == 0 ? 0 : now - lastFailureAt;
        if (failures == 0) {
            failingSince = now;
        }
        failures++;
        lastFailureAt = now;
        return time;
    }

    /** How often in a row it failed. */
    int failures() {
        return failures;
    }

    /** When it failed for the first time since something of it was settled. */
    long failingSince() {
        return failingSince;
    }

    /** For how many nanoseconds it has met failures that may pass; 0 when it has not. */
    long failingFor() {
        return failingNanos;
    }

    /** For how many nanoseconds it has been denied; 0 when it has not. */
    long deniedFor() {
        return deniedNanos;
    }
}
