package io.slsdispatch.job.cli;

import io.slsdispatch.job.config.ConfigSchema;
import picocli.CommandLine.Command;

/** Gives editors what they need to help with a configuration. */
@Command(
        name = "schema",
        description = {
            "Prints the JSON schema of the configuration file, with which editors complete keys and show what they mean. It"
                    + " finds mistakes of form only; 'check' finds all."
        })
final class SchemaCommand implements SubCommand {

    @Override
    public int run(Terminal terminal) {
        Json.print(terminal.out(), ConfigSchema.root());
        return ExitCode.OK;
    }
}
