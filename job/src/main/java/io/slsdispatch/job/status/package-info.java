/**
 * The command {@code status}: reads Flink's REST interface and says in one screen how the job is, and what is wrong.
 * {@link io.slsdispatch.job.status.StatusReader} collects a {@link io.slsdispatch.job.status.JobReport}, {@link
 * io.slsdispatch.job.status.Complaints} decides what is wrong, and two classes print it. Needs no Flink on the class path.
 */
@NullMarked
package io.slsdispatch.job.status;

import org.jspecify.annotations.NullMarked;
