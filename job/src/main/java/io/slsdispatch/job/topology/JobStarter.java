package io.slsdispatch.job.topology;

import io.slsdispatch.job.config.JobConfig;

/** Starter of the job on Flink. */
public interface JobStarter {

    /**
     * Submits the job, and waits for its end when Flink does so.
     *
     * @param progress receives a description of how Flink will run the job, before it starts
     * @throws RefusedException when Flink's settings and the configuration conflict
     * @throws Exception any exception that Flink throws
     */
    void start(JobConfig config, Progress progress) throws Exception;

    /** Receiver of messages for the user who starts the job. */
    @FunctionalInterface
    interface Progress {
        void line(String text);
    }

    /** Thrown for settings that conflict. The message names them and says what to do. */
    final class RefusedException extends Exception {

        private static final long serialVersionUID = 1L;

        public RefusedException(String message) {
            super(message);
        }
    }
}
