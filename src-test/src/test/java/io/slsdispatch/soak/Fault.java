package io.slsdispatch.soak;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A fault of the service.
 *
 * @param name in words, for the schedule
 * @param json the fault as SLS Local takes it
 * @param outageOf the target that takes nothing at all meanwhile; empty = none
 * @param losesAnswersOf the target that may have written a request whose answer does not come; empty = none
 */
record Fault(String name, Map<String, Object> json, Optional<String> outageOf, Optional<String> losesAnswersOf) {

    Fault {
        json = Map.copyOf(json);
    }

    /** One that neither ends a target nor leaves it open whether something was written. */
    static Fault of(String name, Map<String, Object> json) {
        return new Fault(name, json, Optional.empty(), Optional.empty());
    }

    /** The same for calls of one operation at one logstore. */
    Fault at(String operation, String logstore) {
        Map<String, Object> narrowed = new HashMap<>(json);
        narrowed.put("operation", operation);
        narrowed.put("logstore", logstore);
        return new Fault(operation + " of " + logstore + ": " + name, narrowed, outageOf, losesAnswersOf);
    }

    /** The same for a part of the calls. */
    Fault sometimes(double probability) {
        Map<String, Object> narrowed = new HashMap<>(json);
        narrowed.put("probability", probability);
        return new Fault(
                name + " (" + Math.round(100 * probability) + "% of the calls)", narrowed, outageOf, losesAnswersOf);
    }

    /** The same, as one that may write at a target and give no answer. */
    Fault losingAnswersOf(String target) {
        return new Fault(name, json, outageOf, Optional.of(target));
    }

    /** The same, as the outage of a target. */
    Fault asOutageOf(String target) {
        return new Fault("outage of " + target + ", " + name, json, Optional.of(target), losesAnswersOf);
    }
}
