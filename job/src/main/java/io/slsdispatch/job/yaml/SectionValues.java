package io.slsdispatch.job.yaml;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The values of a section's options, with those that it inherits. Options that were written wrongly are known as wrong:
 * they neither fall back to anything nor are called missing.
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

    /** Adds what was read for an option; null when it was wrong. */
    public <T> void put(Option<T> option, @Nullable T value, SourceLocation where) {
        own.put(option, new Given<>(value, where));
    }

    /** The same with others to take from what is not given here. */
    public SectionValues inheriting(SectionValues others) {
        return new SectionValues(location, own, inherited == null ? others : inherited.inheriting(others));
    }

    /** Only these options of what is given or inherited here. */
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

    /** Where the option was written, or the section when it was not. */
    public SourceLocation locationOf(Option<?> option) {
        Given<?> given = given(option);
        return given == null ? location.missing(option.key()) : given.location;
    }

    /** Whether the option was written here or in what this inherits, rightly or wrongly. */
    public boolean has(Option<?> option) {
        return given(option) != null;
    }

    /** The value, else the default, else null; null too when it was written wrongly. */
    public <T> @Nullable T find(Option<T> option) {
        Given<T> given = given(option);
        return given == null ? option.defaultValue() : given.value;
    }

    /** Adds an error for each of these options that is neither given nor inherited. */
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
     * @param what one of them is, for messages
     */
    public List<ConfigNode> items(Option<ConfigNode> option, String what, ConfigErrors errors) {
        ConfigNode node = find(option);
        if (node instanceof ConfigNode.Sequence list && !list.items().isEmpty()) {
            return list.items();
        }
        if (node != null) {
            errors.add(node.location(), "Expected a list of at least one " + what + ".", "Begin each with '- '.");
        }
        return List.of();
    }

    /**
     * The value or the default.
     *
     * @throws ConfigErrors.AlreadyReportedException when there is none or it was written wrongly
     */
    public <T> T get(Option<T> option) {
        T value = find(option);
        if (value == null) {
            throw new ConfigErrors.AlreadyReportedException(option.key());
        }
        return value;
    }

    /**
     * The value or the default, or null when it was not written.
     *
     * @throws ConfigErrors.AlreadyReportedException when it was written wrongly
     */
    public <T> @Nullable T getOrNull(Option<T> option) {
        return has(option) ? get(option) : option.defaultValue();
    }

    @SuppressWarnings("unchecked") // put() is the only way in, and takes what the option says
    private <T> @Nullable Given<T> given(Option<T> option) {
        Given<T> given = (Given<T>) own.get(option);
        return given == null && inherited != null ? inherited.given(option) : given;
    }
}
