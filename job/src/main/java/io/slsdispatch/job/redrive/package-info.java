/**
 * Redrives dead letters, that is, sends them to their targets again, without Flink and without a job:
 * {@link io.slsdispatch.job.redrive.Redrive} reads them ({@code DeadLetterReader}), finds the target of each
 * ({@link io.slsdispatch.job.redrive.Destinations}), writes the original bytes ({@code Sender}) and stores its progress
 * in a file ({@link io.slsdispatch.job.redrive.RedriveState}).
 */
@NullMarked
package io.slsdispatch.job.redrive;

import org.jspecify.annotations.NullMarked;
