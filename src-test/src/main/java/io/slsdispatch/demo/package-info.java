/**
 * The demo: SLS Local in its own process, the fat jar's job in a local Flink, realistic logs through both, and a
 * reconciliation of what went in with what came out.
 */
@NullMarked
package io.slsdispatch.demo;

import org.jspecify.annotations.NullMarked;
