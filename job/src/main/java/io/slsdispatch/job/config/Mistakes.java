package io.slsdispatch.job.config;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Collects mistakes, so that all are told at once. */
final class Mistakes {

    /** A text of others may be wrong in all of its places. */
    private static final int MAX_FOUND = 1_000;

    private final Set<Mistake> found = new LinkedHashSet<>();

    void add(Place place, @Nullable String value, String problem, String cure) {
        if (found.size() < MAX_FOUND) {
            // Targets share what is in 'defaults': a mistake there is found once for each of them and shown once.
            found.add(new Mistake(place, value, problem, cure));
        }
    }

    void add(Place place, String problem, String cure) {
        add(place, null, problem, cure);
    }

    /** Ends the reading when there is any mistake. */
    void throwIfAny() throws BadConfigurationException {
        if (!found.isEmpty()) {
            throw new BadConfigurationException(List.copyOf(found));
        }
    }
}
