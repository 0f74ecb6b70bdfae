package io.slsdispatch.job.topology;

import io.slsdispatch.job.config.JobConfig;
import org.apache.flink.client.program.ProgramParametrizationException;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Job starter that uses the environment that Flink provides to the program. */
public final class FlinkJobStarter implements JobStarter {

    @Override
    public void start(JobConfig config, Progress progress) throws Exception {
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
        env.execute(name);
    }

    /**
     * Creates an exception to throw from {@code main}: Flink's own command line prints its message unchanged, without a
     * stack trace, and exits with a non-zero code.
     */
    public static RuntimeException refusal(String message) {
        return new ProgramParametrizationException(message);
    }
}
