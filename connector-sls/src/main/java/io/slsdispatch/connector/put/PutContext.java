package io.slsdispatch.connector.put;

import io.slsdispatch.connector.client.SlsClient;
import java.util.random.RandomGenerator;
import org.apache.flink.annotation.Internal;

/**
 * What an engine uses and does not own. Engines of one owner may share all of it: one thread, and one budget of bytes.
 *
 * @param client sends the requests; closed by its owner
 * @param thread on which everything happens
 * @param buffer the budget of bytes
 * @param metrics what is measured
 * @param random spreads retries
 */
@Internal
public record PutContext(
        SlsClient client, PutThread thread, InFlightBuffer buffer, PutMetrics metrics, RandomGenerator random) {}
