/**
 * The demo: runs SLS Local in its own process and the fat jar's job in a local Flink, sends realistic logs through
 * both, and reconciles the groups of the source with those of the targets.
 */
@NullMarked
package io.slsdispatch.demo;

import org.jspecify.annotations.NullMarked;
