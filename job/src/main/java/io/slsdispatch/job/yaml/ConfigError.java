package io.slsdispatch.job.yaml;

import org.jspecify.annotations.Nullable;

/**
 * An error in a configuration.
 *
 * @param location where it is
 * @param value the value as written; null when there is none or it must not be shown
 * @param problem what is wrong, and what was expected
 * @param hint what to do
 */
public record ConfigError(SourceLocation location, @Nullable String value, String problem, String hint) {

    private static final int SHOWN_VALUE_LENGTH = 200;
    private static final int SHOWN_PROBLEM_LENGTH = 1_000;

    /**
     * Longer than the part that is shown, so that a secret at the end of that part is recognized by the text after it.
     */
    private static final int READ_LENGTH = 4_000;

    public ConfigError {
        value = value == null ? null : Redactor.redact(cut(value, READ_LENGTH));
        problem = cut(Redactor.redact(cut(problem, READ_LENGTH)), SHOWN_PROBLEM_LENGTH);
    }

    private static String cut(String text, int length) {
        return text.length() <= length ? text : text.substring(0, length) + "…";
    }

    @Override
    public String toString() {
        StringBuilder text =
                new StringBuilder(Redactor.escapeInvisible(cut(location.toString(), SHOWN_PROBLEM_LENGTH)));
        if (value != null) {
            text.append(" = ").append(Redactor.escapeInvisible(cut(value, SHOWN_VALUE_LENGTH)));
        }
        text.append("\n    ").append(Redactor.escapeInvisible(problem));
        if (!hint.isEmpty()) {
            text.append("\n    ").append(Redactor.escapeInvisible(hint));
        }
        return text.toString();
    }
}
