package io.slsdispatch.job.cli;

import io.slsdispatch.job.config.BadConfigurationException;

/** What can be asked for beside starting the job. */
interface SubCommand {

    /**
     * Does what was asked for.
     *
     * @return one of the {@link ExitCode}s
     * @throws BadConfigurationException when a configuration cannot be read; whoever calls tells it
     */
    int run(Terminal terminal) throws Exception;
}
