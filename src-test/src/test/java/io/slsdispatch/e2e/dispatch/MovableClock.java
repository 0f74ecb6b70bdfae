package io.slsdispatch.e2e.dispatch;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** The system's time, moved by as much as a test says, so that data can be old without waiting. */
public final class MovableClock implements InstantSource {

    private volatile Duration ahead = Duration.ZERO;

    @Override
    public Instant instant() {
        return Instant.now().plus(ahead);
    }

    /** From now on it is so much earlier than it is. */
    public void setBack(Duration by) {
        ahead = by.negated();
    }
}
