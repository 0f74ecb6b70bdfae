/** Fault injection: which effect applies to which calls, and how often. No fault is on by default. */
@NullMarked
package io.slsdispatch.local.fault;

import org.jspecify.annotations.NullMarked;
