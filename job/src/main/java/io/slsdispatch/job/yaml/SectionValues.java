package io.slsdispatch.job.yaml;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The values of a section's options, including inherited values. An option with an invalid value neither falls back to
 * an inherited or default value nor is reported as missing.
 */
public final class SectionValues {

    private record Given<T>(@Nullable T value, SourceLocation location) {}

    private final SourceLocation location;
    private final Map<Option<?>, Given<?>> own;
    private final @Nullable SectionValues inherited;

    private SectionValues(SourceLocation location, Map<Option<?>, Given<?>> own, @Nullable SectionValues inherited) {
        this.location = location;
        this.own = own;
        this.inherited = inherited;
    }

    /** No values yet. */
    public static SectionValues at(SourceLocation location) {
        return new SectionValues(location, new HashMap<>(), null);
    }

    /** Adds the value of an option; null when it is invalid. */
    public <T> void put(Option<T> option, @Nullable T value, SourceLocation where) {
        own.put(option, new Given<>(value, where));
    }

    /** Returns these values with a parent that supplies the options that are not set here. */
    public SectionValues inheriting(SectionValues others) {
        return new SectionValues(location, own, inherited == null ? others : inherited.inheriting(others));
    }

    /** Returns these options only, set here or inherited. */
    public SectionValues only(Collection<Option<?>> options) {
        Map<Option<?>, Given<?>> kept = new HashMap<>();
        for (Option<?> option : options) {
            Given<?> given = given(option);
            if (given != null) {
                kept.put(option, given);
            }
        }
        return new SectionValues(location, kept, null);
    }

    /** The section. */
    public SourceLocation location() {
        return location;
    }

    /** The location of the option, or of the section when the option is not set. */
    public SourceLocation locationOf(Option<?> option) {
        Given<?> given = given(option);
        return given == null ? location.missing(option.key()) : given.location;
    }

    /** Whether the option is set here or inherited, with a valid or an invalid value. */
    public boolean has(Option<?> option) {
        return given(option) != null;
    }

    /** The value, else the default, else null; also null when the value is invalid. */
    public <T> @Nullable T find(Option<T> option) {
        Given<T> given = given(option);
        return given == null ? option.defaultValue() : given.value;
    }

    /** Adds an error for each of these options that is neither set nor inherited. */
    public void require(List<Option<?>> required, ConfigErrors errors) {
        for (Option<?> option : required) {
            if (!has(option)) {
                errors.add(
                        location.missing(option.key()),
                        "Missing: " + option.description(),
                        "Expected " + option.type().expectation() + ".");
            }
        }
    }

    /**
     * The entries of a list that must have at least one.
     *
     * @param what an entry is, for messages
     */
    public List<ConfigNode> items(Option<ConfigNode> option, String what, ConfigErrors errors) {
        ConfigNode node = find(option);
        if (node instanceof ConfigNode.Sequence list && !list.items().isEmpty()) {
            return list.items();
        }
        if (node != null) {
            errors.add(node.location(), "Expected a list of at least one " + what + ".", "Start each item with '- '.");
        }
        return List.of();
    }

    /**
     * The value or the default.
     *
     * @throws ConfigErrors.AlreadyReportedException when there is no value or it is invalid
     */
    public <T> T get(Option<T> option) {
        T value = find(option);
        if (value == null) {
            throw new ConfigErrors.AlreadyReportedException(option.key());
        }
        return value;
    }

    /**
     * The value or the default, or null when there is neither.
     *
     * @throws ConfigErrors.AlreadyReportedException when the value is invalid
     */
    public <T> @Nullable T getOrNull(Option<T> option) {
        return has(option) ? get(option) : option.defaultValue();
    }

    @SuppressWarnings("unchecked") // only put() adds a value, and it takes the option's type
    private <T> @Nullable Given<T> given(Option<T> option) {
        Given<T> given = (Given<T>) own.get(option);
        return given == null && inherited != null ? inherited.given(option) : given;
    }
}
