/**
 * Forms of the results of commands: JSON for programs, tables for a terminal.
 */
@NullMarked
package io.slsdispatch.job.output;

import org.jspecify.annotations.NullMarked;
