/**
 * From a file or environment variables to one checked {@link io.slsdispatch.job.config.JobConfig}: what everybody else sees
 * of the configuration. {@link io.slsdispatch.job.config.ConfigReader} reads a tree by the options in {@code
 * job.config.options}, collects every error and builds the records. Depends on those options, on {@code job.rules} (which
 * also fetches rules that are kept elsewhere) and on {@code job.yaml}; knows nothing of Flink and does no network I/O.
 */
@NullMarked
package io.slsdispatch.job.config;

import org.jspecify.annotations.NullMarked;
