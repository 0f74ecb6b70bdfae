package io.slsdispatch.job.topology;

import io.slsdispatch.job.config.JobConfig;

/** Starts the job on Flink. */
public interface JobStarter {

    /**
     * Submits the job, and waits for its end where Flink does so.
     *
     * @param progress told how Flink will run the job, before it starts
     * @throws RefusedException when Flink's settings and the configuration do not go together
     * @throws Exception whatever Flink throws
     */
    void start(JobConfig config, Progress progress) throws Exception;

    /** Takes lines for the person who starts the job. */
    @FunctionalInterface
    interface Progress {
        void line(String text);
    }

    /** Settings that do not go together. The message says which, and what to do. */
    final class RefusedException extends Exception {

        private static final long serialVersionUID = 1L;

        public RefusedException(String message) {
            super(message);
        }
    }
}
