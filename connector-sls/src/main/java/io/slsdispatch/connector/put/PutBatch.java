package io.slsdispatch.connector.put;

import org.jspecify.annotations.Nullable;

/**
 * Items that go to one logstore one after the other, from when they are put together until all of them are settled: as one
 * request, or, after that was refused as a whole, in parts from the front. Of each only one request is in flight, and its
 * repetitions carry the same in the same order. One thread; times are those of {@link System#nanoTime}.
 */
public abstract class PutBatch {

    private final ListSearch search;
    private UnknownRefusals unknown = new UnknownRefusals();

    /** When a list was sent that was refused, or failed, and for which no reason is known; null when there is none. */
    private @Nullable Long listSentAt;

    private boolean probed;
    private long ticket;
    private int failures;
    private long lastFailureAt;
    private long failingNanos;
    private long deniedNanos;
    private long sentAt;

    /** @param size how many items it has to settle: groups, or logs of dead letters */
    protected PutBatch(int size) {
        this.search = new ListSearch(size);
    }

    /** Forgets its first items, which are settled. */
    protected abstract void remove(int items);

    /** How many items the next request carries. */
    public final int part() {
        return search.part();
    }

    /** How many items are not settled. */
    public final int remaining() {
        return search.remaining();
    }

    /** Whether the next request carries several items. */
    public final boolean isList() {
        return search.part() > 1;
    }

    /** A single item failed: that it is accepted later says nothing about a list that failed before. */
    public final void singleFailed() {
        listSentAt = null;
    }

    /** The next request carries one item only. */
    public final void single() {
        search.single();
    }

    /** A list was refused for one of its items: the next request carries half of it. */
    public final void halve() {
        listSentAt = sentAt;
        probed = false;
        search.halve();
    }

    /** A list failed, perhaps because it is one: the next request carries a single item. */
    public final void probe() {
        listSentAt = sentAt;
        probed = true;
        search.probe();
    }

    /** A list was refused with an unknown code: first a single item is tried, then half of what is suspect. */
    public final void searchForUnknown(PutErrors errors) {
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
     * @return when a list was sent that has failed although each of its items is accepted alone; null when that is not so
     */
    public final @Nullable Long accepted() {
        boolean list = isList();
        int settled = search.part();
        search.accepted();
        remove(settled);
        Long contrast = !list && (probed || !search.suspects()) ? listSentAt : null;
        if (list || contrast != null) {
            listSentAt = null;
        }
        progressed();
        return contrast;
    }

    /** The first item, which was sent alone, is settled otherwise. */
    public final void removedFirst() {
        search.removedFirst();
        remove(1);
        listSentAt = null;
        progressed();
    }

    /** Keeps only the first item: the others go in another request and can show whether this one is at fault. */
    protected final void keepFirst() {
        search.keepFirst();
        listSentAt = null;
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
    public final UnknownRefusals unknown() {
        return unknown;
    }

    /** Takes over for how long another batch has failed, of which this is a part. */
    protected final void inheritFailures(PutBatch whole) {
        failures = whole.failures;
        lastFailureAt = whole.lastFailureAt;
        failingNanos = whole.failingNanos;
        deniedNanos = whole.deniedNanos;
    }

    /** It is about to be sent: what happened before can be told from what comes after. */
    public final void judgedBy(PutErrors errors) {
        ticket = errors.sent();
        unknown.sent(errors);
    }

    /** Tells what was sent before from what was sent later, see {@link PutErrors#sent}. */
    public final long ticket() {
        return ticket;
    }

    /** It is sent. */
    public final void sentAt(long now) {
        sentAt = now;
    }

    /** When it was sent last. */
    public final long sentAt() {
        return sentAt;
    }

    /** Notes a failure that may pass by itself. */
    public final void failed(long now) {
        failingNanos += sinceLastFailure(now);
    }

    /** Notes a failure that an operator has to put right: credentials, a logstore, or the request itself. */
    public final void denied(long now) {
        deniedNanos += sinceLastFailure(now);
    }

    /** The time between two failures counts for the kind of the second, so that kinds that alternate end, too. */
    private long sinceLastFailure(long now) {
        long time = failures == 0 ? 0 : now - lastFailureAt;
        failures++;
        lastFailureAt = now;
        return time;
    }

    /** How often in a row it failed. */
    public final int failures() {
        return failures;
    }

    /** For how many nanoseconds it has met failures that may pass; 0 when it has not. */
    public final long failingFor() {
        return failingNanos;
    }

    /** For how many nanoseconds it has been denied; 0 when it has not. */
    public final long deniedFor() {
        return deniedNanos;
    }
}
