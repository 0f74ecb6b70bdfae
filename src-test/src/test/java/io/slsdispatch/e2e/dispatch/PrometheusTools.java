package io.slsdispatch.e2e.dispatch;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Assumptions;

/** The programs of Prometheus, where they are installed. */
final class PrometheusTools {

    private PrometheusTools() {}

    /** Where a program is. Ends the test without a result when it is not installed, and says so. */
    static Path need(String program) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseGet(() -> {
                    String message =
                            "NOT TESTED: the alert rules and the dashboard, with Prometheus itself. '" + program
                                    + "' is not installed (package 'prometheus' of Debian and Ubuntu; .ci/run fetches it).";
                    System.err.println(message);
                    return Assumptions.abort(message);
                });
    }
}
