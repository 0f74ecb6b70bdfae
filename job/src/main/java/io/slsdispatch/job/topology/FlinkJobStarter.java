package io.slsdispatch.job.topology;

import io.slsdispatch.job.config.JobConfig;
import org.apache.flink.client.program.ProgramParametrizationException;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Starts the job in the environment that Flink gives to the program. */
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
     * An exception to be thrown out of {@code main}: Flink's own command line prints its message as it is, without a stack
     * trace, and ends with a non-zero exit code.
     */
    public static RuntimeException refusal(String message) {
        return new ProgramParametrizationException(message);
    }
}
