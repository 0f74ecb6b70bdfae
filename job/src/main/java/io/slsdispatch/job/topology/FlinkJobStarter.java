package io.slsdispatch.job.topology;

import io.slsdispatch.job.config.JobConfig;
import io.slsdispatch.job.config.PlainConnections;
import io.slsdispatch.job.output.OwnJar;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.client.program.ProgramParametrizationException;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.JobListener;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Job starter that uses the environment that Flink provides to the program. */
public final class FlinkJobStarter implements JobStarter {

    private static final Logger LOG = LoggerFactory.getLogger(FlinkJobStarter.class);

    @Override
    public void start(JobConfig config, Progress progress) throws Exception {
        // In application mode, what the program prints is in no log file.
        PlainConnections.warnings(config).forEach(warning -> LOG.warn("{}", warning));
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        try {
            new DistributionTopology(config, new SlsConnectors()).addTo(env);
        } catch (IllegalArgumentException e) {
            throw new RefusedException(String.valueOf(e.getMessage()));
        }
        ExecutionSettings settings = new ExecutionSettings(config);
        String name =
                settings.name(env, "sls-dispatch " + config.source().config().logstore());
        progress.line("Flink  " + name);
        progress.line(settings.describe(env));
        env.registerJobListener(new StatusHint(env.getConfiguration(), progress));
        env.execute(name);
    }

    /**
     * Prints the command that shows how the job is, once it is submitted. The address of Flink is the one that the
     * client uses; behind a proxy it may be another.
     */
    private record StatusHint(ReadableConfig flink, Progress progress) implements JobListener {

        @Override
        public void onJobSubmitted(@Nullable JobClient job, @Nullable Throwable failure) {
            if (job != null) {
                String address = flink.getOptional(RestOptions.ADDRESS).orElse("127.0.0.1");
                progress.line("  status: java -jar " + OwnJar.inCommands() + " status --flink http://" + address + ":"
                        + flink.get(RestOptions.PORT) + " --job " + job.getJobID());
            }
        }

        @Override
        public void onJobExecuted(@Nullable JobExecutionResult result, @Nullable Throwable failure) {}
    }

    /**
     * Creates an exception to throw from {@code main}: Flink's own command line prints its message unchanged, without a
     * stack trace, and exits with a non-zero code.
     */
    public static RuntimeException refusal(String message) {
        return new ProgramParametrizationException(message);
    }
}
