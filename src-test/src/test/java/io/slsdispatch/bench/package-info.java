/**
 * Benchmarks, run by {@code mvn verify -Pbench}: SLS Local and a Flink cluster with the fat jar's job, each in processes of
 * their own, beside a loop over the official SDK and a floor that no forwarder can pass. {@code Bench} is the entry;
 * each class whose name ends in {@code Bench} answers one question.
 */
package io.slsdispatch.bench;
