package io.slsdispatch.local.settings;

import java.time.InstantSource;

/**
 * How requests are answered.
 *
 * @param clock tells the time
 * @param verifySignatures whether to check who sent a request
 * @param behaviour answers to open questions
 * @param loadTest logstores for measurements
 */
public record ServiceSettings(InstantSource clock, boolean verifySignatures, Behaviour behaviour, LoadTest loadTest) {}
