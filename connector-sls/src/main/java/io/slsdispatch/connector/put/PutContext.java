package io.slsdispatch.connector.put;

import io.slsdispatch.connector.client.SlsClient;
import java.util.random.RandomGenerator;
import org.apache.flink.annotation.Internal;

/**
 * The resources that an engine uses and does not own. Engines of one owner may share all of them: one thread, and one
 * byte budget.
 *
 * @param client sends the requests; its owner closes it
 * @param thread on which the engine runs
 * @param buffer the byte budget
 * @param metrics receives the measurements
 * @param random adds jitter to retries
 */
@Internal
public record PutContext(
        SlsClient client, PutThread thread, InFlightBuffer buffer, PutMetrics metrics, RandomGenerator random) {}
