/**
 * What every sender of log groups has in common, without Flink: what an answer to a put means, whether a target takes
 * lists of groups, and which group of a refused list is at fault.
 */
@NullMarked
package io.slsdispatch.connector.put;

import org.jspecify.annotations.NullMarked;
