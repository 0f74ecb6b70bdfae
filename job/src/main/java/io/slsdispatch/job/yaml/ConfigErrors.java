package io.slsdispatch.job.yaml;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Collector of the errors in a configuration, so that all are reported at once. */
public final class ConfigErrors {

    /** A text from elsewhere may have an error in every place. */
    private static final int MAX_FOUND = 1_000;

    private final Set<ConfigError> found = new LinkedHashSet<>();

    /**
     * Signals that a required value is missing or invalid and that the error is collected already. The code that
     * catches it adds no error.
     */
    public static final class AlreadyReportedException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        public AlreadyReportedException(String key) {
            super(key);
        }
    }

    /** Adds an error; {@code value} is null when there is none or when it must not be shown. */
    public void add(SourceLocation location, @Nullable String value, String problem, String hint) {
        if (found.size() < MAX_FOUND) {
            // Targets inherit 'defaults': an error there is found once for each target and shown once.
            found.add(new ConfigError(location, value, problem, hint));
        }
    }

    /** Adds an error that shows no value. */
    public void add(SourceLocation location, String problem, String hint) {
        add(location, null, problem, hint);
    }

    /** Throws when any error was collected. */
    public void throwIfAny() throws InvalidConfigException {
        if (!found.isEmpty()) {
            throw new InvalidConfigException(List.copyOf(found));
        }
    }

    /**
     * Builds a record from values that may be missing or invalid; null when it cannot be built. When the record refuses
     * values that do not fit together, that becomes an error; the error for a single value that is missing or invalid
     * is collected already.
     *
     * @param location location of the value that such an error concerns
     */
    public <T> @Nullable T build(SourceLocation location, Supplier<T> record) {
        try {
            return record.get();
        } catch (AlreadyReportedException e) {
            return null;
        } catch (IllegalArgumentException e) {
            add(location, "These values cannot be combined: " + e.getMessage() + ".", "");
            return null;
        }
    }

    /** Returns a part of such a record that was built earlier. */
    public static <T> T need(@Nullable T part) {
        if (part == null) {
            throw new AlreadyReportedException("a part");
        }
        return part;
    }
}
