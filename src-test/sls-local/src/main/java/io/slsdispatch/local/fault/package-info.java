/** Faults on demand: what goes wrong, for which calls, how often. Never on by default. */
@NullMarked
package io.slsdispatch.local.fault;

import org.jspecify.annotations.NullMarked;
