/** The files of {@code conf/flink}, {@code conf/kubernetes}, {@code conf/docker} and {@code conf/ram}, and what the documents say. */
@NullMarked
package io.slsdispatch.e2e.deployment;

import org.jspecify.annotations.NullMarked;
