package io.slsdispatch.connector.sink;

import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.config.RetryPolicy;
import io.slsdispatch.connector.put.PutErrors;
import io.slsdispatch.connector.put.PutErrors.Meaning;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Says after a failure how long to wait before the request is sent again, and when it is enough. Task thread only. */
final class Retries {

    /** A group whose error code is unknown is tried a few times; they take seconds, whatever the back-off. */
    private static final Duration LONGEST_FOR_UNKNOWN = Duration.ofSeconds(1);

    private final RetryPolicy policy;
    private final SinkFailures failures;
    private final SinkWarnings warnings;
    private final Failure failure;

    Retries(RetryPolicy policy, SinkFailures failures, SinkWarnings warnings, Failure failure) {
        this.policy = policy;
        this.failures = failures;
        this.warnings = warnings;
        this.failure = failure;
    }

    /**
     * How long to wait after a failure that may pass by itself.
     *
     * @throws IOException when it has lasted too long
     */
    Duration afterPassing(Request request, SlsException error, long now) throws IOException {
        request.failed(now);
        Duration giveUpAfter = policy.giveUpAfter();
        if (giveUpAfter != null && request.failingFor() >= giveUpAfter.toNanos()) {
            failure.fail(failures.gaveUpAfter(giveUpAfter, error));
        }
        warnings.mayPass(request, error);
        return delay(request);
    }

    /**
     * How long to wait after a failure that an operator has to put right, or that may be about the group.
     *
     * @throws IOException when it has lasted too long
     */
    Duration afterDenial(Request request, Meaning meaning, SlsException error, long now) throws IOException {
        request.denied(now);
        if (request.deniedFor() >= policy.grace().toNanos()) {
            failure.fail(failures.deniedFor(policy.grace(), meaning, error));
        }
        warnings.denied(request, error);
        Duration delay = delay(request);
        boolean decidesSoon = meaning == Meaning.UNKNOWN && request.unknown().tries() < PutErrors.TRIES_OF_UNKNOWN;
        return decidesSoon && delay.compareTo(LONGEST_FOR_UNKNOWN) > 0 ? LONGEST_FOR_UNKNOWN : delay;
    }

    private Duration delay(Request request) {
        return policy.backoff().delay(request.failures(), ThreadLocalRandom.current());
    }
}
