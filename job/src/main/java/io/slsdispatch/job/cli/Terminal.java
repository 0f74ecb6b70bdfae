package io.slsdispatch.job.cli;

import io.slsdispatch.connector.client.SlsClientFactory;
import io.slsdispatch.connector.config.ConnectionConfig;
import io.slsdispatch.job.yaml.InvalidConfigException;
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
 * @param json whether a machine reads what is asked for, so that what is wrong must be there, too
 */
record Terminal(
        Map<String, String> environment,
        Function<ConnectionConfig, SlsClientFactory> clients,
        Clock clock,
        PrintWriter out,
        PrintWriter err,
        boolean json) {

    /** What can be asked for besides starting the job. */
    interface SubCommand {

        /**
         * Does what was asked for.
         *
         * @return one of the {@link ExitCode}s
         * @throws InvalidConfigException when a configuration cannot be read; whoever calls tells it
         */
        int run(Terminal terminal) throws Exception;
    }

    /** The same, read by a machine or not. */
    Terminal answeringInJson(boolean inJson) {
        return new Terminal(environment, clients, clock, out, err, inJson);
    }

    /** Says what is wrong with what was asked for. Gives the exit code. */
    int refuse(String message) {
        return fail(ExitCode.BAD_CONFIGURATION, message);
    }

    /** Says why there is no answer. Gives the exit code. */
    int fail(int exitCode, String message) {
        warn(message);
        if (json) {
            Json.print(out, Json.object("error", message));
        }
        return exitCode;
    }

    /** Says what is wrong beside the answer. */
    void warn(String message) {
        err.println(message);
        err.flush();
    }
}
