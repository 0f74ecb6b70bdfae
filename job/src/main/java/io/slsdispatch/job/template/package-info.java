/**
 * Names of the logstores of targets by template: {@link io.slsdispatch.job.template.NameTemplate} is the value of
 * {@code logstore}, {@link io.slsdispatch.job.template.AllowedNames} checks the list {@code allow}, and
 * {@link io.slsdispatch.job.template.LogstoreNames} applies both to a log group. Depends on rules only; knows neither
 * Flink nor the configuration.
 */
@NullMarked
package io.slsdispatch.job.template;

import org.jspecify.annotations.NullMarked;
