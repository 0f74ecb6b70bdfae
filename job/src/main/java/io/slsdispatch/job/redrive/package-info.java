/**
 * Brings dead letters back to their targets, without Flink and without a job: {@link io.slsdispatch.job.redrive.Redrive}
 * reads them ({@code DeadLetterReader}), finds where each belongs ({@link io.slsdispatch.job.redrive.Destinations}), writes the
 * original bytes ({@code Sender}) and keeps in a file how far it came
 * ({@link io.slsdispatch.job.redrive.RedriveState}).
 */
@NullMarked
package io.slsdispatch.job.redrive;

import org.jspecify.annotations.NullMarked;
