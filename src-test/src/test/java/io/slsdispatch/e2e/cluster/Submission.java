package io.slsdispatch.e2e.cluster;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A job to be submitted. Immutable: each {@code with} method gives a changed copy.
 *
 * @param program what runs
 * @param parallelism of operators that set none themselves
 * @param start what state it starts from
 * @param options Flink options of this job, put over the cluster's
 * @param environment variables of the process in which the job's {@code main} runs: Flink's command line client
 */
public record Submission(
        Program program, int parallelism, Start start, Map<String, String> options, Map<String, String> environment) {

    /**
     * @param jar the fat jar
     * @param mainClass the class to run; empty = the one named in the jar's manifest
     * @param arguments the job's own arguments
     */
    record Program(Path jar, Optional<String> mainClass, List<String> arguments) {

        Program {
            jar = jar.toAbsolutePath();
            arguments = List.copyOf(arguments);
        }
    }

    /**
     * @param savepoint path of a savepoint or a retained checkpoint; empty = start from nothing
     * @param allowNonRestoredState whether state that fits no operator is dropped
     */
    record Start(Optional<String> savepoint, boolean allowNonRestoredState) {

        static final Start FROM_NOTHING = new Start(Optional.empty(), false);
    }

    public Submission {
        options = Map.copyOf(options);
        environment = Map.copyOf(environment);
    }

    /** The main class of the jar's manifest, without arguments, at parallelism 1, starting from nothing. */
    public static Submission of(Path jar) {
        Program program = new Program(jar, Optional.empty(), List.of());
        return new Submission(program, 1, Start.FROM_NOTHING, Map.of(), Map.of());
    }

    public Submission withMainClass(Class<?> main) {
        return withProgram(new Program(program.jar, Optional.of(main.getName()), program.arguments));
    }

    public Submission withArguments(String... arguments) {
        return withProgram(new Program(program.jar, program.mainClass, List.of(arguments)));
    }

    public Submission withParallelism(int value) {
        return new Submission(program, value, start, options, environment);
    }

    /** Starts from a savepoint or a retained checkpoint. */
    public Submission withSavepoint(String path) {
        return withStart(new Start(Optional.of(path), start.allowNonRestoredState));
    }

    /** State of the savepoint that fits no operator is dropped instead of refused. */
    public Submission withNonRestoredStateAllowed() {
        return withStart(new Start(start.savepoint, true));
    }

    /** Sets one Flink option of this job. */
    public Submission withOption(String key, String value) {
        Map<String, String> more = new HashMap<>(options);
        more.put(key, value);
        return new Submission(program, parallelism, start, more, environment);
    }

    /** Adds variables of the process in which {@code main} runs. */
    public Submission withEnvironment(Map<String, String> variables) {
        Map<String, String> more = new HashMap<>(environment);
        more.putAll(variables);
        return new Submission(program, parallelism, start, options, more);
    }

    private Submission withProgram(Program other) {
        return new Submission(other, parallelism, start, options, environment);
    }

    private Submission withStart(Start other) {
        return new Submission(program, parallelism, other, options, environment);
    }

    /** Names of the environment variables only: their values may be secrets. */
    @Override
    public String toString() {
        return "Submission[program=%s, parallelism=%d, start=%s, options=%s, environment=%s]"
                .formatted(program, parallelism, start, options, environment.keySet());
    }
}
