package io.slsdispatch.job.config;

import io.slsdispatch.job.yaml.Option;
import io.slsdispatch.job.yaml.SectionValues;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The value of every option of a configuration: as set, inherited, or the default. An option without a value is absent
 * from the maps. Contains options that {@link JobConfig} holds only combined with others, such as the time zone, and
 * those that do not apply at present. Contains no secrets, as {@link JobConfig}. Rules are not included, because they
 * may be elsewhere.
 *
 * @param top the options at the top of the file
 * @param source the options of the source
 * @param targets the options of each target, by its name
 */
public record EffectiveOptions(
        Map<Option<?>, Object> top, Map<Option<?>, Object> source, Map<String, Map<Option<?>, Object>> targets) {

    public EffectiveOptions {
        top = Collections.unmodifiableMap(top);
        source = Collections.unmodifiableMap(source);
        targets = Collections.unmodifiableMap(targets);
    }

    /** The values of these options in a section, in this order. */
    static Map<Option<?>, Object> of(SectionValues section, List<Option<?>> options) {
        Map<Option<?>, Object> values = new LinkedHashMap<>();
        for (Option<?> option : options) {
            @Nullable Object value = section.find(option);
            if (value != null) {
                values.put(option, value);
            }
        }
        return values;
    }
}
