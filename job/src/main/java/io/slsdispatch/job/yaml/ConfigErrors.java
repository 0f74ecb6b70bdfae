package io.slsdispatch.job.yaml;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Collects the errors of a configuration, so that all are reported at once. */
public final class ConfigErrors {

    /** A text of others may be wrong in all of its places. */
    private static final int MAX_FOUND = 1_000;

    private final Set<ConfigError> found = new LinkedHashSet<>();

    /** Something needed is missing or wrong, and the error is collected already: whoever catches this adds none. */
    public static final class AlreadyReportedException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        public AlreadyReportedException(String key) {
            super(key);
        }
    }

    /** Adds an error; {@code value} is null when there is none or when it must not be shown. */
    public void add(SourceLocation location, @Nullable String value, String problem, String hint) {
        if (found.size() < MAX_FOUND) {
            // Targets share what is in 'defaults': an error there is found once for each of them and shown once.
            found.add(new ConfigError(location, value, problem, hint));
        }
    }

    /** Adds an error that shows no value. */
    public void add(SourceLocation location, String problem, String hint) {
        add(location, null, problem, hint);
    }

    /** Ends the reading when there is any error. */
    public void throwIfAny() throws InvalidConfigException {
        if (!found.isEmpty()) {
            throw new InvalidConfigException(List.copyOf(found));
        }
    }

    /**
     * Builds a record of values that may be missing or wrong; null when it cannot be built. What the record itself refuses,
     * because its values do not fit together, becomes an error; what is missing or wrong in itself is one already.
     *
     * @param location of the value that such an error is about
     */
    public <T> @Nullable T build(SourceLocation location, Supplier<T> record) {
        try {
            return record.get();
        } catch (AlreadyReportedException e) {
            return null;
        } catch (IllegalArgumentException e) {
            add(location, "These values do not fit together: " + e.getMessage() + ".", "");
            return null;
        }
    }

    /** A part of such a record that was built before. */
    public static <T> T need(@Nullable T part) {
        if (part == null) {
            throw new AlreadyReportedException("a part");
        }
        return part;
    }
}
