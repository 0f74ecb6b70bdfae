package io.slsdispatch.job.status;

/**
 * One thing that is wrong, or that an operator should know.
 *
 * @param subject such as {@code target 'nginx'}
 * @param what happens, with the cause
 * @param when since when, the next attempt, and when the attempts end; may be empty
 * @param hint what to do; may be empty
 */
record Complaint(String subject, String what, String when, String hint) {}
