package io.slsdispatch.local.settings;

import java.time.InstantSource;

/**
 * Settings of how requests are handled.
 *
 * @param clock source of the time
 * @param verifySignatures whether to verify the signatures of requests
 * @param behaviour behaviour where that of the service is unclear
 * @param assumptions switches for answers that clients do not assume
 * @param loadTest logstores for load tests
 */
public record ServiceSettings(
        InstantSource clock,
        boolean verifySignatures,
        Behaviour behaviour,
        Assumptions assumptions,
        LoadTest loadTest) {}
