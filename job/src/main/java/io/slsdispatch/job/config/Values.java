package io.slsdispatch.job.config;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a section gave for its options, with what it inherits. Options that were written wrongly are known as wrong: they
 * neither fall back to anything nor are called missing.
 */
final class Values {

    /** Something needed is missing or wrong. That is among the mistakes already: whoever catches this says nothing more. */
    static final class UnusableException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UnusableException(String key) {
            super(key);
        }
    }

    private record Given<T>(@Nullable T value, Place place) {}

    private final Place place;
    private final Map<Option<?>, Given<?>> own;
    private final @Nullable Values inherited;

    private Values(Place place, Map<Option<?>, Given<?>> own, @Nullable Values inherited) {
        this.place = place;
        this.own = own;
        this.inherited = inherited;
    }

    /** Nothing given yet. */
    static Values at(Place place) {
        return new Values(place, new HashMap<>(), null);
    }

    /** Adds what was read for an option; null when it was wrong. */
    <T> void put(Option<T> option, @Nullable T value, Place where) {
        own.put(option, new Given<>(value, where));
    }

    /** The same with others to take from what is not given here. */
    Values inheriting(Values others) {
        return new Values(place, own, inherited == null ? others : inherited.inheriting(others));
    }

    /** Only these options of what is given or inherited here. */
    Values only(Collection<Option<?>> options) {
        Map<Option<?>, Given<?>> kept = new HashMap<>();
        for (Option<?> option : options) {
            Given<?> given = given(option);
            if (given != null) {
                kept.put(option, given);
            }
        }
        return new Values(place, kept, null);
    }

    /** The section. */
    Place place() {
        return place;
    }

    /** Where the option was written, or the section when it was not. */
    Place placeOf(Option<?> option) {
        Given<?> given = given(option);
        return given == null ? place.missing(option.key()) : given.place;
    }

    /** Whether the option was written here or in what this inherits, rightly or wrongly. */
    boolean has(Option<?> option) {
        return given(option) != null;
    }

    /** The value, else the default, else null; null too when it was written wrongly. */
    <T> @Nullable T find(Option<T> option) {
        Given<T> given = given(option);
        return given == null ? option.defaultValue() : given.value;
    }

    /**
     * The value or the default.
     *
     * @throws UnusableException when there is none or it was written wrongly
     */
    <T> T get(Option<T> option) {
        T value = find(option);
        if (value == null) {
            throw new UnusableException(option.key());
        }
        return value;
    }

    /**
     * The value or the default, or null when it was not written.
     *
     * @throws UnusableException when it was written wrongly
     */
    <T> @Nullable T getOrNull(Option<T> option) {
        return has(option) ? get(option) : option.defaultValue();
    }

    @SuppressWarnings("unchecked") // put() is the only way in, and takes what the option says
    private <T> @Nullable Given<T> given(Option<T> option) {
        Given<T> given = (Given<T>) own.get(option);
        return given == null && inherited != null ? inherited.given(option) : given;
    }
}
