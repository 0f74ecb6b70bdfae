package io.slsdispatch.e2e.cluster;

import io.slsdispatch.e2e.cluster.sequence.SequenceJob;
import java.nio.file.Path;
import java.util.Map;

/** Submissions of the rig's own small job. */
final class SequenceJobs {

    /** What JobManager or client, and the TaskManagers, must have in their environment. */
    static final Map<String, String> SECRET = Map.of(SequenceJob.VARIABLE, "open sesame");

    private SequenceJobs() {}

    /** A job that counts in as many ranges as its parallelism, its jar written into the folder. */
    static Submission in(Path folder, int parallelism) {
        return Submission.of(JarOfClasses.write(folder.resolve("sequence.jar"), SequenceJob.classes()))
                .withMainClass(SequenceJob.class)
                .withArguments(Integer.toString(parallelism), "200", SECRET.get(SequenceJob.VARIABLE))
                .withParallelism(parallelism);
    }
}
