package io.slsdispatch.e2e.cluster;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/** Prints the last lines of the logs of all clusters when a test fails. */
final class LogsOnFailure
        implements LifecycleMethodExecutionExceptionHandler, TestExecutionExceptionHandler, AfterAllCallback {

    private static final int LINES = 60;
    private static final Queue<ClusterDirectory> WATCHED = new ConcurrentLinkedQueue<>();

    /** From now on until the end of the test class this cluster's logs are printed with each failure. */
    static void watch(ClusterDirectory directory) {
        WATCHED.add(directory);
    }

    @Override
    public void handleBeforeAllMethodExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        print(context);
        throw failure;
    }

    @Override
    public void handleBeforeEachMethodExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        print(context);
        throw failure;
    }

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        print(context);
        throw failure;
    }

    /** Prints the last lines of a cluster's logs now, such as of one that did not start. */
    static void print(ClusterDirectory directory) {
        System.err.println(directory.logTails(LINES));
    }

    private static void print(ExtensionContext context) {
        System.err.println("Logs of the clusters of " + context.getDisplayName() + ":");
        WATCHED.forEach(LogsOnFailure::print);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        WATCHED.clear();
    }
}
