/**
 * From a file or environment variables to one checked {@link io.slsdispatch.job.config.JobConfig}. The way of a value:
 * {@link io.slsdispatch.job.config.YamlFile} or {@link io.slsdispatch.job.config.ScriptVariables} give a tree of
 * {@link io.slsdispatch.job.config.ConfigNode}s that know where they were written; the options ({@code JobOptions},
 * {@code SourceOptions}, {@code TargetOptions}, {@code ConnectionOptions}, {@code RouteOptions}) say what may stand there;
 * {@link io.slsdispatch.job.config.ConfigReader} reads the tree by them, collects every mistake, and builds the records.
 * Knows nothing of Flink.
 */
@NullMarked
package io.slsdispatch.job.config;

import org.jspecify.annotations.NullMarked;
