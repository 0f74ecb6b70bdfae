package io.slsdispatch.local.fault;

import java.time.Duration;

/** What a fault does to a call. */
public sealed interface Effect {

    /** When an effect takes place: before the call has changed anything, or after it has, instead of the answer. */
    enum Moment {
        BEFORE,
        AFTER
    }

    /** The answer comes later. */
    record Delay(Duration time) implements Effect {}

    /** The answer is an error. */
    record Refuse(int status, String code, String message, Moment moment) implements Effect {}

    /** There is no answer: the connection is reset. */
    record Reset(Moment moment) implements Effect {}

    /** Whether the effect takes place at this moment. */
    default boolean strikes(Moment moment) {
        if (this instanceof Refuse refuse) {
            return refuse.moment() == moment;
        }
        return this instanceof Reset reset && reset.moment() == moment;
    }
}
