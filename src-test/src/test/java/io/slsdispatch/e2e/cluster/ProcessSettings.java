package io.slsdispatch.e2e.cluster;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a process gets beside what the rig gives to all.
 *
 * @param environment environment variables; a process sees these and PATH, LANG and Flink's own, nothing else of the
 *     test's environment
 * @param jvmOptions options of the Java command, put last so that they win
 */
public record ProcessSettings(Map<String, String> environment, List<String> jvmOptions) {

    /** Nothing beside what all get. */
    public static final ProcessSettings NONE = new ProcessSettings(Map.of(), List.of());

    public ProcessSettings {
        environment = Map.copyOf(environment);
        jvmOptions = List.copyOf(jvmOptions);
    }

    /** Only environment variables. */
    public static ProcessSettings environment(Map<String, String> environment) {
        return new ProcessSettings(environment, List.of());
    }

    /** Only options of the Java command. */
    public static ProcessSettings jvmOptions(String... options) {
        return new ProcessSettings(Map.of(), List.of(options));
    }

    /** Both together; where both set the same variable, the other one wins. */
    public ProcessSettings and(ProcessSettings other) {
        Map<String, String> variables = new HashMap<>(environment);
        variables.putAll(other.environment);
        List<String> options = new ArrayList<>(jvmOptions);
        options.addAll(other.jvmOptions);
        return new ProcessSettings(variables, options);
    }

    /** Names of the variables only: their values may be secrets. */
    @Override
    public String toString() {
        return "ProcessSettings[environment=" + environment.keySet() + ", jvmOptions=" + jvmOptions + "]";
    }
}
