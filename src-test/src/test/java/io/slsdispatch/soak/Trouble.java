package io.slsdispatch.soak;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A way for the service to misbehave.
 *
 * @param name in words, for the schedule
 * @param fault as SLS Local takes it
 * @param outageOf the target that takes nothing at all meanwhile; empty = none
 * @param losesAnswersOf the target that may have written a request whose answer does not come; empty = none
 */
record Trouble(String name, Map<String, Object> fault, Optional<String> outageOf, Optional<String> losesAnswersOf) {

    Trouble {
        fault = Map.copyOf(fault);
    }

    /** One that neither ends a target nor leaves it open whether something was written. */
    static Trouble of(String name, Map<String, Object> fault) {
        return new Trouble(name, fault, Optional.empty(), Optional.empty());
    }

    /** The same for calls of one operation at one logstore. */
    Trouble at(String operation, String logstore) {
        Map<String, Object> narrowed = new HashMap<>(fault);
        narrowed.put("operation", operation);
        narrowed.put("logstore", logstore);
        return new Trouble(operation + " of " + logstore + ": " + name, narrowed, outageOf, losesAnswersOf);
    }

    /** The same for a part of the calls. */
    Trouble sometimes(double probability) {
        Map<String, Object> narrowed = new HashMap<>(fault);
        narrowed.put("probability", probability);
        return new Trouble(
                name + " (" + Math.round(100 * probability) + "% of the calls)", narrowed, outageOf, losesAnswersOf);
    }

    /** The same, as one that may write at a target and give no answer. */
    Trouble losingAnswersOf(String target) {
        return new Trouble(name, fault, outageOf, Optional.of(target));
    }

    /** The same, as the outage of a target. */
    Trouble asOutageOf(String target) {
        return new Trouble("outage of " + target + ", " + name, fault, Optional.of(target), losesAnswersOf);
    }
}
