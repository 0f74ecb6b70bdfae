package io.slsdispatch.job.redrive;

import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.model.RawLogGroup;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What travels in one request, and how often it failed. One thread. */
final class Parcel {

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

    private final List<Piece> pieces;
    private int failures;
    private long failingSince;
    private long dueAt;

    Parcel(List<Piece> pieces) {
        this.pieces = List.copyOf(pieces);
    }

    List<Piece> pieces() {
        return pieces;
    }

    List<RawLogGroup> groups() {
        return pieces.stream().map(Piece::group).toList();
    }

    /** Each piece on its own. */
    List<Parcel> singles() {
        return pieces.stream().map(piece -> new Parcel(List.of(piece))).toList();
    }

    /** Takes note of a failure; gives how many in a row there were. */
    int failed(long now) {
        if (failures == 0) {
            failingSince = now;
        }
        failures++;
        return failures;
    }

    /** When it failed for the first time. */
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
