package io.slsdispatch.job.redrive;

import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.put.PutBatch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What travels in one request, or in parts of it one after the other, and how often it failed. One thread. */
final class Parcel extends PutBatch {

    /** A letter on its way. It may travel in pieces, when its target takes only smaller ones. */
    static final class Item {

        private final Addressed letter;
        private int open = 1;
        private @Nullable String refusal;
        private @Nullable String hindrance;

        Item(Addressed letter) {
            this.letter = letter;
        }

        Addressed letter() {
            return letter;
        }

        /** Why its target will not take it, or a piece of it; null when nothing says so. */
        @Nullable
        String refusal() {
            return refusal;
        }

        /** Why it could not be sent now; null when nothing says so. */
        @Nullable
        String hindrance() {
            return hindrance;
        }

        /** One piece becomes as many. */
        void splitInto(int pieces) {
            open += pieces - 1;
        }

        void refused(SlsException reason) {
            refusal = reason.getMessage();
        }

        void hindered(String reason) {
            hindrance = reason;
        }

        /** A piece is settled. Gives true with the last one. */
        boolean pieceSettled() {
            open--;
            return open == 0;
        }
    }

    /**
     * A log group as it is put.
     *
     * @param item the letter
     * @param group that of the letter, or a part of it
     */
    record Piece(Item item, RawLogGroup group) {}

    /** Those that are not settled. */
    private List<Piece> all;

    private long failingSince;
    private long dueAt;

    Parcel(List<Piece> pieces) {
        super(pieces.size());
        this.all = List.copyOf(pieces);
    }

    /** Every piece that is not settled; the next request may carry only the first of them. */
    List<Piece> all() {
        return all;
    }

    /** What the next request carries. */
    List<Piece> pieces() {
        return all.subList(0, part());
    }

    List<RawLogGroup> groups() {
        return pieces().stream().map(Piece::group).toList();
    }

    @Override
    protected void remove(int items) {
        all = List.copyOf(all.subList(items, all.size()));
    }

    /** The same pieces in two requests. */
    List<Parcel> halves() {
        int middle = all.size() / 2;
        return List.of(new Parcel(all.subList(0, middle)), new Parcel(all.subList(middle, all.size())));
    }

    /** Keeps the first piece; the others go with the parcel that this gives. */
    Parcel splitAfterFirst() {
        Parcel others = new Parcel(all.subList(1, all.size()));
        others.single();
        keepFirst();
        all = all.subList(0, 1);
        return others;
    }

    /** Takes note of a failure; gives how many in a row there were. */
    int failedAt(long now) {
        if (failures() == 0) {
            failingSince = now;
        }
        failed(now);
        return failures();
    }

    /** When it failed for the first time since something of it was accepted. */
    long failingSince() {
        return failingSince;
    }

    void waitUntil(long time) {
        dueAt = time;
    }

    long dueAt() {
        return dueAt;
    }
}
