/**
 * Every option of the configuration: its key, the type of its value, its default and its description, each declared
 * once for the reader, the documentation and the JSON schema. Depends on {@code job.rules} for the options of rules and
 * on {@code job.yaml} for the types; {@code job.config} builds the records from the values.
 */
@NullMarked
package io.slsdispatch.job.config.options;

import org.jspecify.annotations.NullMarked;
