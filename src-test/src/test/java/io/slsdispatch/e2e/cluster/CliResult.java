package io.slsdispatch.e2e.cluster;

import java.util.List;

/**
 * What one call of Flink's command line client gave.
 *
 * @param arguments the arguments after {@code flink}
 * @param exitCode of the client's process; 0 is success
 * @param out its standard output
 * @param err its standard error
 */
public record CliResult(List<String> arguments, int exitCode, String out, String err) {

    public CliResult {
        arguments = List.copyOf(arguments);
    }

    /** Both outputs, for a failure's message. */
    String describe() {
        return "flink %s%nexit code: %d%nstandard output:%n%s%nstandard error:%n%s"
                .formatted(String.join(" ", arguments), exitCode, out, err);
    }
}
