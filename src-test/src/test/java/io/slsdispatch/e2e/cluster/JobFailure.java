package io.slsdispatch.e2e.cluster;

/**
 * One failure of a job, from its exception history.
 *
 * @param exception class of the exception that caused it
 * @param stackTrace with all causes
 * @param task name of the failed task; empty = the failure was not one task's
 */
public record JobFailure(String exception, String stackTrace, String task) {}
