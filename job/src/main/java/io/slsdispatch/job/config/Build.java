package io.slsdispatch.job.config;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Builds checked records of values that may be missing or wrong. */
final class Build {

    private Build() {}

    /**
     * A record, or null when it cannot be built. What the record itself refuses, because its values do not fit together,
     * becomes a mistake; what is missing or wrong in itself is one already.
     *
     * @param place of the value that such a mistake is about
     */
    static <T> @Nullable T of(Place place, Mistakes mistakes, Supplier<T> record) {
        try {
            return record.get();
        } catch (Values.UnusableException e) {
            return null;
        } catch (IllegalArgumentException e) {
            mistakes.add(place, "These values do not fit together: " + e.getMessage() + ".", "");
            return null;
        }
    }

    /** A part of a record that was built before. */
    static <T> T need(@Nullable T part) {
        if (part == null) {
            throw new Values.UnusableException("a part");
        }
        return part;
    }
}
