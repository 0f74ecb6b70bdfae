package io.slsdispatch.job.redrive;

import io.slsdispatch.connector.deadletter.DeadLetter;
import io.slsdispatch.job.config.JobConfig.Target;

/**
 * A letter and where it goes.
 *
 * @param id of the letter, which takes a digest of all of it to tell
 */
record Addressed(String id, DeadLetter letter, Target target) {}
