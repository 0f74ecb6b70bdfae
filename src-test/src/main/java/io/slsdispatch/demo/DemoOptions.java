package io.slsdispatch.demo;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Options that the build passes to the demo. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields before they are read
final class DemoOptions {

    @Option(names = "--seconds", required = true, description = "how long logs are written, in seconds")
    int seconds;

    @Option(
            names = "--keep",
            arity = "1",
            description = "whether both pages stay open at the end until the demo is interrupted")
    boolean keep;

    @Option(names = "--job-jar", required = true, description = "the fat jar of the job")
    Path jobJar;

    @Option(names = "--sls-local-jar", required = true, description = "the runnable jar of SLS Local")
    Path slsLocalJar;

    @Option(names = "--directory", required = true, description = "where the demo writes its files")
    Path directory;
}
