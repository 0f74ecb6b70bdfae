package io.slsdispatch.connector.sink;

import io.slsdispatch.connector.deadletter.DeadLetter;
import io.slsdispatch.connector.deadletter.DeadLetterEncoder;
import io.slsdispatch.connector.deadletter.EncodedDeadLetter;
import org.jspecify.annotations.Nullable;

/** A dead letter on its way to its logstore, chunk by chunk. Task thread only. */
final class Letter {

    private final DeadLetter deadLetter;
    private @Nullable EncodedDeadLetter encoded;
    private int taken;
    private int stored;
    private boolean refused;

    Letter(DeadLetter deadLetter) {
        this.deadLetter = deadLetter;
    }

    DeadLetter deadLetter() {
        return deadLetter;
    }

    /** Kept only if there are several chunks, which must be of one copy; most have one, and are cheap to make again. */
    EncodedDeadLetter encoded(DeadLetterEncoder encoder) {
        if (encoded != null) {
            return encoded;
        }
        EncodedDeadLetter made = encoder.encode(deadLetter);
        if (made.chunks() > 1) {
            encoded = made;
        }
        return made;
    }

    /** Number of the next chunk that no request has taken. */
    int take() {
        return taken++;
    }

    int taken() {
        return taken;
    }

    /** @return whether that was the last one */
    boolean stored(int chunks) {
        stored++;
        return stored == chunks;
    }

    /** Whether the logstore will never take one of its chunks. */
    boolean isRefused() {
        return refused;
    }

    void refused() {
        refused = true;
    }
}
