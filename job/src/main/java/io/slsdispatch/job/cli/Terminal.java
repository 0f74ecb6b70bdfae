package io.slsdispatch.job.cli;

import io.slsdispatch.connector.client.SlsClientFactory;
import io.slsdispatch.connector.config.ConnectionConfig;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.Map;
import java.util.function.Function;

/**
 * Where a command runs.
 *
 * @param environment replaces the variables of a configuration
 * @param clients the way to the service
 * @param clock of this machine
 * @param out for what was asked for
 * @param err for what is wrong, and for progress that is no part of an answer
 */
record Terminal(
        Map<String, String> environment,
        Function<ConnectionConfig, SlsClientFactory> clients,
        Clock clock,
        PrintWriter out,
        PrintWriter err) {

    /** Says what is wrong with what was asked for. Gives the exit code. */
    int refuse(String message) {
        err.println(message);
        err.flush();
        return ExitCode.BAD_CONFIGURATION;
    }
}
