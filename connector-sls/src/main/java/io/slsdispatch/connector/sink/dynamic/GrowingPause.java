package io.slsdispatch.connector.sink.dynamic;

import java.time.Duration;

/** A pause that doubles each time, up to a limit. */
final class GrowingPause {

    private final Duration first;
    private final Duration longest;
    private Duration next;

    GrowingPause(Duration first, Duration longest) {
        this.first = first;
        this.longest = longest;
        this.next = first;
    }

    /** The pause; the next one is longer. */
    Duration next() {
        Duration pause = next;
        Duration twice = pause.multipliedBy(2);
        next = twice.compareTo(longest) > 0 ? longest : twice;
        return pause;
    }

    /** The next pause is the first again. */
    void reset() {
        next = first;
    }
}
