package io.slsdispatch.job.config;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects mistakes, so that all are told at once. */
final class Mistakes {

    private final List<Mistake> found = new ArrayList<>();

    void add(Place place, @Nullable String value, String problem, String cure) {
        Mistake mistake = new Mistake(place, value, problem, cure);
        // Targets share what stands in 'defaults': a mistake there is found once for each of them and told once.
        if (!found.contains(mistake)) {
            found.add(mistake);
        }
    }

    void add(Place place, String problem, String cure) {
        add(place, null, problem, cure);
    }

    /** Ends the reading when there is any mistake. */
    void throwIfAny() throws BadConfigurationException {
        if (!found.isEmpty()) {
            throw new BadConfigurationException(found);
        }
    }
}
