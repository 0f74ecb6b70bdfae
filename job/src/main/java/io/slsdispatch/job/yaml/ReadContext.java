package io.slsdispatch.job.yaml;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/** What all values of one file are read with. */
public final class ReadContext {

    private final Variables variables;
    private final ConfigErrors errors;
    private final Map<Class<?>, Object> shared = new HashMap<>();

    public ReadContext(Variables variables, ConfigErrors errors) {
        this.variables = variables;
        this.errors = errors;
    }

    /** Replaces the variables in a value. */
    public Variables variables() {
        return variables;
    }

    /** Collects what is wrong. */
    public ConfigErrors errors() {
        return errors;
    }

    /** What the values of one type have in common, such as a limit to their sum; made when first asked for. */
    public <T> T shared(Class<T> type, Supplier<T> first) {
        return type.cast(shared.computeIfAbsent(type, absent -> first.get()));
    }
}
