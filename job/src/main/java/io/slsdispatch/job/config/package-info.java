/**
 * Reads a file or environment variables into one checked {@link io.slsdispatch.job.config.JobConfig}, the only form of
 * the configuration that other packages use. {@link io.slsdispatch.job.config.ConfigReader} reads a tree by the options
 * in {@code job.config.options}, collects all errors and builds the records. Depends on those options, on
 * {@code job.rules} (which also fetches rules from outside the configuration) and on {@code job.yaml}; does not use
 * Flink and does no network I/O.
 */
@NullMarked
package io.slsdispatch.job.config;

import org.jspecify.annotations.NullMarked;
