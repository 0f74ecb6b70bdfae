package io.slsdispatch.e2e.cluster;

import java.io.UncheckedIOException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/**
 * When a test fails, dumps the threads of all clusters' processes beside their logs, prints the last lines of the logs,
 * and names the directories in the failure.
 */
final class LogsOnFailure
        implements LifecycleMethodExecutionExceptionHandler, TestExecutionExceptionHandler, AfterAllCallback {

    private static final int LINES = 60;
    private static final Queue<FlinkCluster> WATCHED = new ConcurrentLinkedQueue<>();

    /** From now on until the end of the test class this cluster's logs are printed with each failure. */
    static void watch(FlinkCluster cluster) {
        WATCHED.add(cluster);
    }

    @Override
    public void handleBeforeAllMethodExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        show(context.getDisplayName(), failure);
        throw failure;
    }

    @Override
    public void handleBeforeEachMethodExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        show(context.getDisplayName(), failure);
        throw failure;
    }

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        show(context.getDisplayName(), failure);
        throw failure;
    }

    /** Prints the last lines of a cluster's logs now, such as of one that did not start. */
    static void print(ClusterDirectory directory) {
        System.err.println(directory.logTails(LINES));
    }

    /** Shows what the clusters of this class do and did, and names the places of it in the failure. */
    static void show(String test, Throwable failure) {
        System.err.println("Logs of the clusters of " + test + ":");
        for (FlinkCluster cluster : WATCHED) {
            failure.addSuppressed(new Evidence(cluster));
            try {
                System.err.println(cluster.evidence(LINES));
            } catch (UncheckedIOException e) {
                failure.addSuppressed(e);
            }
        }
    }

    /** Names the place of the logs in what is printed of the failure. */
    private static final class Evidence extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Evidence(FlinkCluster cluster) {
            super("logs and thread dumps of the cluster: " + cluster.logs(), null, false, false);
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        WATCHED.clear();
    }
}
