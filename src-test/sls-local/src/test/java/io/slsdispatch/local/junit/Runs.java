package io.slsdispatch.local.junit;

import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.local.SlsLocal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** Runs classes of tests with JUnit, and knows which servers they have seen. */
final class Runs {

    private static final Collection<Seen> SEEN = new ConcurrentLinkedQueue<>();

    private Runs() {}

    /** A server that a part of a test has seen. */
    private record Seen(String by, SlsLocal server, int port) {}

    /** Called by tests that are run. */
    static void saw(String by, SlsLocal server) {
        SEEN.add(new Seen(by, server, server.port()));
    }

    /**
     * What became of a run.
     *
     * @param servers the servers that were seen, by who has seen them, in order
     * @param failures the messages of failures
     */
    record Outcome(long succeeded, Map<String, List<SlsLocal>> servers, List<String> failures) {

        /** The servers that a part of the tests has seen. */
        List<SlsLocal> of(String by) {
            return servers.getOrDefault(by, List.of());
        }

        /** All servers that were seen, each once. */
        Stream<SlsLocal> all() {
            return servers.values().stream().flatMap(List::stream).distinct();
        }
    }

    /** Runs classes one after another. */
    static Outcome run(Class<?>... classes) {
        return run(Map.of(), classes);
    }

    /** Runs all tests of classes at the same time. */
    static Outcome runInParallel(Class<?>... classes) {
        return run(
                Map.of(
                        "junit.jupiter.execution.parallel.enabled", "true",
                        "junit.jupiter.execution.parallel.mode.default", "concurrent",
                        "junit.jupiter.execution.parallel.config.strategy", "fixed",
                        "junit.jupiter.execution.parallel.config.fixed.parallelism", "8"),
                classes);
    }

    private static Outcome run(Map<String, String> settings, Class<?>... classes) {
        SEEN.clear();
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(
                        Stream.of(classes).map(DiscoverySelectors::selectClass).toList())
                .configurationParameters(settings)
                .build();
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherFactory.create().execute(request, listener);
        TestExecutionSummary summary = listener.getSummary();
        List<String> failures = summary.getFailures().stream()
                .map(failure -> failure.getException().toString())
                .toList();
        assertThat(SEEN.stream().map(Seen::port)).allSatisfy(Runs::assertClosed);
        Map<String, List<SlsLocal>> servers = SEEN.stream()
                .collect(Collectors.groupingBy(
                        Seen::by, Collectors.mapping(Seen::server, Collectors.toCollection(ArrayList::new))));
        return new Outcome(summary.getTestsSucceededCount(), servers, failures);
    }

    private static void assertClosed(int port) {
        boolean open;
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            open = socket.isConnected();
        } catch (IOException refused) {
            open = false;
        }
        assertThat(open).as("a server still listens on port %s", port).isFalse();
    }
}
