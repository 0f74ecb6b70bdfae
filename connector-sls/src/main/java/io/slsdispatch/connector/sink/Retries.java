package io.slsdispatch.connector.sink;

import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.config.RetryPolicy;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Says after a failure how long to wait before the request is sent again, and when it is enough. Task thread only. */
final class Retries {

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
        if (giveUpAfter != null && request.failingFor(now) >= giveUpAfter.toNanos()) {
            failure.fail(failures.gaveUpAfter(giveUpAfter, error));
        }
        warnings.mayPass(request, error);
        return delay(request);
    }

    /**
     * How long to wait after a failure that somebody has to put right.
     *
     * @throws IOException when it has lasted too long
     */
    Duration afterDenial(Request request, SlsException error, long now) throws IOException {
        request.denied(now);
        if (request.deniedFor(now) >= policy.grace().toNanos()) {
            failure.fail(failures.deniedFor(policy.grace(), error));
        }
        warnings.denied(request, error);
        return delay(request);
    }

    private Duration delay(Request request) {
        return policy.backoff().delay(request.failures(), ThreadLocalRandom.current());
    }
}
