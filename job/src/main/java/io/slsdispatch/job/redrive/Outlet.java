package io.slsdispatch.job.redrive;

import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.config.SinkConfig;
import io.slsdispatch.connector.model.RawLogGroup;
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
    static final Duration PATIENCE = Patience.LIMIT;

    private final SinkConfig config;
    private final Consumer<Item> settled;
    private final Consumer<String> says;
    private final RandomGenerator random;
    private final BatchLimits limits;
    private final Duration patience;
    private final Oversized oversized;
    private final CategoryCut categoryCut = new CategoryCut();
    private final List<Piece> gathered = new ArrayList<>();
    private final Deque<Parcel> waiting = new ArrayDeque<>();
    private final PriorityQueue<Parcel> delayed = new PriorityQueue<>(Comparator.comparingLong(Parcel::dueAt));
    private final int mostRequests;
    private int requests;
    private int window;
    private long gatheredBytes;
    private long heldBytes;
    private long lastSuccess = Long.MIN_VALUE;
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
        this.patience = configured == null ? PATIENCE : configured;
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
        if (requests >= window || waiting.isEmpty()) {
            return null;
        }
        requests++;
        return waiting.removeFirst();
    }

    void succeeded(Parcel parcel, long now) {
        requests--;
        lastSuccess = now;
        window = Math.min(window + 1, mostRequests);
        parcel.pieces().forEach(this::settle);
    }

    void failed(Parcel parcel, SlsException error, long now) {
        requests--;
        if (givenUp != null) {
            hinder(parcel, givenUp);
        } else if (error.kind().isTransient()) {
            repeat(parcel, error, now);
        } else if (error.kind() == ErrorKind.UNAUTHORIZED || error.kind() == ErrorKind.NOT_FOUND) {
            waiting.add(parcel);
            giveUp(String.valueOf(error.getMessage()));
        } else if (parcel.pieces().size() > 1) {
            // It was refused as a whole; which of them is at fault shows when each travels alone.
            waiting.addAll(parcel.singles());
        } else {
            refused(parcel.pieces().get(0), error);
        }
    }

    private void repeat(Parcel parcel, SlsException error, long now) {
        int failures = parcel.failed(now);
        boolean nothingSince = lastSuccess == Long.MIN_VALUE || lastSuccess - parcel.failingSince() < 0;
        if (nothingSince && now - parcel.failingSince() >= patience.toNanos()) {
            waiting.add(parcel);
            giveUp("it took nothing for " + patience.toSeconds() + " s: " + error.getMessage());
            return;
        }
        if (error.kind() == ErrorKind.THROTTLED) {
            window = Math.max(1, window / 2);
        }
        if (failures == 1) {
            says.accept("target " + config.name() + ": sends again: " + error.getMessage());
        }
        parcel.waitUntil(now + config.retry().backoff().delay(failures, random).toNanos());
        delayed.add(parcel);
    }

    private void refused(Piece piece, SlsException error) {
        List<RawLogGroup> halves = error.kind() == ErrorKind.TOO_LARGE ? oversized.halves(piece.group()) : List.of();
        if (halves.isEmpty()) {
            piece.item().refused(error);
            settle(piece);
            return;
        }
        piece.item().splitInto(halves.size());
        heldBytes -= piece.group().length();
        for (RawLogGroup half : halves) {
            heldBytes += half.length();
            waiting.add(new Parcel(List.of(new Piece(piece.item(), half))));
        }
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
        parcel.pieces().forEach(piece -> hinder(piece, reason));
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
