package io.slsdispatch.job.yaml;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/** The context in which all values of one file are read. */
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

    /** Collects errors. */
    public ConfigErrors errors() {
        return errors;
    }

    /** The state that all values of one type share, such as a limit on their sum; created at the first call. */
    public <T> T shared(Class<T> type, Supplier<T> first) {
        return type.cast(shared.computeIfAbsent(type, absent -> first.get()));
    }
}
