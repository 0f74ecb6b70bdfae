package io.slsdispatch.tools;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * Where a program is, for tests that need one. On a machine without it the test ends without a result, and says so; with
 * {@code -Dtest.programs=required}, as in CI, it fails.
 */
public final class Programs {

    private static final String REQUIRED = "required";

    private Programs() {}

    /**
     * Finds a program in {@code PATH}.
     *
     * @param names what it may be called, the usual name first
     * @param tested what is not tested without it
     * @param packaged the Debian package that has it
     */
    public static Path need(List<String> names, String tested, String packaged) {
        return find(names).orElseGet(() -> {
            String message = "NOT TESTED: " + tested + ". None of " + names + " is in PATH (package '" + packaged
                    + "' of Debian; .ci/run fetches it).";
            if (REQUIRED.equals(System.getProperty("test.programs"))) {
                return Assertions.fail(message);
            }
            System.err.println(message);
            return Assumptions.abort(message);
        });
    }

    /** Finds a program in {@code PATH}, if there is one. */
    public static Optional<Path> find(List<String> names) {
        String[] folders = System.getenv().getOrDefault("PATH", "").split(File.pathSeparator);
        return names.stream()
                .flatMap(name -> Arrays.stream(folders).map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
