package io.slsdispatch.job.redrive;

import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.config.SinkConfig;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.put.ListSupport;
import io.slsdispatch.connector.put.PutErrors;
import io.slsdispatch.connector.sink.BatchLimits;
import io.slsdispatch.connector.sink.CategoryCut;
import io.slsdispatch.connector.sink.Oversized;
import io.slsdispatch.job.redrive.Parcel.Item;
import io.slsdispatch.job.redrive.Parcel.Piece;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What waits for one target: gathered for a request, to be sent, or to be sent again. Decides what a failure means; sends
 * nothing itself. A target that refuses access, is not there, or does not answer for too long is given up: nothing more is
 * sent to it in this run. One thread.
 */
final class Outlet {

    /** While the configuration sets no limit: a job waits for ever, a person does not. */
    static final Duration PATIENCE = Retrier.LIMIT;

    /** A letter that failed alone so often may be why. */
    private static final int FAILURES_OF_ONE = 3;

    private final SinkConfig config;
    private final Consumer<Item> settled;
    private final Consumer<String> says;
    private final RandomGenerator random;
    private final BatchLimits limits;
    private final Duration retrier;
    private final Oversized oversized;
    private final PutErrors errors;
    private final ListSupport lists = new ListSupport();
    private final CategoryCut categoryCut = new CategoryCut();
    private final List<Piece> gathered = new ArrayList<>();
    private final Deque<Parcel> waiting = new ArrayDeque<>();
    private final PriorityQueue<Parcel> delayed = new PriorityQueue<>(Comparator.comparingLong(Parcel::dueAt));
    private final int mostRequests;
    private int requests;
    private int window;
    private long gatheredBytes;
    private long heldBytes;
    private @Nullable Long lastSuccess;
    private @Nullable String givenUp;

    /**
     * @param settled told of each letter with the last of its pieces
     * @param says told of failures
     */
    Outlet(SinkConfig config, Consumer<Item> settled, Consumer<String> says, RandomGenerator random) {
        this.config = config;
        this.settled = settled;
        this.says = says;
        this.random = random;
        this.limits = config.delivery().batching() ? BatchLimits.LIST : BatchLimits.SINGLE;
        Duration configured = config.retry().giveUpAfter();
        this.retrier = configured == null ? PATIENCE : configured;
        this.errors = new PutErrors(config.retry());
        this.oversized = new Oversized(config.logstore());
        this.mostRequests = config.delivery().ordered() ? 1 : config.delivery().maxInFlightRequests();
        this.window = mostRequests;
    }

    SinkConfig config() {
        return config;
    }

    /** Takes a letter; it is settled at once when the target is given up. */
    void add(Item item) {
        RawLogGroup group = asConfigured(item.letter().letter().group());
        Piece piece = new Piece(item, group);
        heldBytes += group.length();
        if (givenUp != null) {
            hinder(piece, givenUp);
            return;
        }
        if (!gathered.isEmpty() && !limits.allow(gathered.size() + 1, gatheredBytes + group.length())) {
            close();
        }
        gathered.add(piece);
        gatheredBytes += group.length();
    }

    private RawLogGroup asConfigured(RawLogGroup group) {
        return config.delivery().cutCategory() ? categoryCut.apply(group) : group;
    }

    /** What is gathered is to be sent. */
    void close() {
        if (!gathered.isEmpty()) {
            waiting.add(new Parcel(gathered));
            gathered.clear();
            gatheredBytes = 0;
        }
    }

    boolean isFull() {
        return heldBytes > config.delivery().maxBufferedBytes();
    }

    boolean isIdle() {
        return requests == 0 && waiting.isEmpty() && delayed.isEmpty() && gathered.isEmpty();
    }

    /** When something is to be sent again; {@code Long.MAX_VALUE} when nothing waits for that. */
    long nextDueAt() {
        Parcel next = delayed.peek();
        return next == null ? Long.MAX_VALUE : next.dueAt();
    }

    /** The next to be sent, which then counts as under way; null when there is none or no room for it. */
    @Nullable
    Parcel next(long now) {
        Parcel due = delayed.peek();
        if (due != null && due.dueAt() - now <= 0) {
            waiting.addFirst(delayed.remove());
        }
        int most = errors.isUnconfirmed() ? 1 : window;
        if (requests >= most || waiting.isEmpty()) {
            return null;
        }
        requests++;
        Parcel parcel = waiting.removeFirst();
        if (!lists.isOn(now)) {
            parcel.single();
        }
        parcel.judgedBy(errors);
        parcel.sentAt(now);
        return parcel;
    }

    void succeeded(Parcel parcel, long now) {
        requests--;
        lastSuccess = now;
        window = Math.min(window + 1, mostRequests);
        errors.accepted(parcel.ticket());
        if (parcel.isList()) {
            lists.accepted();
        }
        List<Piece> accepted = parcel.pieces();
        Long failedListSentAt = parcel.accepted();
        if (failedListSentAt != null && lists.contrast(failedListSentAt, now)) {
            says.accept(
                    "target " + config.name() + ": refuses requests with several log groups; sends one per request");
        }
        accepted.forEach(this::settle);
        continueWith(parcel);
    }

    /** Something of it is settled. */
    private void continueWith(Parcel parcel) {
        if (parcel.remaining() == 0) {
            return;
        }
        if (givenUp != null) {
            hinder(parcel, givenUp);
        } else {
            waiting.addFirst(parcel);
        }
    }

    void failed(Parcel parcel, SlsException error, long now) {
        requests--;
        if (givenUp != null) {
            hinder(parcel, givenUp);
            return;
        }
        if (!parcel.isList()) {
            parcel.singleFailed();
        }
        switch (errors.meaning(error)) {
            case THROTTLED -> {
                window = Math.max(1, window / 2);
                repeat(parcel, error, now);
            }
            case UNAVAILABLE -> {
                // A gateway that knows no lists answers so, too.
                if (parcel.isList() && parcel.failures() > 0 && error.httpStatus() > 0) {
                    parcel.probe();
                } else if (!parcel.isList() && parcel.failures() >= FAILURES_OF_ONE) {
                    letOthersGoBefore(parcel);
                }
                repeat(parcel, error, now);
            }
            case UNCONFIRMED -> unconfirmed(parcel, error, now);
            case DENIED -> giveUpWith(parcel, String.valueOf(error.getMessage()));
            case ABOUT_REQUEST -> {
                if (parcel.isList()) {
                    parcel.probe();
                }
                repeat(parcel, error, now);
            }
            case UNKNOWN -> unknown(parcel, error, now);
            case TOO_LARGE -> tooLarge(parcel, error, now);
            case ABOUT_GROUP -> refused(parcel, error);
        }
    }

    private void unconfirmed(Parcel parcel, SlsException error, long now) {
        if (errors.unconfirmed(parcel.ticket())) {
            giveUpWith(
                    parcel,
                    "it answered " + PutErrors.MOST_UNCONFIRMED + " puts in a row with success but without the header"
                            + " x-log-requestid, so it is not known whether they are stored. A proxy or gateway on the way"
                            + " removes that header: let it pass all x-log-* headers of answers, or connect without it");
        } else {
            repeat(parcel, error, now);
        }
    }

    private void unknown(Parcel parcel, SlsException error, long now) {
        if (parcel.isList()) {
            parcel.searchForUnknown(errors);
        } else if (errors.isAboutGroup(parcel.unknown())) {
            refused(parcel, error);
            return;
        } else {
            letOthersGoBefore(parcel);
        }
        repeat(parcel, error, now);
    }

    /** Those behind a letter that failed alone need not wait for it, and show whether it is at fault; of one at a time. */
    private void letOthersGoBefore(Parcel parcel) {
        boolean another = delayed.stream().anyMatch(other -> other.remaining() == 1);
        if (parcel.remaining() > 1 && !another) {
            waiting.addFirst(parcel.splitAfterFirst());
        }
    }

    private void repeat(Parcel parcel, SlsException error, long now) {
        int failures = parcel.failedAt(now);
        long quietSince = lastSuccess == null
                ? parcel.failingSince()
                : Math.max(lastSuccess - parcel.failingSince(), 0) + parcel.failingSince();
        if (now - quietSince >= retrier.toNanos()) {
            giveUpWith(parcel, "it took nothing for " + retrier.toSeconds() + " s: " + error.getMessage());
            return;
        }
        if (failures == 1) {
            says.accept("target " + config.name() + ": sends again: " + error.getMessage());
        }
        parcel.waitUntil(now + config.retry().backoff().delay(failures, random).toNanos());
        delayed.add(parcel);
    }

    private void tooLarge(Parcel parcel, SlsException error, long now) {
        if (parcel.isList()) {
            waiting.addAll(parcel.halves());
            return;
        }
        Piece piece = parcel.pieces().get(0);
        List<RawLogGroup> parts = oversized.halves(piece.group());
        if (!parts.isEmpty()) {
            piece.item().splitInto(parts.size());
            heldBytes -= piece.group().length();
            for (RawLogGroup part : parts) {
                heldBytes += part.length();
                waiting.add(new Parcel(List.of(new Piece(piece.item(), part))));
            }
            parcel.removedFirst();
            continueWith(parcel);
        } else if (PutErrors.rejectsForSize(error)) {
            refused(parcel, error);
        } else {
            repeat(parcel, error, now);
        }
    }

    private void refused(Parcel parcel, SlsException error) {
        if (parcel.isList()) {
            parcel.halve();
            waiting.addFirst(parcel);
            return;
        }
        Piece piece = parcel.pieces().get(0);
        parcel.removedFirst();
        piece.item().refused(error);
        settle(piece);
        continueWith(parcel);
    }

    private void giveUpWith(Parcel parcel, String reason) {
        waiting.add(parcel);
        giveUp(reason);
    }

    /** Sends nothing more; what waits is settled as not sent. What is under way is settled when its answer comes. */
    void giveUp(String reason) {
        if (givenUp != null) {
            return;
        }
        givenUp = reason;
        close();
        List<Parcel> all = new ArrayList<>(waiting);
        all.addAll(delayed);
        waiting.clear();
        delayed.clear();
        all.forEach(parcel -> hinder(parcel, reason));
    }

    private void hinder(Parcel parcel, String reason) {
        parcel.all().forEach(piece -> hinder(piece, reason));
    }

    private void hinder(Piece piece, String reason) {
        piece.item().hindered(reason);
        settle(piece);
    }

    private void settle(Piece piece) {
        heldBytes -= piece.group().length();
        if (piece.item().pieceSettled()) {
            settled.accept(piece.item());
        }
    }
}
