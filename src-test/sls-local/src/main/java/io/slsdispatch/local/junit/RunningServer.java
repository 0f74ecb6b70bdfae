package io.slsdispatch.local.junit;

import io.slsdispatch.local.SlsLocal;
import io.slsdispatch.local.SlsLocalOptions;
import io.slsdispatch.local.SlsLocalOptions.NewLogstore;
import io.slsdispatch.local.fault.Faults;
import io.slsdispatch.local.wire.Refusal;
import java.io.IOException;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.ReflectionSupport;

/**
 * A server of {@link WithSlsLocal}. JUnit closes it at the end of the class or test in whose store it is, whatever happened
 * there. Safe for use by tests that run in parallel.
 */
@SuppressWarnings("deprecation") // JUnit before 5.13 closes no other type.
final class RunningServer implements ExtensionContext.Store.CloseableResource, AutoCloseable {

    private final SlsLocal server;

    private int testsRunning;
    private Set<Long> faultsOfTheClass = Set.of();

    private RunningServer(SlsLocal server) {
        this.server = server;
    }

    static RunningServer start(WithSlsLocal wanted) {
        try {
            SlsLocalOptions.Builder options = SlsLocalOptions.builder()
                    .threads(1)
                    .verifySignatures(wanted.verifySignatures())
                    .recordRequests(wanted.recordRequests());
            for (String logstore : wanted.logstores()) {
                options.logstore(NewLogstore.parse(logstore));
            }
            ReflectionSupport.newInstance(wanted.options()).accept(options);
            return new RunningServer(SlsLocal.start(options.build()));
        } catch (IOException | IllegalArgumentException | Refusal wrong) {
            throw new ExtensionConfigurationException("SLS Local cannot start: " + wrong.getMessage(), wrong);
        }
    }

    SlsLocal server() {
        return server;
    }

    /** From now on, faults that are switched on are those of a test. */
    synchronized void testBegins() {
        if (testsRunning == 0) {
            faultsOfTheClass =
                    server.faults().list().stream().map(Faults.View::id).collect(Collectors.toSet());
        }
        testsRunning++;
    }

    synchronized void testEnds() {
        testsRunning--;
        if (testsRunning == 0) {
            server.faults().list().stream()
                    .map(Faults.View::id)
                    .filter(id -> !faultsOfTheClass.contains(id))
                    .forEach(server.faults()::remove);
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
