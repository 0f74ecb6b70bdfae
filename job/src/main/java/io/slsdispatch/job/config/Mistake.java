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

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(place.toString());
        if (value != null) {
            boolean isLong = value.length() > SHOWN_VALUE_LENGTH;
            text.append(" = ").append(isLong ? value.substring(0, SHOWN_VALUE_LENGTH) + "…" : value);
        }
        text.append("\n    ").append(problem);
        if (!cure.isEmpty()) {
            text.append("\n    ").append(cure);
        }
        return text.toString();
    }
}
