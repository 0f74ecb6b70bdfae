/**
 * The command {@code probe}: asks a service whether it behaves as this product assumes, see {@code docs/assumptions.md}.
 * Every request passes {@link io.slsdispatch.job.probe.MeteredCalls}, which keeps the announced bounds; everything that
 * the probe creates is created and deleted by {@link io.slsdispatch.job.probe.Scratch}.
 */
@NullMarked
package io.slsdispatch.job.probe;

import org.jspecify.annotations.NullMarked;
