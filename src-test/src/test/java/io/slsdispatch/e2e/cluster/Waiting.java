package io.slsdispatch.e2e.cluster;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/** Waits for a state of the cluster, with a limit, and says in the failure what was awaited and what was seen last. */
final class Waiting {

    private static final Duration POLL_INTERVAL = Duration.ofMillis(200);

    private Waiting() {}

    /**
     * Looks until what it sees is as wanted. An unanswered or refused REST call counts as not yet: a cluster that
     * recovers gives such answers.
     *
     * @param what completes the sentence "waited for ..."
     * @param look called again and again from another thread; any other exception ends the wait
     * @return what was seen in the end
     * @throws org.awaitility.core.ConditionTimeoutException when the limit has passed
     */
    static <T> T waitFor(String what, Duration limit, Callable<T> look, Predicate<? super T> wanted) {
        return Awaitility.await(what)
                .atMost(limit)
                .pollDelay(Duration.ZERO)
                .pollInterval(POLL_INTERVAL)
                .ignoreExceptionsInstanceOf(RestException.class)
                .until(look, wanted);
    }
}
