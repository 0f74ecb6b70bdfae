package io.slsdispatch.job.cli;

import io.slsdispatch.job.config.ConfigFingerprint;
import io.slsdispatch.job.config.JobConfig;
import io.slsdispatch.job.config.MetricNames;
import io.slsdispatch.job.config.PlainConnections;
import io.slsdispatch.job.output.Json;
import io.slsdispatch.job.yaml.InvalidConfigException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Command {@code check}: checks a whole configuration, on its own and against the service. */
@Command(
        name = "check",
        description = {
            "Reports all errors of a configuration at once, with line and column, then checks against the service"
                    + " whether it would work: there are credentials, the source can be read, the consumer group exists or can be created, the"
                    + " targets can be written, and the clocks agree.",
            "",
            "It changes nothing. To check write access to a target, it sends a write with invalid content, which the"
                    + " service rejects before it stores anything. The service counts it as a failed request."
        })
final class CheckCommand implements Terminal.SubCommand {

    @Mixin
    private final ConfigFile file = new ConfigFile();

    @Option(names = "--offline", description = "Send no request to the service.")
    private boolean offline;

    @Option(
            names = "--json",
            description = "Print one JSON object: 'ok', 'fingerprint', 'mistakes', 'warnings' and 'findings'.")
    private boolean json;

    @Override
    public int run(Terminal terminal) throws Exception {
        JobConfig config;
        try {
            config = file.read(terminal);
        } catch (InvalidConfigException e) {
            if (!json) {
                throw e;
            }
            Json.print(terminal.out(), answer(false, null, Json.errors(e), List.of(), List.of()));
            return ExitCode.BAD_CONFIGURATION;
        }
        if (!json) {
            terminal.out().println(new ConfigSummary(config).text());
        }
        return check(config, terminal, offline, json);
    }

    /**
     * Checks against the service, unless offline, and prints warnings and findings. Returns the exit code, on which
     * warnings have no influence.
     */
    static int check(JobConfig config, Terminal terminal, boolean offline, boolean json) throws InterruptedException {
        List<String> warnings = Stream.of(MetricNames.collisions(config), PlainConnections.warnings(config))
                .flatMap(List::stream)
                .toList();
        List<Finding> findings =
                offline ? List.of() : new OnlineCheck(config, terminal.clients(), terminal.clock()).findings();
        long failed = findings.stream().filter(finding -> !finding.ok()).count();
        if (json) {
            Json.print(
                    terminal.out(),
                    answer(failed == 0, ConfigFingerprint.of(config).hex(), List.of(), warnings, findings));
        } else {
            warnings.forEach(warning -> terminal.out().println("Warning: " + warning + "\n"));
            print(terminal, offline, findings, failed);
        }
        return failed == 0 ? ExitCode.OK : ExitCode.NOT_CONFIRMED;
    }

    private static void print(Terminal terminal, boolean offline, List<Finding> findings, long failed) {
        if (offline) {
            terminal.out().println("No errors found. The service was not checked.");
            return;
        }
        terminal.out().println("Check");
        for (Finding finding : findings) {
            terminal.out()
                    .println((finding.warning() ? "  WARNING " : finding.ok() ? "  ok      " : "  FAILED  ")
                            + finding.subject() + ": " + finding.detail());
        }
        long warnings = findings.stream().filter(Finding::warning).count();
        terminal.out()
                .println((failed == 0
                                ? "\nAll checks passed"
                                : "\n" + failed + " of " + findings.size() + " checks failed")
                        + (warnings == 0 ? "." : ", with " + warnings + (warnings == 1 ? " warning." : " warnings.")));
    }

    private static Map<String, @Nullable Object> answer(
            boolean ok, @Nullable String fingerprint, List<?> errors, List<String> warnings, List<Finding> findings) {
        return Json.object(
                "ok",
                ok,
                "fingerprint",
                fingerprint,
                "mistakes",
                errors,
                "warnings",
                warnings,
                "findings",
                findings.stream()
                        .map(finding -> Json.object(
                                "subject",
                                finding.subject(),
                                "ok",
                                finding.ok(),
                                "warning",
                                finding.warning(),
                                "detail",
                                finding.detail()))
                        .toList());
    }
}
