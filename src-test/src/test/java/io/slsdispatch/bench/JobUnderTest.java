package io.slsdispatch.bench;

import io.slsdispatch.e2e.cluster.ClusterJob;
import java.io.IOException;
import java.util.List;

/** The fat jar's job, on a {@link JobCluster}. Ends with its {@link #close}; the cluster goes on. */
final class JobUnderTest implements Subject {

    private final JobCluster cluster;
    private final ClusterJob job;
    private final long submittedAt;

    JobUnderTest(JobCluster cluster, ClusterJob job, long submittedAt) {
        this.cluster = cluster;
        this.job = job;
        this.submittedAt = submittedAt;
    }

    /** When its jar was sent, of {@link System#nanoTime()}. */
    long submittedAt() {
        return submittedAt;
    }

    ClusterJob job() {
        return job;
    }

    @Override
    public List<Long> pids() {
        return cluster.pids();
    }

    @Override
    public double peakRssMegabytes() throws IOException {
        return ProcessUsage.peakRssMegabytes(cluster.taskManager());
    }

    @Override
    public GcLog.Totals garbage() throws IOException {
        return cluster.gcLog().read();
    }

    /** @throws IllegalStateException when the job has failed meanwhile */
    @Override
    public void check() {
        if (!job.failures().isEmpty()) {
            throw new IllegalStateException(
                    "the job has failed: " + job.failures().get(0).stackTrace());
        }
    }

    @Override
    public void close() {
        job.cancel();
    }
}
