package io.slsdispatch.job.yaml;

import io.slsdispatch.connector.text.Secrets;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Collector of the errors in a configuration, so that all are reported at once. */
public final class ConfigErrors {

    /** What separates the parts of an address. */
    private static final Pattern PARTS = Pattern.compile("[\\s:/?#@&=]+");

    /** A shorter part may be a word that messages contain anyway. */
    private static final int LONG_PART = 8;

    /** A text from elsewhere may have an error in every place. */
    private static final int MAX_FOUND = 1_000;

    /** Far more characters than are shown. */
    private static final int MAX_KEPT = 1 << 14;

    /** An error as it was found, which may repeat a secret: some secrets are known only later. */
    private record Found(SourceLocation location, @Nullable String value, String problem, String hint) {

        ConfigError without(Secrets secrets) {
            return new ConfigError(
                    new SourceLocation(secrets.hideIn(location.path()), location.where()),
                    value == null ? null : secrets.hideIn(value),
                    secrets.hideIn(problem),
                    secrets.hideIn(hint));
        }
    }

    private final Set<Found> found = new LinkedHashSet<>();
    private final Set<String> secrets = new LinkedHashSet<>();

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
            found.add(new Found(location, value == null ? null : cut(value), cut(problem), hint));
        }
    }

    private static String cut(String text) {
        return text.length() <= MAX_KEPT ? text : text.substring(0, MAX_KEPT);
    }

    /** Adds an error that shows no value. */
    public void add(SourceLocation location, String problem, String hint) {
        add(location, null, problem, hint);
    }

    /**
     * Hides the value of a variable that holds a secret in all errors, whether they were added before or are added
     * later: also a part of an address in it, since a message may show only that.
     */
    public void hide(String secret) {
        secrets.add(secret);
        Stream.of(PARTS.split(secret))
                .filter(part -> part.length() >= LONG_PART)
                .forEach(secrets::add);
    }

    /** Throws when any error was collected. */
    public void throwIfAny() throws InvalidConfigException {
        if (!found.isEmpty()) {
            Secrets hidden = Secrets.of(secrets);
            throw new InvalidConfigException(found.stream()
                    .map(error -> error.without(hidden))
                    .distinct()
                    .toList());
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
