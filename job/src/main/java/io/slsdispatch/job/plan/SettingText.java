package io.slsdispatch.job.plan;

import io.slsdispatch.connector.config.Durations;
import io.slsdispatch.job.yaml.Option;
import io.slsdispatch.job.yaml.Redactor;
import io.slsdispatch.job.yaml.ScalarTypes;
import io.slsdispatch.job.yaml.SecretReference;
import java.time.Duration;
import java.time.Period;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The value of an option as text, as it can be written in a configuration. Contains no secrets. */
final class SettingText {

    private static final String[] SIZE_UNITS = {"B", "KiB", "MiB", "GiB"};

    private SettingText() {}

    /** The value; without a value, what applies then, in brackets. */
    static String of(Option<?> option, @Nullable Object value) {
        if (value == null) {
            return option.defaultText();
        }
        if (option.type() == ScalarTypes.SIZE && value instanceof Long bytes) {
            return size(bytes);
        }
        return option.type() == SecretReference.TYPE ? "${" + value + "}" : text(value);
    }

    private static String text(Object value) {
        if (value instanceof Duration duration) {
            return Durations.text(duration);
        }
        if (value instanceof Period period) {
            return period.get(ChronoUnit.DAYS) + " d";
        }
        if (value instanceof Optional<?> optional) {
            return optional.isPresent() ? text(optional.get()) : "never";
        }
        if (value instanceof Enum<?> constant) {
            return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
        if (value instanceof Collection<?> several) {
            return several.stream().map(SettingText::text).collect(Collectors.joining(", "));
        }
        return Redactor.redact(value.toString());
    }

    /** The size in its largest unit without a fraction. */
    private static String size(long bytes) {
        int unit = 0;
        long size = bytes;
        while (unit < SIZE_UNITS.length - 1 && size % 1024 == 0) {
            size /= 1024;
            unit++;
        }
        return size + " " + SIZE_UNITS[unit];
    }
}
