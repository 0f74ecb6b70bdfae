package io.slsdispatch.job.config;

import org.jspecify.annotations.Nullable;

/**
 * One mistake of a configuration.
 *
 * @param place where it is
 * @param value what stands there; null when nothing does or when it must not be shown
 * @param problem what is wrong, and what was expected
 * @param cure what to do
 */
public record Mistake(Place place, @Nullable String value, String problem, String cure) {

    private static final int SHOWN_VALUE_LENGTH = 200;
    private static final int SHOWN_PROBLEM_LENGTH = 1_000;

    /** More than what is shown, so that a secret at its end is known by what follows it. */
    private static final int READ_LENGTH = 4_000;

    public Mistake {
        value = value == null ? null : Shown.withoutSecrets(cut(value, READ_LENGTH));
        problem = cut(Shown.withoutSecrets(cut(problem, READ_LENGTH)), SHOWN_PROBLEM_LENGTH);
    }

    private static String cut(String text, int length) {
        return text.length() <= length ? text : text.substring(0, length) + "…";
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(Shown.visibly(cut(place.toString(), SHOWN_PROBLEM_LENGTH)));
        if (value != null) {
            text.append(" = ").append(Shown.visibly(cut(value, SHOWN_VALUE_LENGTH)));
        }
        text.append("\n    ").append(Shown.visibly(problem));
        if (!cure.isEmpty()) {
            text.append("\n    ").append(Shown.visibly(cure));
        }
        return text.toString();
    }
}
