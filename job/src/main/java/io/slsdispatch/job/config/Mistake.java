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

    public Mistake {
        value = value == null ? null : Shown.withoutSecrets(value);
        problem = Shown.withoutSecrets(problem);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(Shown.visibly(place.toString()));
        if (value != null) {
            boolean isLong = value.length() > SHOWN_VALUE_LENGTH;
            text.append(" = ").append(Shown.visibly(isLong ? value.substring(0, SHOWN_VALUE_LENGTH) + "…" : value));
        }
        text.append("\n    ").append(Shown.visibly(problem));
        if (!cure.isEmpty()) {
            text.append("\n    ").append(Shown.visibly(cure));
        }
        return text.toString();
    }
}
