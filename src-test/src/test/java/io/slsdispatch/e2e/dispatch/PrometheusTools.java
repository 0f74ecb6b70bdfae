package io.slsdispatch.e2e.dispatch;

import io.slsdispatch.tools.Programs;
import java.nio.file.Path;
import java.util.List;

/** The programs of Prometheus, where they are installed. */
final class PrometheusTools {

    private PrometheusTools() {}

    /** Where a program is; see {@link Programs#need} for what happens where it is not installed. */
    static Path need(String program) {
        return Programs.need(
                List.of(program), "the alert rules and the dashboard, with Prometheus itself", "prometheus");
    }
}
