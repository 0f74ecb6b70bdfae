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
     * @param key what is built, below the section; empty for the whole section
     */
    static <T> @Nullable T of(Values values, String key, Mistakes mistakes, Supplier<T> record) {
        try {
            return record.get();
        } catch (Values.UnusableException e) {
            return null;
        } catch (IllegalArgumentException e) {
            Place place = key.isEmpty() ? values.place() : values.place().missing(key);
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
